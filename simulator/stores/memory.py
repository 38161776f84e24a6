"""Keeps sandboxes in memory: the fastest store, gone when the process ends.

Units run one after another under a lock; records are immutable, so a unit's reads are safe.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable
from operator import attrgetter
from threading import RLock
from typing import Any, TypeVar

from prakerja_sim.simulator.stores.kinds import KEPT, LOGGED
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Logged, Record
from prakerja_sim.simulator.world.store import Contents, Unit

T = TypeVar("T")
DEFAULTS = Settings()

_Index = tuple[Callable[[Any], Any], defaultdict[Any, list[Any]]]
"""Reads a record's indexed values; and for each of these values the keys in order, or the log lines."""


class Memory:
    """The store port over dictionaries."""

    def __init__(self) -> None:
        self._sandboxes: defaultdict[str, _Records] = defaultdict(_Records)
        self._lock = RLock()

    def run(self, sandbox: str, work: Callable[[Unit], T], seed: int = 0, settings: Settings = DEFAULTS) -> T:
        """Do one unit of work."""
        with self._lock:
            records = self._sandboxes[sandbox]
            unit = Unit(records, seed, settings)
            result = work(unit)
            if unit.cleared:
                records = self._sandboxes[sandbox] = _Records()
            records.keep(unit)
            return result

    def ask(self, sandbox: str, work: Callable[[Unit], T], seed: int = 0, settings: Settings = DEFAULTS) -> T:
        """Answer a question; it waits for the units before it."""
        with self._lock:
            return work(Unit(self._sandboxes[sandbox], seed, settings))

    def check(self) -> None:
        """There is no disk to fail."""

    def names(self) -> list[str]:
        """The sandboxes of which anything is kept, but for the one without a name; sorted."""
        with self._lock:
            return sorted(name for name, kept in self._sandboxes.items() if name and kept.anything)

    def contents(self, sandbox: str) -> Contents:
        """Everything that is kept of a sandbox."""
        with self._lock:
            return self._sandboxes[sandbox].contents()

    def loose_ends(self, sandbox: str) -> list[str]:
        """What is in memory was changed by nobody else."""
        del sandbox
        return []

    def drop(self, sandbox: str) -> None:
        """Remove a sandbox whole."""
        self.run(sandbox, Unit.clear)

    def close(self) -> None:
        """There is nothing to close."""


class _Records:
    """One sandbox's records, logs and indexes."""

    __slots__ = ("indexed", "indexes", "logs", "records")

    def __init__(self) -> None:
        self.records: defaultdict[type, dict[str, Any]] = defaultdict(dict)
        self.logs: defaultdict[type, list[Any]] = defaultdict(list)
        self.indexes: dict[type, dict[tuple[str, ...], _Index]] = {}
        self.indexed: dict[type, Callable[[Any], Any]] = {}

    @property
    def anything(self) -> bool:
        return any(self.records.values()) or any(self.logs.values())

    def contents(self) -> Contents:
        return Contents(
            {kind: dict(sorted(self.records.get(kind, {}).items())) for kind in KEPT},
            {kind: list(self.logs.get(kind, ())) for kind in LOGGED},
        )

    def load(self, kind: type[Any], key: str) -> Any:
        return self.records[kind].get(key)

    def select(
        self, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        if issubclass(kind, Logged):
            lines = self._by_index(kind, equals) if equals else self.logs[kind]
            return lines[:] if limit is None else lines[max(len(lines) - limit, 0) :]
        records = self.records[kind]
        keys = self._by_index(kind, equals) if equals else sorted(records)
        end = len(keys) if up_to is None else bisect_right(keys, up_to)
        return [records[key] for key in keys[: end if limit is None else min(end, limit)]]

    def keep(self, unit: Unit) -> None:
        for (kind, key), record in unit.put_records.items():
            self._put(kind, key, record)
        for logged in unit.appended:
            self.logs[type(logged)].append(logged)
            for values_of, index in self._indexes(type(logged)).values():
                index[values_of(logged)].append(logged)

    def _put(self, kind: type[Record], key: str, record: Record) -> None:
        records = self.records[kind]
        before = records.get(key)
        records[key] = record
        if not kind.INDEXES:
            return
        indexed = self._indexed(kind)
        if before is not None and indexed(before) == indexed(record):
            return
        for values_of, index in self._indexes(kind).values():
            if before is not None:
                keys = index[values_of(before)]
                del keys[bisect_left(keys, key)]
            insort(index[values_of(record)], key)

    def _indexed(self, kind: type[Any]) -> Callable[[Any], Any]:
        """A function that reads all indexed fields of a record at once; most changes touch none of them."""
        getter = self.indexed.get(kind)
        if getter is None:
            getter = self.indexed[kind] = attrgetter(
                *dict.fromkeys(n for names in kind.INDEXES for n in names)
            )
        return getter

    def _indexes(self, kind: type[Any]) -> dict[tuple[str, ...], "_Index"]:
        indexes = self.indexes.get(kind)
        if indexes is None:
            indexes = {names: (attrgetter(*names), defaultdict(list)) for names in kind.INDEXES}
            self.indexes[kind] = indexes
        return indexes

    def _by_index(self, kind: type[Any], equals: dict[str, Any]) -> list[Any]:
        names = tuple(equals)
        indexes = self._indexes(kind)
        if names not in indexes:
            raise KeyError(f"{kind.__name__} has no index on {', '.join(names)}; declare it in INDEXES")
        values = tuple(equals.values())
        return indexes[names][1].get(values if len(values) > 1 else values[0], [])
