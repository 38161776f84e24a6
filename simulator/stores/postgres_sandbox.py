"""One sandbox as a transaction of PostgreSQL sees it: its records and logs found, and what a unit adds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from psycopg import Connection
from psycopg.types.numeric import Int8

from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.stores.documents import (
    DOCUMENTS,
    KEY_BYTES,
    NUMBER_BYTES,
    Document,
    shortened,
)
from prakerja_sim.simulator.world.records import Record
from prakerja_sim.simulator.world.store import Unit

ROWS = 2_000
"""So many rows are written by one statement at the most."""
_LOCK = "SELECT lines, pg_current_xact_id()::text FROM sandboxes WHERE sandbox = %b FOR UPDATE"
_BEGIN = "INSERT INTO sandboxes VALUES (%b, 0) ON CONFLICT DO NOTHING"
_LOAD = "SELECT document FROM records WHERE sandbox = %b AND kind = %b AND key = %b"
_LOAD_ALL = """SELECT r.kind, r.key, r.document FROM unnest(%b::text[], %b::bytea[]) AS asked (kind, key)
JOIN records r ON r.sandbox = %b AND r.kind = asked.kind AND r.key = asked.key"""
_PUT = """INSERT INTO records SELECT %b, * FROM unnest(%b::text[], %b::bytea[], %b::bytea[])
ON CONFLICT (sandbox, kind, key) DO UPDATE SET document = excluded.document"""
_BOOK = """INSERT INTO records SELECT %b, 'Account', * FROM unnest(%b::bytea[], %b::bytea[], %b::int8[])
ON CONFLICT (sandbox, kind, key) DO UPDATE SET document = excluded.document, balance = excluded.balance"""
_APPEND = "INSERT INTO lines SELECT %b, * FROM unnest(%b::text[], %b::bytea[], %b::bytea[])"
_ENTER = "INSERT INTO entries SELECT %b, * FROM unnest(%b::text[], %b::bytea[], %b::bytea[], %b::bytea[])"
_LEAVE = """DELETE FROM entries e
USING unnest(%b::text[], %b::bytea[], %b::bytea[]) AS old (index, "values", key)
WHERE e.sandbox = %b AND e.index = old.index AND e."values" = old."values" AND e.key = old.key"""
_COUNT = "UPDATE sandboxes SET lines = %b WHERE sandbox = %b"
_ERASE = (
    "DELETE FROM records WHERE sandbox = %b",
    "DELETE FROM lines WHERE sandbox = %b",
    "DELETE FROM entries WHERE sandbox = %b",
)
_FORGET = "DELETE FROM sandboxes WHERE sandbox = %b"
_FIND = {
    False: "SELECT f.document FROM records f WHERE f.sandbox = %b AND f.kind = %b",
    True: "SELECT f.document FROM lines f WHERE f.sandbox = %b AND f.kind = %b",
}
"""All of a kind, by whether it is logged."""
# A record that is missing is to be seen, hence the outer joins.
_FIND_BY_INDEX = {
    False: """SELECT r.document FROM entries f
LEFT JOIN records r ON r.sandbox = f.sandbox AND r.kind = %b AND r.key = f.leads_to
WHERE f.sandbox = %b AND f.index = %b AND f."values" = %b""",
    True: """SELECT r.document FROM entries f
