"""A story: what it promises, why it exists, where it is played, and its steps.

However it was written, a story hands its steps to the runner one at a time, so that the runner
can look at the world after each of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings

START = wib(2021, 8, 24, 15)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done: a verb with its arguments, and the reason with which it must be refused, if it must."""

    number: int
    line: int
    verb: str
    arguments: Mapping[str, Any]
    fails: Reason | None = None
    at: str = ""
    """The marketplace at which it is done; empty for the one on which the story is played."""
    origin: str = ""
    """The file and line of the shared beginning that it stands in; empty for the story's own."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What several stories begin with: the start of their world, its settings, and the first steps."""

    start: datetime = START
    settings: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


Perform = Callable[[Step], Any]


@dataclass(frozen=True, slots=True)
class Story:
    """A story ready to be played; no marketplaces means each of them."""

    path: Path
    title: str
    why: str
    marketplaces: tuple[str, ...]
    start: datetime
    settings: Settings
    play: Callable[[Perform], None] = field(repr=False, compare=False)
    shows: tuple[str, ...] = ()
    """The failures of the programme that happen in it (F01-F51)."""
    breaks: tuple[str, ...] = ()
    """The rules that somebody in it breaks (R01-R40)."""
    keeps: tuple[str, ...] = ()
    """The rules that somebody in it only just keeps."""
    apart: Mapping[str, str] = field(default_factory=dict)
    """The marketplaces for which it is not, each with the reason."""
    seed: int | None = None
    """The seed of its world; without one the run's."""
    holds: Mapping[str, Any] = field(default_factory=dict)
    """What its sandbox is leased with besides: people, courses, partners, faults, or `fill` for the demo."""
    digest: str = ""
    """The digest that its world must have at the end; empty if nobody says so."""
    tags: tuple[str, ...] = ()
    """Words by which stories are selected."""
    line: int = 1
    """Where its title stands."""

    def played_on(self, marketplaces: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the marketplaces on which this story is played."""
        named = self.marketplaces or marketplaces
        return tuple(one for one in marketplaces if one in named and one not in self.apart)
