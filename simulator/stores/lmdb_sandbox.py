"""One sandbox as a transaction of LMDB sees it: its records and logs found, and what a unit adds to them."""

from collections.abc import Iterator
from typing import Any, cast

import lmdb

from prakerja_sim.simulator.stores.documents import (
    DOCUMENTS,
    KEY_BYTES,
    NUMBER_BYTES,
    Document,
    IntegrityError,
    sandbox_prefix,
    shortened,
)
from prakerja_sim.simulator.world.records import Record
from prakerja_sim.simulator.world.store import Unit


class SandboxRecords:
    """One sandbox as a transaction sees it, and what it adds."""

    __slots__ = ("_last", "_loaded", "_prefix", "txn")

    def __init__(self, txn: "lmdb.Transaction[bytes]", sandbox: str, last: dict[bytes, int]) -> None:
        self.txn = txn
        self._prefix = sandbox_prefix(sandbox)
        self._last = last
        self._loaded: dict[tuple[type, str], Any] = {}

    def load(self, kind: type[Any], key: str) -> Any:
        """The record with that key, decoded once in a unit."""
        loaded = self._loaded
        if (kind, key) not in loaded:
            document = DOCUMENTS[kind]
            found = self.txn.get(self._prefix + document.prefix + shortened(key.encode(), KEY_BYTES))
            loaded[kind, key] = None if found is None else document.decoded(found)
        return loaded[kind, key]

    def select(
        self, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        """Records by an index, in the order of their keys; logged ones in the order of arrival."""
        document = DOCUMENTS[kind]
        newest = document.logged and limit is not None
        found: list[Any] = []
        for record in self._found(document, equals, backwards=newest):
            if len(found) == limit or (
                up_to is not None and getattr(record, kind.__struct_fields__[0]) > up_to
            ):
                break
            found.append(record)
        return found[::-1] if newest else found

    def keep(self, unit: Unit) -> None:
        """Write what a unit put and appended, in place of all there was if it has cleared the sandbox."""
        if unit.cleared:
            self._erase()
        for (kind, key), record in unit.put_records.items():
            self._put(DOCUMENTS[kind], key, record)
        for logged in unit.appended:
            document = DOCUMENTS[type(logged)]
            tail = self._next(document)
            self.txn.put(self._prefix + document.prefix + tail, document.encoded(logged))
            self._enter(document, tail, None, logged)

    def let_go(self) -> None:
        """End the transaction of a question and forget it.

        The engine frees a reader's slot only when nobody knows the transaction any more, and an exception
        that somebody keeps would know it through its frames.
        """
        self.txn.abort()
        del self.txn

    def _erase(self) -> None:
        self._loaded.clear()
        cursor = self.txn.cursor()
        cursor.set_range(self._prefix)
        while cursor.key().startswith(self._prefix):
            cursor.delete()

    def _put(self, document: Document, key: str, record: Record) -> None:
        before = self.load(document.kind, key) if document.indexes else None
        tail = shortened(key.encode(), KEY_BYTES)
        self.txn.put(self._prefix + document.prefix + tail, document.encoded(record))
        self._enter(document, tail, before, record)

    def _enter(self, document: Document, tail: bytes, before: Any, after: Any) -> None:
        """Let the indexes know a record; only where its values are other ones."""
        for index in document.indexes:
            values = index.values(after)
            if before is not None:
                old = index.values(before)
                if old == values:
                    continue
                self.txn.delete(self._prefix + index.prefix(old) + (b"" if index.unique else tail))
            entry = self._prefix + index.prefix(values)
            if not index.unique:
                self.txn.put(entry + tail, b"")
            elif not self.txn.put(entry, tail, overwrite=False):
                raise IntegrityError(f"{index.text} is given twice")

    def _next(self, document: Document) -> bytes:
        """The number of the next line of a log; a unit that is undone leaves a gap, which harms nobody."""
        log = self._prefix + document.prefix
        if log not in self._last:
            newest = next(self._entries(log, backwards=True), None)
            self._last[log] = int.from_bytes(newest[0][len(log) :]) if newest else 0
        self._last[log] += 1
        return self._last[log].to_bytes(NUMBER_BYTES)

    def _found(self, document: Document, equals: dict[str, Any], *, backwards: bool) -> Iterator[Any]:
        records = self._prefix + document.prefix
        if not equals:
            for _, kept in self._entries(records, backwards=backwards):
                yield document.decoded(kept)
            return
        entries = self._prefix + document.index(tuple(equals)).prefix(tuple(equals.values()))
        for key, _ in self._entries(entries, backwards=backwards):
            yield document.decoded(cast(bytes, self.txn.get(records + key[len(entries) :])))

    def _entries(self, prefix: bytes, *, backwards: bool) -> Iterator[tuple[bytes, bytes]]:
        """The keys that begin so, with their values; backwards only those of a log."""
        cursor = self.txn.cursor()
        if not backwards:
            entries = cursor.iternext() if cursor.set_range(prefix) else iter(())
        else:
            after = cursor.set_range(prefix + b"\xff" * (NUMBER_BYTES + 1))
            there = cursor.prev() if after else cursor.last()
            entries = cursor.iterprev() if there else iter(())
        for key, value in entries:
            if not key.startswith(prefix):
                return
            yield key, value