LEFT JOIN lines r ON r.sandbox = f.sandbox AND r.kind = %b AND r.key = f.leads_to
WHERE f.sandbox = %b AND f.index = %b AND f."values" = %b""",
}

Rows = list[tuple[Any, ...]]


class SandboxRecords:
    """One sandbox as a transaction sees it, and what it adds."""

    __slots__ = ("_ask", "_lines", "_loaded", "_sandbox", "transaction")

    def __init__(self, connection: Connection[Any], sandbox: bytes) -> None:
        self._ask: Callable[..., Any] = connection.cursor(binary=True).execute
        self._sandbox = sandbox
        self._loaded: dict[tuple[type, str], Any] = {}
        self._lines = 0
        self.transaction = ""
        """By what name the database knows the transaction; a question has none."""

    def lock(self) -> None:
        """Wait until nobody else is at work in the sandbox, in any process; until the transaction ends."""
        while (row := self._ask(_LOCK, [self._sandbox]).fetchone()) is None:
            self._ask(_BEGIN, [self._sandbox])  # who drops it at this moment takes it away again
        self._lines, self.transaction = row

    def load(self, kind: type[Any], key: str) -> Any:
        """The record with that key, decoded once in a unit."""
        loaded = self._loaded
        if (kind, key) not in loaded:
            tail = shortened(key.encode(), KEY_BYTES)
            found = self._ask(_LOAD, [self._sandbox, kind.__name__, tail]).fetchone()
            loaded[kind, key] = None if found is None else DOCUMENTS[kind].decoded(found[0])
        return loaded[kind, key]

    def select(
        self, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        """Records by an index, in the order of their keys; logged ones in the order of arrival."""
        document = DOCUMENTS[kind]
        question, values = question_for(document, self._sandbox, equals, up_to, limit)
        found = [document.decoded(kept) for (kept,) in self._ask(question, values)]
        return found[::-1] if document.logged and limit is not None else found

    def keep(self, unit: Unit) -> None:
        """Write what a unit put and appended, in place of all there was if it has cleared the sandbox."""
        if unit.cleared:
            self._erase()
        else:
            self._load_indexed(unit.put_records)
        changes = _Changes()
        for (kind, key), record in unit.put_records.items():
            before = None if unit.cleared else self._loaded.get((kind, key))
            changes.put(DOCUMENTS[kind], shortened(key.encode(), KEY_BYTES), before, record)
        for logged in unit.appended:
            self._lines += 1
            changes.append(DOCUMENTS[type(logged)], self._lines.to_bytes(NUMBER_BYTES), logged)
        self._write(changes)
        if unit.appended:
            self._ask(_COUNT, [Int8(self._lines), self._sandbox])
        if unit.cleared and not unit.put_records and not unit.appended:
            self._ask(_FORGET, [self._sandbox])

    def _write(self, changes: "_Changes") -> None:
        for part in _columns(changes.left):
            self._ask(_LEAVE, [*part, self._sandbox])
        for statement, rows in (
            (_PUT, changes.records),
            (_BOOK, changes.accounts),
            (_APPEND, changes.lines),
            (_ENTER, changes.entered),
        ):
            for part in _columns(rows):
                self._ask(statement, [self._sandbox, *part])

    def _erase(self) -> None:
        for statement in _ERASE:
            self._ask(statement, [self._sandbox])

    def _load_indexed(self, put: Iterable[tuple[type[Any], str]]) -> None:
        """Load what takes its entries along when it is replaced, all at once."""
        missing = {
            (kind.__name__, shortened(key.encode(), KEY_BYTES)): (kind, key)
            for kind, key in put
            if DOCUMENTS[kind].indexes and (kind, key) not in self._loaded
        }
        for part in _columns(list(missing)):
            for name, tail, kept in self._ask(_LOAD_ALL, [*part, self._sandbox]):
                kind, key = missing[name, tail]
                self._loaded[kind, key] = DOCUMENTS[kind].decoded(kept)


class _Changes:
    """The rows that a unit writes."""

    def __init__(self) -> None:
        self.records: Rows = []
        self.accounts: Rows = []
        self.lines: Rows = []
        self.left: Rows = []
        self.entered: Rows = []

    def put(self, document: Document, tail: bytes, before: Any, record: Record) -> None:
        encoded = document.encoded(record)
        if isinstance(record, Account):
            self.accounts.append((tail, encoded, Int8(record.balance)))
        else:
            self.records.append((document.kind.__name__, tail, encoded))
        self._enter(document, tail, before, record)

    def append(self, document: Document, tail: bytes, logged: Any) -> None:
        self.lines.append((document.kind.__name__, tail, document.encoded(logged)))
        self._enter(document, tail, None, logged)

    def _enter(self, document: Document, tail: bytes, before: Any, after: Any) -> None:
        """Let the indexes know a record; only where its values are other ones."""
        for index in document.indexes:
            values = index.key_of(index.values(after))
            key = b"" if index.unique else tail
            if before is not None:
                old = index.key_of(index.values(before))
                if old == values:
                    continue
                self.left.append((index.text, old, key))
            self.entered.append((index.text, values, key, tail))


def question_for(
    document: Document, sandbox: bytes, equals: dict[str, Any], up_to: str | None, limit: int | None
) -> tuple[str, list[Any]]:
    """The statement that finds records, and its values."""
    name = document.kind.__name__
    values: list[Any] = [sandbox, name]
    question = _FIND[document.logged]
    if equals:
        index = document.index(tuple(equals))
        question = _FIND_BY_INDEX[document.logged]
        values = [name, sandbox, index.text, index.key_of(tuple(equals.values()))]
    if up_to is not None:
        question += " AND f.key <= %b"
        values.append(shortened(up_to.encode(), KEY_BYTES))
    question += f" ORDER BY f.key{' DESC' if document.logged and limit is not None else ''}"
    if limit is not None:
        question += " LIMIT %b"
        values.append(Int8(limit))
    return question, values


def _columns(rows: Sequence[tuple[Any, ...]]) -> Iterator[list[list[Any]]]:
    """Rows as columns, in parts that one statement takes."""
    for start in range(0, len(rows), ROWS):
        yield [list(column) for column in zip(*rows[start : start + ROWS], strict=True)]
