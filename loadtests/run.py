"""A load run: many shoppers over HTTP at a simulator of its own or a running one, then the audit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from msgspec.structs import replace as with_fields

from prakerja_sim.loadtests import (
    audit,
    cores,
    evening,
    journeys,
    locust_counts,
    locust_process,
    served,
    thresholds,
)
from prakerja_sim.loadtests.asked import Asked, Result
from prakerja_sim.loadtests.errors import LoadFailed, NotServed
from prakerja_sim.loadtests.fault_specs import Arming
from prakerja_sim.loadtests.progress import Progress
from prakerja_sim.loadtests.samples import Reader
from prakerja_sim.loadtests.served import Admin

CPU = "process_cpu_seconds_total"


@dataclass(frozen=True, slots=True)
class Target:
    """The server that a run goes to."""

    url: str
    admin: Admin
    cpu: Callable[[], float]
    """Its CPU seconds so far; not a number if it does not tell."""


def load(asked: Asked, progress: Progress) -> Result:
    """Play as asked and audit the books.

    Raises NotServed if the running server does not answer, BadFault for a fault that can strike nowhere, and
    LoadFailed if there is nothing to judge.
    """
    with TemporaryDirectory(prefix="prakerja-load-") as kept, _target(asked, Path(kept)) as target:
        folder = Path(kept)
        plan = with_fields(asked.plan, url=target.url, folder=asked.plan.folder or str(folder))
        return _played(replace(asked, plan=plan), target, folder, progress)


def _played(asked: Asked, target: Target, folder: Path, progress: Progress) -> Result:
    admin = target.admin
    arming, reader = Arming(admin, asked.faults, asked.seconds), Reader(folder / locust_process.SAMPLES)
    before = audit.read(admin)
    arming.begin()
    evening.begin(asked, admin, locust_process.stop_seconds(asked))
    began, cpu = monotonic(), target.cpu()
    busy = cores.seconds_of_machine() - cores.seconds_of_ended_children()

    def look() -> None:
        if reader.read():
            elapsed = reader.samples[-1].at
            arming.go_on(elapsed)
            progress.show(elapsed, reader.samples, target.cpu() - cpu)

    try:
        with progress:
            rows, stopped = locust_process.play(asked, folder, look)
    except BaseException:
        arming.end()  # whoever uses a running server next does not meet them
        raise
    cpu = target.cpu() - cpu
    busy = cores.seconds_of_machine() - cores.seconds_of_ended_children() - busy
    others = (busy - cpu) / (monotonic() - began) if asked.against is None else cores.UNKNOWN
    reader.read()
    evening.end(asked, admin)
    struck, counts = arming.end(), locust_counts.read(rows)
    lived = journeys.read(Path(asked.plan.folder))
    after = audit.read(admin)
    return Result(
        asked=asked,
        counts=counts,
        before=before,
        after=after,
        verdict=audit.judge(before, after, struck, lived, finished=counts.flows, admin=admin),
        judged=thresholds.judge(asked.thresholds, counts.rows),
        struck=struck,
        samples=reader.samples,
        journeys=lived,
        server_seconds=cpu,
        others_cores=others,
        stopped=stopped,
    )


@contextmanager
def _target(asked: Asked, folder: Path) -> Iterator[Target]:
    """The running server, or one of our own while the block runs."""
    if asked.against is not None:
        admin = Admin(asked.against, asked.plan.sandbox)
        yield Target(asked.against.rstrip("/"), admin, lambda: admin.metrics().get(CPU, cores.UNKNOWN))
        return
    kept = asked.store or f"lmdb:{folder / 'load.db'}"
    options = ["--server", asked.server, "--durability", asked.durability, "--store", kept]
    options += ["--timeline", str(REMEMBERED)]
    with _ours(options) as (url, group):
        yield Target(url, Admin(url, asked.plan.sandbox), lambda: cores.seconds_of_group(group))


REMEMBERED = 20_000
"""So many exchanges our own server remembers, so that the audit finds those of what is wrong."""


@contextmanager
def _ours(options: list[str]) -> Iterator[tuple[str, int]]:
    try:
        with served.simulator(*options) as started:
            yield started
    except NotServed as problem:
        raise LoadFailed(str(problem)) from None
