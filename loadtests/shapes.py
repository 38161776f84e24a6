"""How many of the users are there at each moment of a run.

A shape says for each moment, from 0 at the beginning to 1 at the end, which share of the users is there. What
it is calibrated on is published (programme 6.3, 6.5, 11), or inferred and marked so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log

OPENING_MINUTE, OPENING_DAY = 80_000, 1_100_000
"""Registrants within the first minute, visitors on the whole first day (programme 6.5)."""
RUSH_MINUTES = -1 / log(1 - OPENING_MINUTE / OPENING_DAY)
"""A crowd that dwindles by e in so many minutes has that share of its day in its first minute: 13.2."""
HOUR = 60
DEADLINE_DAY = 10
"""A deadline's day has so many times the load of a mean day (programme 11, a default)."""
FEW = 0.02


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape, what it is taken from, and what of it is a guess."""

    says: str
    source: str
    inferred: str
    level: Callable[[float], float]
    """The share of the users at a moment."""


def _announcement(at: float) -> float:
    return max(FEW, exp(-at * HOUR / RUSH_MINUTES))


def _spike(at: float) -> float:
    return 1.0 if 0.4 <= at < 0.6 else 0.1


def _last_evening(at: float) -> float:
    return float(DEADLINE_DAY ** (at - 1))


SHAPES: Mapping[str, Shape] = {
    "steady": Shape("all users from the beginning to the end", "", "", lambda _: 1.0),
    "ramp": Shape(
        "ever more users until four fifths of the run, then all of them",
        "",
        "",
        lambda at: min(1.0, at / 0.8),
    ),
    "spike": Shape("a tenth of the users, and all of them in the middle fifth", "", "", _spike),
    "announcement": Shape(
        "the hour after a wave's announcement: all users at once, then fewer and fewer",
        "80,000 registrants within one minute, 1.1 million visitors on the first day (programme 6.5)",
        "that the crowd dwindles evenly, and that buyers come as those who registered did",
        _announcement,
    ),
    "last-evening": Shape(
        "the last evening before a deadline: from the load of a mean day to ten times of it, until 23:59:59",
        "the first purchase ends with a day at 23:59:59 WIB (R06, programme 3.1)",
        "ten times a mean day (programme 11, no figure was published), and that the crowd grows evenly",
        _last_evening,
    ),
}


def users_at(shape: str, users: int, moment: float) -> int:
    """How many users are there at a moment from 0 to 1: at least one, at most `users`."""
    return max(1, round(users * SHAPES[shape].level(moment)))
