"""How figures are shown: the median and the range of the runs, never one figure alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement of one case."""

    rate: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    server_cores: float | None = None
    client_cores: float | None = None
    foreign_cores: float | None = None
    """What others on this machine used meanwhile; much of it spoils a run."""
    attempts: int = 1
    """How often it was run, since others disturbed it."""

    @property
    def server_us(self) -> float | None:
        """The server's CPU (in process: that of all threads), in microseconds a request."""
        return None if self.server_cores is None else self.server_cores * 1e6 / self.rate

    def after(self, attempts: int) -> "Run":
        """The same run, of so many attempts."""
        return replace(self, attempts=attempts)


HEADINGS = (
    "case",
    "req/s",
    "min..max",
    "p50 ms",
    "p99 ms",
    "server",
    "client",
    "others",
    "server us/req",
    "runs",
)


def of_runs(cases: Iterable[tuple[str, Sequence[Run]]]) -> str:
    """The table: one case a line."""
    return aligned(rows(cases))


def rows(cases: Iterable[tuple[str, Sequence[Run]]]) -> list[tuple[str, ...]]:
    """Headings, and one case a row."""
    return [HEADINGS, *(_row(name, runs) for name, runs in cases)]


def ratios(above: Sequence[Run], below: Sequence[Run]) -> list[float]:
    """The ratios of the rates of paired runs."""
    return [a / b for a, b in zip(rates(above), rates(below), strict=True)]


def ratio(above: Sequence[float], below: Sequence[float]) -> tuple[float, float, float]:
    """Median, least and greatest of the ratios of paired runs."""
    ratios = [a / b for a, b in zip(above, below, strict=True)]
    return median(ratios), min(ratios), max(ratios)


def rates(runs: Sequence[Run]) -> list[float]:
    """The rates of runs."""
    return [run.rate for run in runs]


def server_us(runs: Sequence[Run]) -> list[float]:
    """The server's CPU a request, of runs in which it is known."""
    return [run.server_us for run in runs if run.server_us is not None]


def spread(values: Sequence[float], digits: int = 2) -> str:
    """A median, its extremes behind it."""
    middle, least, most = median(values), min(values), max(values)
    if least == most:
        return f"{middle:,.{digits}f}"
    return f"{middle:,.{digits}f} ({least:,.{digits}f}..{most:,.{digits}f})"


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a table of a page; the first column to the left, the others to the right."""
    head, *rest = rows
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rest))


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as columns; the first to the left, the others to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _row(name: str, runs: Sequence[Run]) -> tuple[str, ...]:
    rate = rates(runs)
    return (
        name,
        f"{median(rate):,.0f}",
        f"{min(rate):,.0f}..{max(rate):,.0f}",
        _median(run.p50_ms for run in runs),
        _median(run.p99_ms for run in runs),
        _median(run.server_cores for run in runs),
        _median(run.client_cores for run in runs),
        _median(run.foreign_cores for run in runs),
        _median((run.server_us for run in runs), digits=0),
        _number(runs),
    )


def _number(runs: Sequence[Run]) -> str:
    """How many runs count; with a plus, how many more were disturbed and repeated."""
    more = sum(run.attempts - 1 for run in runs)
    return f"{len(runs)}+{more}" if more else str(len(runs))


def _median(values: Iterable[float | None], digits: int = 2) -> str:
    measured = [value for value in values if value is not None]
    return f"{median(measured):.{digits}f}" if measured else "-"
