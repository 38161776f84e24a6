"""The tables, one a record, and their statements: SQL that is written once for every engine.

A table's columns are its record's fields behind the sandbox's name.  Statements are compiled
once and then run through the driver; rows and records are turned into each other by a codec
per kind.
"""

import sqlite3
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import chain
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect

from prakerja_sim.simulator.ledger.ledger import FAMILIES, Account, overdrawn
from prakerja_sim.simulator.stores.kinds import KEPT, LOGGED
from prakerja_sim.simulator.values.clock import from_microseconds, to_microseconds
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Logged

METADATA = sa.MetaData()
AT_ONCE = (64, 8, 1)
"""So many rows are written by one statement."""


@dataclass(frozen=True)
class _Code:
    column: type[sa.types.TypeEngine[Any]]
    encode: Callable[[Any], Any] | None = None
    decode: Callable[[Any], Any] | None = None
    counts: bool = False
    """Whether a value may be a number of any size."""


_CODES: dict[type, _Code] = {
    str: _Code(sa.Text),
    int: _Code(sa.BigInteger, counts=True),
    bool: _Code(sa.Boolean, int, bool),
    Rupiah: _Code(sa.BigInteger, attrgetter("amount"), Rupiah, counts=True),
    datetime: _Code(sa.BigInteger, to_microseconds, from_microseconds),
    date: _Code(sa.Text, date.isoformat, date.fromisoformat),
}


def _code(hint: Any) -> tuple[_Code, bool]:
    """A type hint's code, and whether the value may be missing."""
    parts = typing.get_args(hint)
    optional = type(None) in parts
    if optional:
        (hint,) = (part for part in parts if part is not type(None))
    hint = getattr(hint, "__supertype__", hint)
    if issubclass(hint, Enum):
        as_number = issubclass(hint, int)
        stored = sa.BigInteger if as_number else sa.Text
        return _Code(stored, attrgetter("value"), {m.value: m for m in hint}.__getitem__), optional
    return _CODES[hint], optional


