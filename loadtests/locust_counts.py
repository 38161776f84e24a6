"""What Locust counted in a run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of request; latencies are Locust's, in ms, from a second on rounded to two digits."""

    method: str
    name: str
    requests: int
    """Those that failed are among them."""
    failures: int
    latencies_ms: Mapping[float, int]
    """How many requests took so long."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a run."""

    rows: Sequence[Row]
    began: float
    """Seconds of the wall since 1970."""
    seconds: float

    @property
    def flow_rows(self) -> list[Row]:
        """The rows in which whole flows are counted."""
        return [row for row in self.rows if row.name == FLOW]

    @property
    def request_rows(self) -> list[Row]:
        """The rows of requests."""
        return [row for row in self.rows if row.name != FLOW]

    @property
    def flows(self) -> int:
        """Finished flows; those that broke are among the failures."""
        return sum(row.requests - row.failures for row in self.flow_rows)

    @property
    def requests(self) -> int:
        """Requests, failed ones too."""
        return sum(row.requests for row in self.request_rows)

    @property
    def failures(self) -> int:
        """Failed requests and broken flows."""
        return sum(row.failures for row in self.rows)

    @property
    def worst(self) -> list[str]:
        """The failed kinds of requests, the most frequent first."""
        failed = sorted((row for row in self.rows if row.failures), key=lambda row: -row.failures)
        return [f"{row.failures} x {row.method} {row.name}" for row in failed]


def read(stats: Iterable[Mapping[str, Any]]) -> Counts:
    """Read Locust's final statistics."""
    rows = list(stats)
    began = min((row["start_time"] for row in rows), default=0.0)
    ended = max((row["last_request_timestamp"] or began for row in rows), default=0.0)
    return Counts(tuple(map(_row, rows)), began, max(ended - began, 0.001))


def merged(rows: Iterable[Row]) -> dict[float, int]:
    """The latencies of several rows together."""
    together: dict[float, int] = {}
    for row in rows:
        for latency, count in row.latencies_ms.items():
            together[latency] = together.get(latency, 0) + count
    return together


def percentile(latencies: Mapping[float, int], percent: int) -> float:
    """The latency that so many percent did not exceed."""
    left = sum(latencies.values()) * percent / 100
    for latency, count in sorted(latencies.items()):
        left -= count
        if left <= 0:
            return latency
    return 0.0


def percentiles(latencies: Mapping[float, int]) -> str:
    """p50, p95 and p99 in one line."""
    return ", ".join(f"p{percent} {percentile(latencies, percent):g} ms" for percent in (50, 95, 99))


def _row(row: Mapping[str, Any]) -> Row:
    latencies = {float(latency): int(count) for latency, count in row["response_times"].items()}
    return Row(row["method"] or "", row["name"], row["num_requests"], row["num_failures"], latencies)
