"""The page of benchmarks, written from what was measured; nothing on it is written by hand."""

from collections.abc import Iterable, Iterator, Mapping

from prakerja_sim.loadtests.bench import table
from prakerja_sim.loadtests.bench.results import Machine, Part, Table
from prakerja_sim.loadtests.bench.rounds import ATTEMPTS, FOREIGN_CORES
from prakerja_sim.loadtests.bench.targets import TARGETS
from prakerja_sim.simulator import VERSION

HEAD = f"""# Benchmarks

Measured with prakerja-sim {VERSION}. `make bench` writes this page. `make bench ONLY="payments flows"`
measures these parts again and keeps the others. Figures differ from machine to machine and from day to
day: compare them within one table, where the cases were measured in turn (A B, then B A).

- A figure is the median of the rounds; behind it are the smallest and the largest one.
- `server`, `client` and `others` are the cores that each of them used; `others` is everybody else on
  the machine. A run in which others used more than {FOREIGN_CORES:g} cores is repeated, {ATTEMPTS}
  attempts at most. The least disturbed attempt counts. `runs` says how many count and, after a plus,
  how many more were disturbed.
- "Server on core 0, client on core 1": the server has one core, the client has another one. The client
  is a small one of our own. Its column shows that it was not the bottleneck.
- `LMDB` is durable: the answer comes when the data are on the disk. `LMDB relaxed` may lose the last
  second or two when the power is cut. `memory` keeps nothing.
- After each run of payments the books are checked. A run with one wrong rupiah or one failed request is
  no figure.
"""
ABOUT = {
    "payments": "A purchase is two signed requests, send-otp and authorize. Empty Flask and raw WSGI get the "
    "same bytes, check nothing and keep nothing: they show what HTTP alone costs.",
    "free": "The same with all cores, as everybody starts it.",
    "operations": "Each operation from many connections at once.",
    "flows": "Enrol, sign up, buy, learn, get the certificate, review: 23 requests; several people at once.",
    "process": "The whole application without a socket, its client included, and the core alone.",
    "people": "Newcomers are enrolled and buy (3 requests) where so many people are already.",
    "sandboxes": "The same newcomers in one sandbox, and each in the next of many.",
    "time": "The same newcomers for a long time in one sandbox.",
    "start": "From the command to the first answer of /readyz, on a store that exists already.",
    "timeline": "The server remembers the last exchanges of each sandbox. `--timeline 0` switches that off.",
    "peers": "The nearest thing that each program does. None of them knows the programme. Those that "
    "answer a text or an example keep no state: a ratio below 1 shows what rules, books and a durable store "
    "cost. None of them writes a line for each request. We write one.",
    "before": "This tree beside an older one, in turn.",
}
"""What each part is, in the order of the page."""


def written(parts: Mapping[str, Part]) -> str:
    """The page."""
    known = [parts[name] for name in ABOUT if name in parts]
    sections = [HEAD, *_machines(known), *_targets(known)]
    for part in known:
        sections += _section(part)
    return "\n".join(sections).rstrip() + "\n"


def shown(part: Part) -> str:
    """A part as text for a terminal."""
    lines = [f"{part.name}: {part.setting}"]
    for one in part.tables:
        lines += ["", one.title, table.aligned(_rows(one))]
    lines += ["", *part.notes, *(" ".join(row) for row in _verdicts([part]))]
    return "\n".join(lines) + "\n"


def missed(parts: Iterable[Part]) -> list[str]:
    """The targets that were not reached, each in a sentence."""
    return [
        f"{part.name}: {TARGETS[one.target].what}: {one.middle:.2f}, must be {TARGETS[one.target].bound}"
        for part in parts
        for one in part.verdicts
        if not TARGETS[one.target].reached(one)
    ]


def _machines(parts: Iterable[Part]) -> Iterator[str]:
    """Each machine and Python once, with the parts that were measured there."""
    where: dict[Machine, list[str]] = {}
    for part in parts:
        where.setdefault(part.machine, []).append(part.name)
    yield "## Where\n"
    for machine, names in where.items():
        place = f"{machine.cores} cores of {machine.cpu}, {machine.system}, {machine.python}"
        yield f"- {', '.join(names)}: {place}; {machine.packages}."
    yield ""


def _targets(parts: Iterable[Part]) -> Iterator[str]:
    rows = _verdicts(parts)
    if rows:
        head = ("target", "must be", "is", "", "source")
        yield f"## Targets\n\n{table.markdown([head, *rows])}\n"


def _verdicts(parts: Iterable[Part]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for part in parts:
        for one in part.verdicts:
            target = TARGETS[one.target]
            word = "reached" if target.reached(one) else "**missed**"
            reached = table.spread([one.low, one.middle, one.high])
            rows.append((target.what, target.bound, reached, word, target.source))
    return rows


def _section(part: Part) -> Iterator[str]:
    yield f"## {part.name.capitalize()}\n"
    yield ABOUT[part.name] + "\n"
    day = f"{part.at:%d %B %Y %H:%M} WIB"
    yield f"{day}; {part.setting}; {part.load:.1f} processes wanted a core before it began.\n"
    for one in part.tables:
        if one.rows or one.figures:
            yield f"### {one.title}\n\n{table.markdown(_rows(one))}\n"
    if part.notes:
        yield "\n".join(f"- {note}." for note in part.notes) + "\n"


def _rows(one: Table) -> list[tuple[str, ...]]:
    if one.rows:
        return table.rows((row.case, row.runs) for row in one.rows)
    return [("what", "unit", "is"), *((f.what, f.unit, table.spread(f.values)) for f in one.figures)]
