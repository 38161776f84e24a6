"""What Locust counted in a run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a run; latencies are Locust's, rounded to two digits."""

    flows: int
    """Finished flows; those that broke are among the failures."""
    requests: int
    failures: int
    seconds: float
    latencies_ms: Mapping[float, int]
    """How many requests took so long."""
    flow_ms: Mapping[float, int]
    worst: tuple[str, ...] = ()
    """The failed requests by name, the most frequent first."""


def read(stats: Iterable[Mapping[str, Any]]) -> Counts:
    """Read Locust's final statistics."""
    rows = list(stats)
    flows = [row for row in rows if row["name"] == FLOW]
    requests = [row for row in rows if row["name"] != FLOW]
    begun = min((row["start_time"] for row in rows), default=0.0)
    ended = max((row["last_request_timestamp"] or begun for row in rows), default=0.0)
    failed = sorted((row for row in rows if row["num_failures"]), key=lambda row: -row["num_failures"])
    return Counts(
        flows=sum(row["num_requests"] - row["num_failures"] for row in flows),
        requests=sum(row["num_requests"] for row in requests),
        failures=sum(row["num_failures"] for row in rows),
        seconds=max(ended - begun, 0.001),
        latencies_ms=_merged(requests),
        flow_ms=_merged(flows),
        worst=tuple(f"{row['num_failures']} x {row['method']} {row['name']}" for row in failed),
    )


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


def _merged(rows: Iterable[Mapping[str, Any]]) -> dict[float, int]:
    merged: dict[float, int] = {}
    for row in rows:
        for latency, count in row["response_times"].items():
            merged[float(latency)] = merged.get(float(latency), 0) + count
    return merged
