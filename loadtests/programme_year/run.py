"""Runs a programme year: people are dealt to sandboxes, sandboxes to workers, and the result is judged."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from typing import NamedTuple

from prakerja_sim.loadtests.programme_year import published
from prakerja_sim.loadtests.programme_year.count import Counted, counted, imbalance, together
from prakerja_sim.loadtests.programme_year.life import Year
from prakerja_sim.loadtests.programme_year.persona import persona
from prakerja_sim.loadtests.programme_year.published import Share
from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.programme.waves import PUBLISHED, Wave
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.chance import seed_bytes

IN_A_SANDBOX = 2_500
"""People who share a world; what more there are live in another one."""
TOLERATED = 1.0
"""Percentage points by which a share may differ from the published one."""
Progress = Callable[[str], object]


class Lived(NamedTuple):
    """A programme year: the table beside the published one, whether all is well, and the counts."""

    table: str
    well: bool
    total: Counted


def run(*, people: int, workers: int, seed: int, progress: Progress) -> Lived:
    """Let so many people live.

    No workers means one a processor; the result does not depend on them.  `progress` gets a line for each
    part that is done.
    """
    began, workers = time.perf_counter(), workers or processors()
    parts = [
        (seed, first, min(first + IN_A_SANDBOX, people), people) for first in range(0, people, IN_A_SANDBOX)
    ]
    done = []
    for part in _lived(parts, workers):
        done.append(part)
        lived = sum(one.awarded for one in done)
        progress(f"{lived:,} of {people:,} people, {time.perf_counter() - began:.0f} s")
    total = together(done)
    total.wrong += imbalance(total)
    table, well = judged(total)
    seconds = time.perf_counter() - began
    digest = sha256("\n".join(total.digests).encode()).hexdigest()
    last = f"{people:,} people, {total.entries:,} commands, {seconds:.0f} s with {workers} workers"
    return Lived(f"{table}\n{last}, digest {digest}", well, total)


@cache
def waves_of(people: int) -> list[Wave]:
    """The wave of each person by number: in proportion to their sizes, any part like the whole."""
    sizes = [(number, PUBLISHED[number].size or 0) for number in published.WAVES]
    total = sum(size for _, size in sizes)
    dealt: list[tuple[float, int]] = []
    before = 0
    for number, size in sizes:
        until = before + size
        mine = range(-(-before * people // total), -(-until * people // total))
        dealt += [((at + 0.5) / len(mine), number) for at in range(len(mine))]
        before = until
    return [PUBLISHED[number] for _, number in sorted(dealt)]


def lived(part: tuple[int, int, int, int]) -> Counted:
    """One sandbox of people lives through its year; runs in a worker."""
    seed, first, until, people = part
    gc.disable()  # records cannot form cycles, and the whole world goes at once
    waves = waves_of(people)
    key = seed_bytes(seed)
    mine = [persona(key, number, waves[number]) for number in range(first, until)]
    start = min(wave.announced for wave in waves)
    year = Year(sandbox.create(Memory(), "cohort", seed, start), mine)
    year.live()
    counts = counted(year.sandbox, year.refused)
    del year
    gc.enable()
    gc.collect()
    return counts


class Compared(NamedTuple):
    """A published share and the simulated one."""

    what: str
    published: Share
    simulated: Share

    @property
    def points(self) -> float:
        """By how many percentage points they differ."""
        return self.simulated.percent - self.published.percent

    @property
    def close(self) -> bool:
        """Whether that is tolerated."""
        return abs(self.points) <= TOLERATED


def compared(total: Counted) -> list[Compared]:
    """The shares that are judged."""
    shares = [
        ("revoked", published.REVOKED, total.revoked),
        ("finished a training", published.FINISHED, total.finished),
        ("paid an incentive", published.PAID, total.paid),
    ]
    return [Compared(what, share, Share(count, total.awarded)) for what, share, count in shares]


def judged(total: Counted) -> tuple[str, bool]:
    """Published and simulated side by side; well if the shares are close and the books are right."""
    lines = [f"{'':24}{'published':>12}{'simulated':>12}{'points':>9}"]
    well = not total.wrong
    for one in compared(total):
        well = well and one.close
        both = f"{one.published.percent:>10.2f} %{one.simulated.percent:>10.2f} %"
        lines.append(f"{one.what:24}{both}{one.points:>+9.2f}{'' if one.close else '  too far'}")
    for what, mean, simulated in means(total):
        lines.append(f"{what:24}{mean:>12,}{simulated:>12,}   not judged")
    lines += [f"refused {times} times: {reason}" for reason, times in sorted(total.refused.items())]
    lines += total.wrong or ["books balanced, no invariant broken, no discrepancy"]
    return "\n".join(lines), well


def means(total: Counted) -> list[tuple[str, int, int]]:
    """Rupiah a head, published and simulated, which are not judged."""
    return [
        ("spent, a buyer", published.SPENT_A_BUYER, total.spent_rupiah // max(total.buyers, 1)),
        ("incentives, a head paid", published.PAID_A_HEAD, total.paid_rupiah // max(total.paid, 1)),
    ]


def _lived(parts: list[tuple[int, int, int, int]], workers: int) -> Iterator[Counted]:
    """In the order of the parts, whoever is done first."""
    if workers == 1:
        yield from map(lived, parts)
        return
    with ProcessPoolExecutor(min(workers, len(parts)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(lived, parts)


def processors() -> int:
    """How many workers fit this machine."""
    return len(os.sched_getaffinity(0))
