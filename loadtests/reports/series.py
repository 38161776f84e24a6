"""A run over time, as the columns of its plots."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prakerja_sim.loadtests.asked import Result
from prakerja_sim.loadtests.journeys import Journey
from prakerja_sim.loadtests.locust_counts import percentile
from prakerja_sim.loadtests.samples import Sample

MOST_POINTS = 120
LEAST_SECONDS = 2.0
PERCENTILES = (50, 95, 99)
Column = list[float | None]


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot: its title, what its lines are called, and the columns, the seconds first.

    With names of stages it has bars, and all columns are lines of their own.
    """

    title: str
    unit: str
    lines: Sequence[str]
    columns: Sequence[Column]
    stages: Sequence[str] = ()

    def data(self) -> dict[str, Any]:
        """For the page."""
        columns = [list(range(len(self.stages))), *self.columns] if self.stages else self.columns
        told = {"title": self.title, "unit": self.unit, "lines": self.lines, "columns": columns}
        return {**told, "stages": self.stages}


def plots(result: Result) -> list[Plot]:
    """All plots of a run; none if it was over before anybody looked."""
    spans = _spans(result.samples)
    if not spans:
        return []
    seconds: Column = [round(last.at, 1) for _, last, _ in spans]
    users: Column = [last.users for _, last, _ in spans]
    flows, requests, failures = (
        [_rate(first, last, *names) for first, last, _ in spans]
        for names in (("flows",), ("requests",), ("request_failures", "flow_failures"))
    )
    workers = sorted({name for one in result.samples for name in one.cpu})
    cpu: list[Column] = [[last.cpu.get(name) for _, last, _ in spans] for name in workers]
    found = [
        Plot("Flows finished or broken, a second", "", ["flows/s"], [seconds, flows]),
        Plot(
            "How long a flow takes",
            "ms",
            [f"p{one}" for one in PERCENTILES],
            [seconds, *_times(spans, "flow_ms")],
        ),
        Plot("Users", "", ["users"], [seconds, users]),
        Plot("Requests, a second", "", ["requests/s", "failures/s"], [seconds, requests, failures]),
        Plot(
            "How long a request takes",
            "ms",
            [f"p{one}" for one in PERCENTILES],
            [seconds, *_times(spans, "request_ms")],
        ),
        Plot("CPU of the client, percent of a core", "%", workers, [seconds, *cpu]),
    ]
    return [*found, *_money(result.journeys, result.counts.began, seconds)]


_Span = tuple[Sample | None, Sample, Sequence[Sample]]
"""The last look before a span of time, its last look, and all looks within."""


def _spans(samples: Sequence[Sample]) -> list[_Span]:
    """Looks together, so that there are not too many points and each has some flows."""
    started = [one for one in samples if one.requests or one.flows]
    if not started:
        return []
    length = max(LEAST_SECONDS, started[-1].at / MOST_POINTS)
    spans: list[_Span] = []
    before: Sample | None = None
    within: list[Sample] = []
    for one in started:
        within.append(one)
        if one.at - (before.at if before else 0.0) >= length or one is started[-1]:
            spans.append((before, one, within))
            before, within = one, []
    return spans


def _rate(first: Sample | None, last: Sample, *names: str) -> float | None:
    seconds = last.at - (first.at if first else 0.0)
    count = sum(getattr(last, name) - (getattr(first, name) if first else 0) for name in names)
    return round(count / seconds, 2) if seconds > 0 else 0.0


def _times(spans: Sequence[_Span], name: str) -> list[Column]:
    columns: list[Column] = [[] for _ in PERCENTILES]
    for _, _, within in spans:
        latencies = Counter[float]()
        for one in within:
            latencies.update(getattr(one, name))
        for column, percent in zip(columns, PERCENTILES, strict=True):
            column.append(percentile(latencies, percent) if latencies else None)
    return columns


def _money(lived: Sequence[Journey], began: float, seconds: Column) -> list[Plot]:
    """What cards paid, what they got back and what people received, summed up as lives end."""
    names = ("price", "refunded", "received")
    if not any(getattr(one, name) for one in lived for name in names):
        return []
    ended = sorted(lived, key=lambda one: one.ended)
    sums, at = dict.fromkeys(names, 0), 0
    columns: list[Column] = [[] for _ in names]
    for second in seconds:
        last = second == seconds[-1]  # who ended while Locust stopped counts there
        while at < len(ended) and (last or ended[at].ended - began <= (second or 0.0)):
            for name in names:
                sums[name] += getattr(ended[at], name)
            at += 1
        for column, name in zip(columns, names, strict=True):
            column.append(sums[name])
    lines = ["paid by cards", "given back to cards", "incentives received"]
    return [Plot("Money of the people whose lives have ended", "Rp", lines, [seconds, *columns])]
