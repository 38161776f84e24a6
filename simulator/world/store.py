"""The store's port: get, find, put, append, and the unit of work.

A unit sees the store as it was plus its own writes.  They reach the store together when the
work returns, or never if it raises.  So no operation can leave half a change.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from msgspec import Struct

from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Clock, Logged, Record

R = TypeVar("R", bound=Record)
L = TypeVar("L", bound=Logged)
T = TypeVar("T")

SANDBOX_SUBJECT = "sandbox"
"""The journal's chain of commands that are about no single person or party."""


def key_of(record: Record) -> str:
    """A record's key: the value of its first field."""
    return cast(str, getattr(record, record.__struct_fields__[0]))


class Source(Protocol):
    """What a store gives a unit: reads as of the unit's start."""

    def load(self, kind: type[R], key: str) -> R | None:
        """The record with that key."""

    def select(
        self, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        """Records by an index, in the order of their keys; logged ones in the order of arrival."""


class _Nothing:
    """What a unit reads in a sandbox that it has cleared."""

    def load(self, kind: type[R], key: str) -> R | None:  # noqa: ARG002
        return None

    def select(
        self,
        kind: type[Any],  # noqa: ARG002
        equals: dict[str, Any],  # noqa: ARG002
        up_to: str | None,  # noqa: ARG002
        limit: int | None,  # noqa: ARG002
    ) -> list[Any]:
        return []


_NOTHING = _Nothing()


class Unit:
    """One unit of work in one sandbox; operations call it the world."""

    __slots__ = (
        "_clock",
        "appended",
        "booked",
        "cleared",
        "put_records",
        "seed",
        "settings",
        "source",
        "subject",
    )

    def __init__(self, source: Source, seed: int, settings: Settings) -> None:
        self.source = source
        self._clock: Clock | None = None
        self.seed = seed_bytes(seed)
        self.settings = settings
        self.put_records: dict[tuple[type[Record], str], Record] = {}
        self.appended: list[Logged] = []
        self.cleared = False
        """Whether everything that was there before is forgotten."""
        self.booked: list[tuple[str, str, str, int]] = []
        self.subject = SANDBOX_SUBJECT

    @property
    def now(self) -> datetime:
        """The sandbox's time, the same throughout the unit unless the unit moves the clock."""
        return self.clock.now

    @property
    def clock(self) -> Clock:
        """The sandbox's clock; a sandbox that was begun has one."""
        clock = self._clock
        if clock is None:
            clock = self._clock = self.need(Clock, "clock")
        return clock

    @property
    def life(self) -> int | None:
        """How often its sandbox was reset before; None if there is no such sandbox."""
        if self._clock is None:
            self._clock = self.get(Clock, "clock")
        return None if self._clock is None else self._clock.life

    @property
    def changed(self) -> bool:
        """Whether anything was put, appended or booked."""
        return bool(self.put_records or self.appended or self.booked or self.cleared)

    def get(self, kind: type[R], key: str) -> R | None:
        """The record with that key, or None."""
        record = self.put_records.get((kind, key))
        return cast(R, record) if record is not None else self.source.load(kind, key)

    def need(self, kind: type[R], key: str) -> R:
        """The record with that key, which must be there; its absence is a bug."""
        record = self.get(kind, key)
        if record is None:
            raise KeyError(f"no {kind.__name__} {key!r}")
        return record

    def put(self, record: Record) -> None:
        """Keep a record, new or in place of the one with its key."""
        self.put_records[type(record), key_of(record)] = record
        if type(record) is Clock:
            self._clock = record

    def append(self, record: Logged) -> None:
        """Add to a log."""
        self.appended.append(record)

    def clear(self) -> None:
        """Forget the whole sandbox; what is put and appended from now on is all there is."""
        self.source, self.cleared, self._clock = _NOTHING, True, None
        self.put_records.clear()
        self.appended.clear()
        self.booked.clear()

    def find(
        self, kind: type[R], *, up_to: str | None = None, limit: int | None = None, **equals: Any
    ) -> list[R]:
        """Records whose fields equal these, by a declared index, in the order of their keys.

        `up_to` bounds the keys, inclusive.  With no fields given, all records of the kind.
        """
        mine = {key: r for (k, key), r in self.put_records.items() if k is kind}
        reach = None if limit is None else limit + len(mine)
        records = {key_of(r): r for r in self.source.select(kind, equals, up_to, reach)}
        if mine:
            for key, record in mine.items():
                records.pop(key, None)
                if (up_to is None or key <= up_to) and all(
                    getattr(record, name) == value for name, value in equals.items()
                ):
                    records[key] = cast(R, record)
            records = dict(sorted(records.items()))
        return list(records.values())[:limit]

    def log(self, kind: type[L], *, limit: int | None = None, **equals: Any) -> list[L]:
        """Logged records whose fields equal these, oldest first; with a limit, the newest ones."""
        records: list[L] = self.source.select(kind, equals, None, limit)
        records += [
            r
            for r in self.appended
            if isinstance(r, kind) and all(getattr(r, name) == value for name, value in equals.items())
        ]
        return records if limit is None else records[max(len(records) - limit, 0) :]


class Contents(Struct):
    """Everything that a sandbox keeps: records by kind and key, logs by kind in the order of arrival."""

    records: dict[type[Any], dict[str, Any]]
    logs: dict[type[Any], list[Any]]
    damage: list[str] = []
    """What could not be read or belongs to nothing, each in a sentence."""


class Store(Protocol):
    """Keeps sandboxes; the sandbox named "" holds what all share."""

    def run(self, sandbox: str, work: Callable[[Unit], T], seed: int = 0, settings: Settings = ...) -> T:
        """Do one unit of work; when this returns, its writes are kept and durable."""

    def ask(self, sandbox: str, work: Callable[[Unit], T], seed: int = 0, settings: Settings = ...) -> T:
        """Answer a question from what is kept now; whatever it puts is forgotten."""

    def check(self) -> None:
        """Raises StoreUnusable while commands are refused: the disk is in trouble, or the file is gone."""

    def names(self) -> list[str]:
        """The sandboxes of which anything is kept, but for the one without a name; sorted."""

    def contents(self, sandbox: str) -> Contents:
        """Everything that is kept of a sandbox; what is damaged is named, and raises nothing."""

    def loose_ends(self, sandbox: str) -> list[str]:
        """The chains whose kept end is not their last entry, each in a sentence: somebody changed the store.

        Raises Damaged for an end that cannot be read.
        """

    def drop(self, sandbox: str) -> None:
        """Remove a sandbox whole."""

    def close(self) -> None:
        """Finish the work that has begun and close the files."""
