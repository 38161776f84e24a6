"""The redo log: what a batch of units wrote, durable at once, until the tables have it for good.

A batch changes a hundred pages of the tables; its records one behind the other fill one or two.
So each is written into this file beside them and synchronized, and the tables take many batches
with one COMMIT ("folding").  Then the log begins at its start again, over what it held.  What a
killed process left here is written into the tables at the next start.
"""

import errno
import os
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from io import FileIO
from pathlib import Path
from typing import Any, Union
from zlib import crc32

from msgspec import Raw, msgpack

from prakerja_sim.simulator.stores.connection import opened
from prakerja_sim.simulator.stores.kinds import KEPT, LOGGED
from prakerja_sim.simulator.stores.migrate import HEAD
from prakerja_sim.simulator.stores.tables import Table, erase
from prakerja_sim.simulator.values.errors import StoreUnusable

Tables = Mapping[type, Table]
_Kinds = Union[(*KEPT, *LOGGED)]  # type: ignore[valid-type]  # made of a tuple
_LINES = msgpack.Decoder(list[tuple[str, list[_Kinds] | None]])
FRONT = struct.Struct("<QQI")
"""In front of each batch: its number, its length in bytes, its checksum."""


class Redo:
    """The log beside one file of tables."""

    def __init__(self, path: Path, db: sqlite3.Connection, tables: Tables, durability: str) -> None:
        self._path, self._db, self._tables = path, db, tables
        store, self._number = db.execute("SELECT store, number FROM folded").fetchone()
        self._file, self._start = _made_for(beside(path), store)
        self._end = self._start
        self._full = durability == "full"
        self.waiting = 0
        """How many lines the log holds that the tables have not committed."""

    def keep(self, lines: list[Raw]) -> None:
        """Make a batch durable; when this returns, a cut of the power does not undo it.

        OSError if the disk does not take it; the next batch is then written in its place.
        """
        batch, number = msgpack.encode(lines), self._number + 1
        entry = FRONT.pack(number, len(batch), _checksum(number, batch)) + batch
        if os.pwrite(self._file.fileno(), entry, self._end) < len(entry):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(beside(self._path)))
        if self._full:
            os.fdatasync(self._file.fileno())
        self._number = number
        self._end += len(entry)
        self.waiting += len(lines)

    def fold(self) -> None:
        """Commit what the tables have taken, which is all that the log holds; the log forgets it."""
        self._db.execute("UPDATE folded SET number = ?", (self._number,))
        self._db.execute("COMMIT")
        self._restart(self._number)

    def replay(self) -> None:
        """Write all that the log holds into the tables, as if they had taken nothing since the last fold."""
        self._restart(_replay(self._db, self._tables, _entries(self._file, self._start, self._end)))

    def close(self) -> None:
        """Close the file; remove from it what the tables have."""
        if not (self.waiting or self._file.closed):
            self._file.truncate(self._start)
        self._file.close()

    def _restart(self, number: int) -> None:
        self._number, self._end, self.waiting = number, self._start, 0


def beside(path: Path) -> Path:
    """Where the log of a file of tables is."""
    return Path(f"{path}.redo")


def line(sandbox: str, records: Iterable[Any] | None) -> Raw:
    """What a unit wrote, as the log keeps it; no records stand for a sandbox that was removed."""
    return Raw(msgpack.encode((sandbox, records)))


def recover(path: Path, tables: Tables) -> None:
    """Write into the tables what a killed process left in the log; do it again after a kill meanwhile."""
    log = beside(path)
    if not log.exists():
        return
    if not path.exists() or path.stat().st_size == 0:
        log.unlink()  # somebody removed the tables to begin again; the log is of no use without them
        return
    with closing(opened(path, "full")) as db:
        (store,) = db.execute("SELECT store FROM folded").fetchone()
        file, start = _made_for(log, store)
        with file:
            try:
                _replay(db, tables, _entries(file, start, log.stat().st_size))
            except sqlite3.Error as problem:
                raise StoreUnusable(
                    f"{log} does not fit {path} ({problem}); restore both or remove it"
                ) from None


def _replay(db: sqlite3.Connection, tables: Tables, entries: Iterator[tuple[int, bytes]]) -> int:
    """All or nothing; batches that the tables have are passed over, so it can be repeated.

    Answers the number of the last batch that the tables have.
    """
    folded: int
    (folded,) = db.execute("SELECT number FROM folded").fetchone()
    db.execute("BEGIN IMMEDIATE")
    try:
        for number, batch in entries:
            if number <= folded:
                continue
            if number != folded + 1:
                raise sqlite3.IntegrityError(f"batch {folded + 1} is missing")
            for sandbox, records in _LINES.decode(batch):
                if records is None:
                    erase(db, sandbox)
                for record in records or ():
                    table = tables[type(record)]
                    db.execute(table.write, table.row(sandbox, record))
            folded = number
        db.execute("UPDATE folded SET number = ?", (folded,))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return folded


def _checksum(number: int, batch: bytes) -> int:
    return crc32(batch, number % 2**32)


def _entries(file: FileIO, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The batches between two places with their numbers, up to one that was not written whole.

    Behind the last of them may be older ones, which the tables have: numbers go up by one for ever.
    """
    log = file.fileno()
    while at + FRONT.size <= end:
        number, length, checksum = FRONT.unpack(os.pread(log, FRONT.size, at))
        at += FRONT.size
        batch = os.pread(log, min(length, end - at), at)
        if checksum != _checksum(number, batch):
            return
        yield number, batch
        at += length


def _made_for(log: Path, store: str) -> tuple[FileIO, int]:
    """The log, opened, and where its entries start; one that is not for us is refused unless it has none."""
    name = f"redo log of prakerja-sim, schema {HEAD}, store {store}\n".encode()
    file = FileIO(os.open(log, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+")
    if file.read(len(name)) == name:
        return file, len(name)
    if log.stat().st_size > len(name):
        file.close()
        raise StoreUnusable(
            f"{log} holds what another store or version left; start and stop that one first, or remove {log}"
        )
    file.truncate(0)
    os.pwrite(file.fileno(), name, 0)
    os.fsync(file.fileno())
    _keep_name(log)
    return file, len(name)


def _keep_name(log: Path) -> None:
    """A file that was made survives a cut of the power only if its folder was synchronized."""
    folder = os.open(log.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
