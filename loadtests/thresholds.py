"""What a load run must keep, written as `p95(flow) < 30s` or `failed(authorize) <= 1%`.

Percentiles follow from Locust's counts, which have latencies from a second on in two digits.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prakerja_sim.loadtests import operations
from prakerja_sim.loadtests.errors import BadThreshold
from prakerja_sim.loadtests.locust_counts import FLOW, Row, merged, percentile

PERCENTILES = {"p50": 50, "p95": 95, "p99": 99}
FAILED = "failed"
METRICS = (*PERCENTILES, FAILED)
MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000}
_FORM = re.compile(
    r"\s*(?P<metric>\w+)\s*(?:\(\s*(?P<of>[^()]*?)\s*\))?\s*(?P<sign>[^\s\w().]+)\s*(?P<value>\S.*?)\s*"
)
_VALUE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z%]*)")
EXAMPLE = "write such as 'p95(flow) < 30s' or 'failed(authorize) <= 1%'"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One limit: milliseconds for a percentile; for `failed` a number, or a percentage if `percent`."""

    text: str
    metric: str
    of: str
    """`flow`, or an operation."""
    inclusive: bool
    limit: float
    percent: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value is within the limit."""
        return value <= self.limit if self.inclusive else value < self.limit

    def shown(self, value: float) -> str:
        """A value with the unit of this limit."""
        if self.metric == FAILED:
            return f"{value:.2f} %" if self.percent else f"{value:.0f}"
        return f"{value:,.0f} ms"


@dataclass(frozen=True, slots=True)
class Judged:
    """What was measured for a threshold; `value` is None where nothing was."""

    threshold: Threshold
    kept: bool
    value: float | None
    told: str


def read(text: str) -> Threshold:
    """A threshold as it is written; raises BadThreshold with the place and the remedy."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise BadThreshold(f"--threshold {text!r}: is no METRIC(OPERATION) < VALUE; {EXAMPLE}")
    metric, of, sign = form["metric"], form["of"], form["sign"]
    if metric not in METRICS:
        raise BadThreshold(f"--threshold {text!r}: there is no metric {metric!r}; write {_one_of(METRICS)}")
    if not of:
        raise BadThreshold(
            f"--threshold {text!r}: {metric} of what? Write {metric}({FLOW}), or such as {metric}(authorize)"
        )
    if sign not in ("<", "<="):
        raise BadThreshold(f"--threshold {text!r}: {sign!r} is no comparison; write < or <=")
    limit, unit = _value(text, form["value"])
    if metric == FAILED and unit not in ("", "%"):
        raise BadThreshold(
            f"--threshold {text!r}: {FAILED} has no unit {unit!r}; write a number, or a share such as 1%"
        )
    if metric in PERCENTILES and unit not in MILLISECONDS:
        remedy = f"{form['value'].rstrip('%')}s or {form['value'].rstrip('%')}ms"
        raise BadThreshold(
            f"--threshold {text!r}: a time has a unit, one of ms, s, m; write such as {remedy}"
        )
    return Threshold(text, metric, of, sign == "<=", limit * MILLISECONDS.get(unit, 1), unit == "%")


def check(limits: Iterable[Threshold]) -> None:
    """Refuse an operation that no party has; raises BadThreshold.  For runs with our own users only."""
    for limit in limits:
        near = operations.nearest(limit.of)
        if near:
            raise BadThreshold(f"--threshold {limit.text!r}: there is no operation {limit.of!r}; {near}")


def judge(limits: Iterable[Threshold], rows: Sequence[Row]) -> list[Judged]:
    """Judge all limits by what Locust counted; where nothing was measured, the limit is not kept."""
    return [_judged(limit, operations.rows_of(limit.of, rows), rows) for limit in limits]


def _judged(limit: Threshold, measured: Sequence[Row], rows: Sequence[Row]) -> Judged:
    requests = sum(row.requests for row in measured)
    if not requests:
        there = ", ".join(sorted(operations.words_of(rows))[:12]) or "nothing"
        return Judged(limit, False, None, f"{limit.of} was never measured; there is {there}")
    if limit.metric == FAILED:
        failed = sum(row.failures for row in measured)
        value = 100 * failed / requests if limit.percent else float(failed)
        told = f"{failed:,} of {requests:,} failed"
    else:
        value = percentile(merged(measured), PERCENTILES[limit.metric])
        told = f"{limit.metric} of {requests:,} is {limit.shown(value)}"
    return Judged(limit, limit.holds(value), value, told)


def _value(text: str, written: str) -> tuple[float, str]:
    value = _VALUE.fullmatch(written)
    if value is None:
        raise BadThreshold(f"--threshold {text!r}: {written!r} is no number with a unit; {EXAMPLE}")
    return float(value["number"]), value["unit"]


def _one_of(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
