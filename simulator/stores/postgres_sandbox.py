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

MOST_REMEMBERED = 20_000
"""So many records of a sandbox a process remembers between units of work."""
ROWS = 2_000
"""So many rows are written by one statement at the most."""
_LOCK = """SELECT lines, written::text, pg_current_xact_id()::text FROM sandboxes
WHERE sandbox = %b FOR UPDATE"""
_BEGIN = "INSERT INTO sandboxes VALUES (%b, 0, pg_current_xact_id()) ON CONFLICT DO NOTHING"
_LOAD = "SELECT document FROM records WHERE sandbox = %b AND kind = %b AND key = %b"
_LOAD_ALL = """SELECT r.kind, r.key, r.document FROM unnest(%b::text[], %b::bytea[]) AS asked (kind, key)
JOIN records r ON r.sandbox = %b AND r.kind = asked.kind AND r.key = asked.key"""
_LEAVE = """DELETE FROM entries e
USING unnest(%b::text[], %b::bytea[], %b::bytea[]) AS old (index, "values", key)
WHERE e.sandbox = %b AND e.index = old.index AND e."values" = old."values" AND e.key = old.key"""
_WRITE = """WITH counted AS (
    UPDATE sandboxes SET lines = %(lines)b, written = %(transaction)b::text::xid8 WHERE sandbox = %(sandbox)b
), put AS (
    INSERT INTO records SELECT %(sandbox)b, * FROM unnest(%(r0)b::text[], %(r1)b::bytea[], %(r2)b::bytea[])
    ON CONFLICT (sandbox, kind, key) DO UPDATE SET document = excluded.document
), booked AS (
    INSERT INTO records
    SELECT %(sandbox)b, 'Account', * FROM unnest(%(a0)b::bytea[], %(a1)b::bytea[], %(a2)b::int8[])
    ON CONFLICT (sandbox, kind, key) DO UPDATE SET document = excluded.document, balance = excluded.balance
), appended AS (
    INSERT INTO lines SELECT %(sandbox)b, * FROM unnest(%(l0)b::text[], %(l1)b::bytea[], %(l2)b::bytea[])
), entered AS (
    INSERT INTO entries SELECT %(sandbox)b, *
    FROM unnest(%(e0)b::text[], %(e1)b::bytea[], %(e2)b::bytea[], %(e3)b::bytea[])
) SELECT"""
"""All that a unit writes, in one statement: each statement is a way to the database and back."""
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


class Remembered:
    """What a process has read of a sandbox, which holds as long as no other transaction wrote into it."""

    __slots__ = ("records", "written")

    def __init__(self) -> None:
        self.written = ""
        """The transaction that wrote last."""
        self.records: dict[tuple[type, str], Any] = {}

    def as_of(self, written: str) -> None:
        """Forget all if another process, or a commit whose answer was lost, has written since."""
        if written != self.written or len(self.records) > MOST_REMEMBERED:
            self.records.clear()
        self.written = written


class SandboxRecords:
    """One sandbox as a transaction sees it, and what it adds."""

    __slots__ = ("_ask", "_lines", "_loaded", "_remembered", "after", "before", "sandbox", "transaction")

    def __init__(
        self, connection: Connection[Any], sandbox: bytes, remembered: Remembered | None = None
    ) -> None:
        self._ask: Callable[..., Any] = connection.cursor(binary=True).execute
        self.sandbox = sandbox
        self._remembered = Remembered() if remembered is None else remembered
        self._loaded = self._remembered.records
        self._lines = 0
        self.transaction = ""
        """By what name the database knows the transaction; a question has none."""
        self.before: str | None = None
        self.after: str | None = None
        """Which transaction the sandbox's row names without and with this one; None if there is no row."""

    def lock(self) -> None:
        """Wait until nobody else is at work in the sandbox, in any process; until the transaction ends."""
        while (row := self._ask(_LOCK, [self.sandbox]).fetchone()) is None:
            self._ask(_BEGIN, [self.sandbox])  # who drops it at this moment takes it away again
        self._lines, written, self.transaction = row
        self.before = None if written == self.transaction else written  # else it has made the row itself
        self.after = self.transaction
        self._remembered.as_of(written)

    def kept(self, unit: Unit) -> None:
        """Remember what a unit wrote, now that it is committed."""
        if unit.cleared:
            self._loaded.clear()
        self._loaded.update(unit.put_records)
        self._remembered.written = self.transaction

    def load(self, kind: type[Any], key: str) -> Any:
        """The record with that key, decoded once in a unit."""
        loaded = self._loaded
        if (kind, key) not in loaded:
            tail = shortened(key.encode(), KEY_BYTES)
            found = self._ask(_LOAD, [self.sandbox, kind.__name__, tail]).fetchone()
            loaded[kind, key] = None if found is None else DOCUMENTS[kind].decoded(found[0])
        return loaded[kind, key]

    def select(
        self, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        """Records by an index, in the order of their keys; logged ones in the order of arrival."""
        document = DOCUMENTS[kind]
        question, values = question_for(document, self.sandbox, equals, up_to, limit)
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
        if unit.cleared and not unit.put_records and not unit.appended:
            self._ask(_FORGET, [self.sandbox])
            self.after = None

    def _write(self, changes: "_Changes") -> None:
        for part in _columns(changes.left):
            self._ask(_LEAVE, [*part, self.sandbox])
        of_all = {"sandbox": self.sandbox, "lines": Int8(self._lines), "transaction": self.transaction}
        tables = (("r", 3, changes.records), ("a", 3, changes.accounts), ("l", 3, changes.lines))
        parts = [(name, width, _columns(rows)) for name, width, rows in (*tables, ("e", 4, changes.entered))]
        for _ in range(0, max(changes.longest, 1), ROWS):
            values: dict[str, Any] = {}
            for name, width, columns in parts:
                part = next(columns, [[]] * width)
                values |= {f"{name}{number}": column for number, column in enumerate(part)}
            self._ask(_WRITE, of_all | values)

    def _erase(self) -> None:
        """Remove every row but the sandbox's own, which is locked."""
        for statement in _ERASE:
            self._ask(statement, [self.sandbox])

    def _load_indexed(self, put: Iterable[tuple[type[Any], str]]) -> None:
        """Load what takes its entries along when it is replaced, all at once."""
        missing = {
            (kind.__name__, shortened(key.encode(), KEY_BYTES)): (kind, key)
            for kind, key in put
            if DOCUMENTS[kind].indexes and (kind, key) not in self._loaded
        }
        for part in _columns(list(missing)):
            for name, tail, kept in self._ask(_LOAD_ALL, [*part, self.sandbox]):
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

    @property
    def longest(self) -> int:
        """How many rows the table gets that gets the most."""
        return max(map(len, (self.records, self.accounts, self.lines, self.entered)))

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
