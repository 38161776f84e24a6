"""Tells once a second how a run goes, beside any locustfile: `locust -f YOURS,watched.py --samples FILE`.

What Locust counts is written as one JSON line a second (`samples.Sample`) by its only process, or by its
master, with the CPU of each process that plays users.
"""

from pathlib import Path
from time import perf_counter, time  # noqa: TID251  # Locust tells by the wall when it began
from typing import Any

import gevent
import orjson
from locust import constant_pacing, events
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from prakerja_sim.loadtests import cores, samples
from prakerja_sim.loadtests.locust_counts import FLOW
from prakerja_sim.loadtests.samples import Sample

EVERY_SECONDS = 1.0
MOST_ERRORS = 50


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def add_options(parser: Any) -> None:
    """The options of our own; none of them is in the web interface."""
    parser.add_argument("--samples", default="", include_in_web_ui=False, help="Where a line a second goes")
    parser.add_argument(
        "--arrivals",
        type=float,
        default=0.0,
        include_in_web_ui=False,
        help="So many begin a task each second",
    )


@events.init.add_listener  # type: ignore[untyped-decorator]
def begin(environment: Any, runner: Any, **_: Any) -> None:
    """Pace the users, and begin to watch."""
    options = environment.parsed_options
    if options.arrivals:
        for user in environment.user_classes:
            user.wait_time = constant_pacing((options.num_users or 1) / options.arrivals)
    if options.samples and not isinstance(runner, WorkerRunner):
        watch = Watch(runner, Path(options.samples))
        gevent.spawn(watch.go_on)
        environment.events.quitting.add_listener(lambda **_: watch.look())


class Watch:
    """Sees what was counted since it looked last."""

    def __init__(self, runner: LocalRunner | MasterRunner, file: Path) -> None:
        self._runner = runner
        self._file = file
        self._seen: dict[bool, dict[float, int]] = {True: {}, False: {}}
        self._used = (cores.seconds_of_this_process(), perf_counter())
        """CPU seconds of this process at the last look, and when that was."""
        self._share = 0.0
        self._most = 0
        """So many were counted; Locust forgets them when it ends, and what was known before is kept."""

    def go_on(self) -> None:
        """Look again and again."""
        while True:
            gevent.sleep(EVERY_SECONDS)
            self.look()

    def look(self) -> None:
        """Write one line."""
        stats = self._runner.stats
        began = stats.total.start_time or 0.0
        flows = [entry for entry in stats.entries.values() if entry.name == FLOW]
        others = [entry for entry in stats.entries.values() if entry.name != FLOW]
        errors = sorted(stats.errors.values(), key=lambda one: -one.occurrences)[:MOST_ERRORS]
        counted = sum(entry.num_requests for entry in stats.entries.values())
        if counted < self._most:
            return
        self._most = counted
        rows = [entry.serialize() for entry in stats.entries.values()]
        self._file.with_name(samples.ROWS).write_bytes(orjson.dumps(rows, option=orjson.OPT_NON_STR_KEYS))
        samples.write(
            self._file,
            Sample(
                began=began,
                at=max(time() - began, 0.0),
                users=self._runner.user_count,
                requests=sum(entry.num_requests for entry in others),
                request_failures=sum(entry.num_failures for entry in others),
                flows=sum(entry.num_requests for entry in flows),
                flow_failures=sum(entry.num_failures for entry in flows),
                request_ms=self._new(others, whole=False),
                flow_ms=self._new(flows, whole=True),
                cpu=self._cpu(),
                errors={f"{one.method} {one.name}: {one.error}": one.occurrences for one in errors},
            ),
        )

    def _new(self, entries: list[Any], *, whole: bool) -> dict[float, int]:
        """The latencies since the last look."""
        counted: dict[float, int] = {}
        for entry in entries:
            for latency, count in entry.response_times.items():
                counted[float(latency)] = counted.get(float(latency), 0) + count
        before, self._seen[whole] = self._seen[whole], counted
        new = {latency: count - before.get(latency, 0) for latency, count in counted.items()}
        return {latency: count for latency, count in new.items() if count > 0}

    def _cpu(self) -> dict[str, float]:
        """Percent of a core of each process that plays users; of a worker as Locust itself knows it."""
        if isinstance(self._runner, MasterRunner):
            nodes = sorted(self._runner.clients.values(), key=lambda node: str(node.id))
            return {f"worker {at}": float(node.cpu_usage) for at, node in enumerate(nodes, 1)}
        before, now = self._used, (cores.seconds_of_this_process(), perf_counter())
        if now[1] - before[1] > EVERY_SECONDS / 2:  # the last look may come at once after another
            self._used = now
            self._share = round(100 * (now[0] - before[0]) / (now[1] - before[1]), 1)
        return {"client": self._share}