def _or_none(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Reads these attributes, however many."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


class Table:
    """One kind of record: its table, its statements and its codec."""

    def __init__(self, kind: type[Any], dialect: Dialect) -> None:
        self.kind = kind
        self.names: tuple[str, ...] = kind.__struct_fields__
        self.logged = issubclass(kind, Logged)
        self.table = METADATA.tables[kind.__name__.lower()]
        self.unique = any(isinstance(one, sa.UniqueConstraint) for one in self.table.constraints)
        """Whether rows are judged by other rows beside the one with their key."""
        hints = typing.get_type_hints(kind)
        self._values = attrgetter(*self.names)
        self._encoders: list[tuple[int, Callable[[Any], Any]]] = []
        self._decoders: list[tuple[int, Callable[[Any], Any]]] = []
        self._encoder_of: dict[str, Callable[[Any], Any]] = {}
        required, numbers = [], []
        for at, name in enumerate(self.names):
            code, optional = _code(hints[name])
            if not optional:
                required.append(name)
            if code.counts:
                numbers.append(name)
            if code.encode:
                encode = _or_none(code.encode) if optional else code.encode
                self._encoders.append((at + 1, encode))
                self._encoder_of[name] = encode
            if code.decode:
                self._decoders.append((at, _or_none(code.decode) if optional else code.decode))
        self._required, self._numbers = _getter(required), _getter(numbers)
        self._dialect = dialect
        self._places = range(len(self.names))
        self._updates: dict[tuple[int, ...], tuple[str, list[tuple[int, Callable[[Any], Any] | None]]]] = {}
        self._selects: dict[tuple[tuple[str, ...], bool], str] = {}
        self.write = self._compiled(self._insert())
        places = f"({', '.join('?' * (len(self.names) + 1))})"
        self._writes = {many: self.write.replace(places, ", ".join([places] * many)) for many in AT_ONCE}
        self.load = self._compiled(
            self._select_columns().where(
                self.table.c.sandbox == sa.bindparam("s"), self._key() == sa.bindparam("k")
            )
        )

    def row(self, sandbox: str, record: Any) -> list[Any]:
        """A record as its row."""
        row = [sandbox, *self._values(record)]
        for at, encode in self._encoders:
            row[at] = encode(row[at])
        return row

    def check(self, record: Any) -> None:
        """Refuse what the table would refuse when its turn comes: a bug, named without its values."""
        if self.kind is Account and overdrawn(record):
            raise sqlite3.IntegrityError("Account breaks no_overdraft")
        if None in self._required(record):
            raise sqlite3.IntegrityError(f"{self.kind.__name__} lacks a value that its table needs")
        for value in self._numbers(record):
            number = value.amount if type(value) is Rupiah else value
            if number is not None and not -(2**63) <= number < 2**63:
                raise OverflowError(f"{self.kind.__name__} has a number that no column can hold")

    def writes(self, sandbox: str, versions: Iterable[tuple[Any, Any]]) -> dict[str, list[Any]]:
        """The statements, each with its rows, that turn versions of records into others.

        A record whose version in the table is not known is written whole, many by one statement: the
        driver lets go of the interpreter for each, and waits until it gets it back.
        """
        rows, writes = [], dict[str, list[Any]]()
        for before, after in versions:
            if before is None:
                rows.append(self.row(sandbox, after))
            elif (change := self.change(sandbox, before, after)) is not None:
                writes.setdefault(change[0], []).append(change[1])
        at = 0
        for many, statement in self._writes.items():
            while len(rows) - at >= many:
                writes.setdefault(statement, []).append(list(chain.from_iterable(rows[at : at + many])))
                at += many
        return writes

    def change(self, sandbox: str, before: Any, after: Any) -> tuple[str, list[Any]] | None:
        """The statement and row that turn one version of a record into another; None if they are equal.

        Only what changed is written: SQLite rewrites every index of which a column is mentioned.
        """
        old, new = self._values(before), self._values(after)
        changed = tuple(
            at for at, was, is_ in zip(self._places, old, new, strict=True) if is_ is not was and is_ != was
        )
        if not changed:
            return None
        update = self._updates.get(changed)
        if update is None:
            update = self._updates[changed] = self._update(changed)
        statement, encoders = update
        row = [encode(new[at]) if encode else new[at] for at, encode in encoders]
        row += (sandbox, new[0])
        return statement, row

    def _update(self, changed: tuple[int, ...]) -> tuple[str, list[tuple[int, Callable[[Any], Any] | None]]]:
        names = [self.names[at] for at in changed]
        update = sa.update(self.table).values({name: sa.bindparam(f"v_{name}") for name in names})
        update = update.where(self.table.c.sandbox == sa.bindparam("s"), self._key() == sa.bindparam("k"))
        encoders = [(at, self._encoder_of.get(name)) for at, name in zip(changed, names, strict=True)]
        return self._compiled(update), encoders

    def record(self, row: Any) -> Any:
        """A row as its record."""
        values = list(row)
        for at, decode in self._decoders:
            values[at] = decode(values[at])
        return self.kind(*values)

    def select(self, names: tuple[str, ...], bounded: bool) -> str:
        """The statement that finds by these fields: sandbox, the fields, the bound, the limit."""
        statement = self._selects.get((names, bounded))
        if statement is None:
            if names and names not in self.kind.INDEXES:
                raise KeyError(
                    f"{self.kind.__name__} has no index on {', '.join(names)}; declare it in INDEXES"
                )
            columns = self.table.c
            query = self._select_columns().where(columns.sandbox == sa.bindparam("s"))
            for name in names:
                query = query.where(columns[name].is_not_distinct_from(sa.bindparam(f"f_{name}")))
            if bounded:
                query = query.where(self._key() <= sa.bindparam("up_to"))
            # A log is read newest first, so that a limit keeps the newest.
            query = query.order_by(columns.position.desc() if self.logged else self._key())
            statement = self._compiled(query.limit(sa.bindparam("limit")))
            self._selects[names, bounded] = statement
        return statement

    def encoded(self, name: str, value: Any) -> Any:
        """One field's value as stored."""
        encode = self._encoder_of.get(name)
        return encode(value) if encode else value

    def _key(self) -> sa.Column[Any]:
        return self.table.c[self.names[0]]

    def _select_columns(self) -> sa.Select[Any]:
        return sa.select(*(self.table.c[name] for name in self.names))

    def _insert(self) -> Any:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in ("sandbox", *self.names)}
        if self.logged:
            return sa.insert(self.table).values(values)
        insert = sqlite.insert(self.table).values(values)
        changed = {name: insert.excluded[name] for name in self.names[1:]}
        keys = [self.table.c.sandbox, self._key()]
        return insert.on_conflict_do_update(index_elements=keys, set_=changed)

    def _compiled(self, statement: Any) -> str:
        return str(statement.compile(dialect=self._dialect))


