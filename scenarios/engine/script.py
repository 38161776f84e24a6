"""A story: what it promises, why it is told, where it is played and what is done, step by step.

However it was written, a story is played by handing its steps to a performer one at a
time, so that whoever performs can look at the world after each of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, get_type_hints

from prakerja_sim.scenarios.engine.errors import nearest
from prakerja_sim.scenarios.engine.vocabulary import reader_for
from prakerja_sim.simulator.values.clock import parse_instant, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings, changed

START = wib(2021, 8, 24, 15)
TITLE_MAX = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done: a verb with its arguments, and the reason with which it must be refused, if it must."""

    number: int
    line: int
    verb: str
    arguments: Mapping[str, Any]
    fails: Reason | None = None


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

    def played_on(self, marketplaces: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the marketplaces on which this story is told."""
        named = self.marketplaces or marketplaces
        return tuple(one for one in marketplaces if one in named and one not in self.apart)


def settings_from(given: Any) -> Settings:
    """The settings with some changed; ValueError says which name or value will not do."""
    if not isinstance(given, dict):
        raise ValueError("settings is a mapping; write {otp_lifetime: 300}")
    hints = get_type_hints(Settings)
    known = [one.name for one in fields(Settings)]
    for name in given:
        if name not in known:
            raise ValueError(f"unknown setting {name!r}; {nearest(str(name), known)}")
    values = {}
    for name, value in given.items():
        try:
            values[name] = reader_for(hints[name])(value)
        except ValueError as problem:
            raise ValueError(f"setting {name}: {problem}") from None
    return changed(values)


def start_from(given: Any) -> datetime:
    """The instant at which a story begins; ValueError if it is none."""
    if isinstance(given, datetime) and given.tzinfo is not None:
        return given
    return parse_instant(str(given))


def marketplaces_from(given: Any, known: tuple[str, ...]) -> tuple[str, ...]:
    """The marketplaces a story names, none for `each`; ValueError for one that does not exist."""
    if given == "each":
        return ()
    if not isinstance(given, list | tuple) or not given:
        raise ValueError(f"{given!r} is neither `each` nor a list; write each or [{', '.join(known[:2])}]")
    for name in given:
        if name not in known:
            raise ValueError(f"unknown marketplace {name!r}; {nearest(str(name), known)}")
    return tuple(given)


def apart_from(given: Any, known: tuple[str, ...]) -> Mapping[str, str]:
    """The marketplaces that a story leaves out, and why; ValueError for one that does not exist."""
    if not isinstance(given, dict) or not given:
        raise ValueError(f"except is a mapping; write {{{known[0]}: why the story is not for it}}")
    for name, why in given.items():
        if name not in known:
            raise ValueError(f"unknown marketplace {name!r}; {nearest(str(name), known)}")
        if not isinstance(why, str) or not why.strip():
            raise ValueError(f"{name}: say why the story is not for it")
    return given


def title_from(given: Any) -> str:
    """A title that fits on one line of a report; ValueError if it is none."""
    if not isinstance(given, str) or not given.strip() or not given.isprintable():
        raise ValueError("the title is one line of text that says what the story promises; write one")
    if len(given) > TITLE_MAX:
        raise ValueError(f"the title is longer than the limit of {TITLE_MAX} characters; say it shorter")
    return given.strip()
