"""Cases measured in turn, A B then B A, so that what the machine does meanwhile strikes all of them.

A run that others disturbed is repeated.  That is judged by the processors that others used, never by the
result, and of several attempts the least disturbed one counts, never the fastest.
"""

import math
import sys
from collections.abc import Callable, Iterator, Mapping

import click

from prakerja_sim.loadtests.bench.table import Run

FOREIGN_CORES = 0.2
"""So much of the processors others may use before a run counts as disturbed."""
ATTEMPTS = 3

Case = Callable[[], Run]


def interleaved(cases: Mapping[str, Case], rounds: int) -> dict[str, list[Run]]:
    """The runs of each case, the order turned around from round to round."""
    measured: dict[str, list[Run]] = {name: [] for name in cases}
    names = list(cases)
    for number in counted(rounds):
        for name in names if number % 2 else reversed(names):
            measured[name].append(undisturbed(cases[name]))
    return measured


def undisturbed(case: Case) -> Run:
    """A run of the case, repeated while others disturb it; it tells how many attempts it took."""
    attempts = [case()]
    while _foreign(attempts[-1]) > FOREIGN_CORES and len(attempts) < ATTEMPTS:
        attempts.append(case())
    return min(attempts, key=_foreign).after(len(attempts))


def counted(rounds: int) -> Iterator[int]:
    """The numbers of the rounds, from 1 on, with a bar for whoever waits."""
    with click.progressbar(range(1, rounds + 1), label="rounds", file=sys.stderr) as numbers:
        yield from numbers


def _foreign(run: Run) -> float:
    """Where it is not known, nobody can be blamed."""
    foreign = run.foreign_cores
    return 0.0 if foreign is None or math.isnan(foreign) else foreign
