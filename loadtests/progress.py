"""How a run is shown while it goes on: one line that is renewed on a terminal, else a line now and then."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from prakerja_sim.loadtests.asked import SATURATED
from prakerja_sim.loadtests.locust_counts import percentile
from prakerja_sim.loadtests.samples import Sample

EVERY_SECONDS = 10
WINDOW = 10
"""Rates and percentiles are those of the last so many looks."""


class Progress:
    """Shows a run on standard error, so that standard output is the report alone."""

    def __init__(
        self, seconds: int, *, terminal: bool | None = None, say: Callable[[str], None] | None = None
    ) -> None:
        self._seconds = seconds
        self._terminal = sys.stderr.isatty() if terminal is None else terminal
        self._say = say or (lambda line: print(line, file=sys.stderr, flush=True))
        self._live: Any = None
        self._next = float(EVERY_SECONDS)

    def __enter__(self) -> Self:
        """Take the terminal's last line, if there is one."""
        if self._terminal:
            from rich.console import Console  # noqa: PLC0415  # for a terminal only
            from rich.live import Live  # noqa: PLC0415

            self._live = Live(
                console=Console(stderr=True, highlight=False), auto_refresh=False, transient=True
            )
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the line back."""
        if self._live is not None:
            self._live.__exit__(kind, problem, trace)

    def show(self, elapsed: float, seen: Sequence[Sample], server_seconds: float) -> None:
        """Show how it goes; on no terminal only every ten seconds."""
        line = told(elapsed, self._seconds, seen, server_seconds)
        if self._live is not None:
            self._live.update(line, refresh=True)
        elif elapsed >= self._next:
            self._next = elapsed - elapsed % EVERY_SECONDS + EVERY_SECONDS
            self._say(line)


def told(elapsed: float, seconds: int, seen: Sequence[Sample], server_seconds: float) -> str:
    """The line: users, rates and percentiles of the last seconds, failures, CPU of client and server."""
    last = seen[-1]
    window = seen[-WINDOW:]
    first = window[0] if len(window) > 1 else None
    span = (last.at - first.at) if first else last.at
    flows = last.flows - (first.flows if first else 0)
    requests = last.requests - (first.requests if first else 0)
    latencies = Counter[float]()
    for one in window:
        latencies.update(one.flow_ms or {})
    client = max(last.cpu.values(), default=0.0)
    warning = " SATURATED: it measures itself, give it more --processes" if client >= SATURATED else ""
    ending = "  the last flows end" if elapsed > seconds else ""
    return (
        f"{elapsed:4.0f} of {seconds} s{ending}  {last.users} users  {_rate(flows, span)} flows/s  "
        f"{_rate(requests, span)} requests/s  p95(flow) {percentile(latencies, 95):,.0f} ms  "
        f"failed {last.request_failures + last.flow_failures:,}  "
        f"server {_rate(server_seconds, elapsed)} cores  client {client:.0f} % of a core{warning}"
    )


def _rate(count: float, seconds: float) -> str:
    return f"{count / seconds:,.1f}" if seconds >= 1 else "-"
