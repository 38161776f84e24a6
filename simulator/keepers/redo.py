"""The redo log: what a batch of units wrote, durable at once, until the tables have it for good.

A batch changes a hundred pages of the tables; its rows one behind the other fill a handful.  So
each goes into this file beside them with a short COMMIT, after the tables judged it, while their
transaction stays open and takes many batches with one COMMIT ("folding").  What a killed process
left here is written into the tables at the next start, by the statements that it names: they fit
the tables as they were, so this comes before any migration.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from simulator.keepers.connection import opened
from simulator.keepers.migrate import StoreRefused

Writes = list[tuple[str, list[Any]]]
"""Statements in their order, each with its rows."""


class Redo:
    """The log beside one file of tables."""

    def __init__(self, path: Path, tables: sqlite3.Connection, durability: str) -> None:
        self._tables = tables
        self._db = opened(beside(path), durability)
        store, folded = tables.execute("SELECT store, number FROM folded").fetchone()
        _made_for(self._db, store)
        self._number: int = folded
        self.waiting = 0
        """How many rows the tables have taken and not committed."""

    def keep(self, writes: Writes) -> None:
        """Make a batch durable; when this returns, a cut of the power does not undo it."""
        row = (self._number + 1, msgspec.msgpack.encode(writes))
        self._db.execute("INSERT INTO batch (number, writes) VALUES (?, ?)", row)
        self._number += 1
        self.waiting += sum(len(rows) for _, rows in writes)

    def fold(self) -> None:
        """Commit what the tables have taken; the log forgets it."""
        self._tables.execute("UPDATE folded SET number = ?", (self._number,))
        self._tables.execute("COMMIT")
        self._db.execute("DELETE FROM batch")
        self.waiting = 0

    def replay(self) -> None:
        """Give the tables again what they lost with an open transaction."""
        self._number = _replay(self._db, self._tables)
        self._db.execute("DELETE FROM batch")
        self.waiting = 0

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def beside(path: Path) -> Path:
    """Where the log of a file of tables is."""
    return Path(f"{path}.redo")


def recover(path: Path) -> None:
    """Write into the tables what a killed process left in the log; do it again after a kill meanwhile."""
    log = beside(path)
    if not log.exists():
        return
    if not path.exists() or path.stat().st_size == 0:
        # Somebody removed the tables to begin again; the log is of no use without them.
        for name in (log, Path(f"{log}-wal"), Path(f"{log}-shm")):
            name.unlink(missing_ok=True)
        return
    with closing(opened(log, "full")) as db, closing(opened(path, "full")) as tables:
        (store,) = tables.execute("SELECT store FROM folded").fetchone()
        _made_for(db, store)
        try:
            _replay(db, tables)
        except sqlite3.Error as problem:
            raise StoreRefused(f"{log} does not fit {path} ({problem}); restore both or remove it") from None
        db.execute("DELETE FROM batch")


def _replay(db: sqlite3.Connection, tables: sqlite3.Connection) -> int:
    """All or nothing; batches that the tables have are passed over, so it can be repeated.

    Answers the number of the last batch that the tables have.
    """
    (folded,) = tables.execute("SELECT number FROM folded").fetchone()
    found = db.execute("SELECT number, writes FROM batch WHERE number > ? ORDER BY number", (folded,))
    tables.execute("BEGIN IMMEDIATE")
    try:
        for number, writes in found:
            if number != folded + 1:
                raise sqlite3.IntegrityError(f"batch {folded + 1} is missing")
            for statement, rows in msgspec.msgpack.decode(writes):
                tables.executemany(statement, rows)
            folded = number
        tables.execute("UPDATE folded SET number = ?", (folded,))
        tables.execute("COMMIT")
    except BaseException:
        if tables.in_transaction:
            tables.execute("ROLLBACK")
        raise
    last: int = folded
    return last


def _made_for(db: sqlite3.Connection, store: str) -> None:
    """Make the log's tables, once; one of another store is refused unless it is empty."""
    db.execute("CREATE TABLE IF NOT EXISTS batch (number INTEGER PRIMARY KEY, writes BLOB NOT NULL)")
    db.execute("CREATE TABLE IF NOT EXISTS made_for (store TEXT NOT NULL)")
    row = db.execute("SELECT store FROM made_for").fetchone()
    if row is not None and row[0] == store:
        return
    if db.execute("SELECT 1 FROM batch LIMIT 1").fetchone() is not None:
        (file,) = (row[2] for row in db.execute("PRAGMA database_list") if row[1] == "main")
        raise StoreRefused(f"{file} belongs to another store; restore that one or remove {file}")
    db.execute("DELETE FROM made_for")
    db.execute("INSERT INTO made_for VALUES (?)", (store,))
