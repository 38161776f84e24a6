"""A cache of one sandbox, between its units of work and the file."""

from collections.abc import Iterator
from typing import Any, Protocol

from prakerja_sim.simulator.world.records import Logged, Record
from prakerja_sim.simulator.world.store import Unit, key_of


class File(Protocol):
    """What a cache asks of its file."""

    def read(self, sandbox: str, kind: type[Any], key: str) -> Any:
        """One record by its key."""

    def read_whole(self, sandbox: str, kind: type[Any]) -> list[Any] | None:
        """All records of a kind, None if they are too many to be remembered."""

    def select(
        self, sandbox: str, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        """Records by an index."""


class SandboxCache:
    """The records of one sandbox that are in memory, and those that wait to be written."""

    __slots__ = ("_file", "changed", "logged", "records", "sandbox", "whole")

    def __init__(self, file: File, sandbox: str) -> None:
        self._file = file
        self.sandbox = sandbox
        self.records: dict[tuple[type, str], Record | None] = {}
        """None means: not in the file."""
        self.whole: dict[type, bool] = {}
        """Whether all records of a kind are here, so that one that is not does not exist."""
        self.changed: dict[type, dict[str, Record | None]] = {}
        """The keys of the records for which their table waits, each with the version that it has."""
        self.logged: dict[type, list[Logged]] = {}
        """What was appended and its table does not have yet."""

    def load(self, kind: type[Any], key: str) -> Any:
        """The record with that key; a record that is not in memory is read from the file once at most."""
        try:
            return self.records[kind, key]
        except KeyError:
            if self._has_whole(kind):
                return self.records.get((kind, key))
            record = self.records[kind, key] = self._file.read(self.sandbox, kind, key)
            return record

    def _has_whole(self, kind: type[Any]) -> bool:
        whole = self.whole.get(kind)
        if whole is None:
            read = self._file.read_whole(self.sandbox, kind)
            whole = self.whole[kind] = read is not None
            for record in read or ():
                self.records.setdefault((kind, key_of(record)), record)
        return whole

    def select(
        self, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        """Records by an index."""
        return self._file.select(self.sandbox, kind, equals, up_to, limit)

    def keep(self, unit: Unit) -> None:
        """Remember what a unit put, until its tables have it."""
        for place, record in unit.put_records.items():
            kind, key = place
            changed = self.changed.setdefault(kind, {})
            if key not in changed:
                changed[key] = self.records.get(place)
            self.records[place] = record
        for logged in unit.appended:
            self.logged.setdefault(type(logged), []).append(logged)

    def waits(self, kind: type[Any]) -> bool:
        """Whether a table does not have everything."""
        return kind in self.changed or kind in self.logged

    def waiting(self, kind: type[Any]) -> Iterator[tuple[Any, Any]]:
        """What a table does not have: each record behind the version that it has, if any, then log lines."""
        for key, before in self.changed.get(kind, {}).items():
            yield before, self.records[kind, key]
        for logged in self.logged.get(kind, ()):
            yield None, logged

    def written(self, kind: type[Any]) -> None:
        """A table has everything now."""
        self.changed.pop(kind, None)
        self.logged.pop(kind, None)

    def forget(self) -> None:
        """Forget everything."""
        for held in (self.records, self.whole, self.changed, self.logged):
            held.clear()
