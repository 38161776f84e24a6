"""What differs between two worlds, record by record and line by line.

How each began, was leased and was copied is left out: two forks of one world differ in what happened to them.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from prakerja_sim.simulator.world.journal import SETUP_SUBJECT
from prakerja_sim.simulator.world.records import Chain, Clock, Entry, Leased, Snapshot, Transfer
from prakerja_sim.simulator.world.store import Contents

BESIDE = (Leased, Snapshot)
"""Kinds of records that say how a world came to be, not what happened in it."""


class Parted(Struct, frozen=True):
    """A record that is another one there; one that is missing on a side has None for every field of it."""

    kind: str
    key: str
    here: bool
    there: bool
    fields: dict[str, tuple[Any, Any]]
    """By name: the value here, and the one there."""


class PartedLog(Struct, frozen=True):
    """A log that has other lines there: how many lines each has, and those that only one has."""

    kind: str
    here: int
    there: int
    only_here: list[dict[str, Any]]
    only_there: list[dict[str, Any]]


def records(here: Contents, there: Contents) -> Iterator[Parted]:
    """The records that differ, by kind and key."""
    for kind in sorted(here.records, key=lambda one: one.__name__):
        if kind in BESIDE:
            continue
        mine, theirs = here.records[kind], there.records[kind]
        for key in sorted(mine.keys() | theirs.keys()):
            one, other = _plain(mine.get(key)), _plain(theirs.get(key))
            if one != other and not (kind is Chain and key == SETUP_SUBJECT):
                yield _parted(kind.__name__, key, one, other)


def logs(here: Contents, there: Contents) -> Iterator[PartedLog]:
    """The logs that differ, by kind."""
    for kind in sorted(here.logs, key=lambda one: one.__name__):
        mine, theirs = (_lines(kind, contents.logs[kind]) for contents in (here, there))
        counted, others = Counter(mine), Counter(theirs)
        if counted != others:
            only_here = list((counted - others).elements())
            only_there = list((others - counted).elements())
            new = ([asdict(line) for line in only] for only in (only_here, only_there))
            yield PartedLog(kind.__name__, len(mine), len(theirs), *new)


def _lines(kind: type[Any], log: list[Any]) -> list[Any]:
    if kind is Entry:
        return [line for line in log if line.subject != SETUP_SUBJECT]
    if kind is Transfer:
        return [line for line in log if not line.entry.startswith(f"{SETUP_SUBJECT}#")]
    return log


def _plain(record: Any) -> dict[str, Any] | None:
    if record is None:
        return None
    return asdict(record.but(life=0) if isinstance(record, Clock) else record)


def _parted(kind: str, key: str, one: dict[str, Any] | None, other: dict[str, Any] | None) -> Parted:
    names = (one if one is not None else other) or {}
    pairs = {name: ((one or {}).get(name), (other or {}).get(name)) for name in names}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Parted(kind, key, one is not None, other is not None, changed)