def _define(kind: type[Any]) -> None:
    name = kind.__name__.lower()
    hints = typing.get_type_hints(kind)
    logged = issubclass(kind, Logged)
    columns: list[Any] = [sa.Column("sandbox", sa.Text, nullable=False, primary_key=not logged)]
    if logged:
        columns.insert(0, sa.Column("position", sa.Integer, primary_key=True))
    for at, field in enumerate(kind.__struct_fields__):
        code, optional = _code(hints[field])
        columns.append(sa.Column(field, code.column, nullable=optional, primary_key=at == 0 and not logged))
    constraints: list[Any] = list(CHECKS.get(name, ()))
    for names in kind.INDEXES:
        if names in COVERED.get(name, ()):
            continue
        ordered = names if logged else (*names, kind.__struct_fields__[0])
        constraints.append(sa.Index(f"{name}_by_{'_'.join(names)}", "sandbox", *ordered))
    sa.Table(name, METADATA, *columns, *constraints, sqlite_with_rowid=logged)


SOURCES = [family for family, kind in FAMILIES.items() if kind.source]
"""The accounts from which things come, which alone may be overdrawn."""

CHECKS: dict[str, tuple[Any, ...]] = {
    "account": (
        sa.CheckConstraint(
            " OR ".join(["balance >= 0", *(f"name LIKE '{family}:%'" for family in SOURCES)]),
            name="no_overdraft",
        ),
    ),
    "transfer": (sa.CheckConstraint("amount > 0 AND source <> target", name="balanced"),),
    "entry": (sa.UniqueConstraint("sandbox", "subject", "n", name="no_fork"),),
    "incentive": (sa.UniqueConstraint("sandbox", "card", "slot", name="slot_once"),),
}

COVERED: dict[str, tuple[tuple[str, ...], ...]] = {"entry": (("subject",),)}
"""Indexes that a constraint above brings with it."""

for _kind in (*KEPT, *LOGGED):
    _define(_kind)

sa.Table("dropping", METADATA, sa.Column("sandbox", sa.Text, primary_key=True))
"""Names a sandbox while it is removed whole; only then may its log lines go."""

sa.Table(
    "folded",
    METADATA,
    sa.Column("store", sa.Text, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
)
"""One row: the store's own id, and the last batch of the redo log that the tables have."""


def erase(db: sqlite3.Connection, sandbox: str) -> None:
    """Remove a sandbox from all tables, its logs included."""
    db.execute("INSERT INTO dropping (sandbox) VALUES (?)", (sandbox,))
    for table in METADATA.sorted_tables:
        if "sandbox" in table.c and table.name != "dropping":
            db.execute(f'DELETE FROM "{table.name}" WHERE sandbox = ?', (sandbox,))
    db.execute("DELETE FROM dropping WHERE sandbox = ?", (sandbox,))
