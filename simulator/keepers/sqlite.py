"""Keeps sandboxes in one SQLite file: WAL, synchronous FULL, one writer thread, group commit.

Units of work queue to the writer and see each other's writes in memory.  A batch is written into
the tables, whose constraints judge it, and then made durable by one COMMIT of the redo log
beside them (`simulator.keepers.redo`), whose fsync answers many.  Nobody is answered before
that, so what was answered survives a cut of the power.
"""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

from sqlalchemy.dialects import sqlite

from simulator.keepers.connection import locked, opened
from simulator.keepers.migrate import StoreRefused, check, migrate
from simulator.keepers.redo import Redo, Writes, recover
from simulator.keepers.shelf import Shelf
from simulator.keepers.tables import METADATA, Table
from simulator.records import KEPT, LOGGED
from simulator.settings import Settings
from simulator.store import Unit

T = TypeVar("T")
DEFAULTS = Settings()
MOST_IN_A_BATCH = 64
LEARNED_AT_MOST = 500_000
"""Records read or written before memory is emptied; they take half a kilobyte each."""
WHOLE_AT_MOST = 10_000
"""A kind with at most so many records in its sandbox is read as a whole when it is first asked for."""
FOLD_ROWS = 20_000
"""The tables are committed after so many rows: less often, and a restart after a kill takes longer."""
IDLE_SECONDS = 0.2
"""Or when nothing came for so long, so that other programs soon see in the file what happened."""


class _Job:
    """A unit of work on its way through the writer."""

    __slots__ = ("_done", "error", "result", "sandbox", "seed", "settings", "work")

    def __init__(self, sandbox: str, work: Callable[[Unit], Any], seed: int, settings: Settings) -> None:
        self.sandbox = sandbox
        self.work = work
        self.seed = seed
        self.settings = settings
        self.result: Any = None
        self.error: BaseException | None = None
        self._done = threading.Lock()
        self._done.acquire()

    def wait(self) -> None:
        self._done.acquire()

    def finish(self) -> None:
        self._done.release()


class SQLite:
    """The store port over one file; only one process may have it open."""

    def __init__(self, path: Path, durability: str = "full") -> None:
        self._lock = locked(path)
        try:
            check(path)
            recover(path)
            migrate(path)
            self._db = opened(path, durability)
            self._redo = Redo(path, self._db, durability)
        except BaseException:
            self._lock.close()
            raise
        dialect = sqlite.dialect(paramstyle="qmark")
        self._tables = {kind: Table(kind, dialect) for kind in (*KEPT, *LOGGED)}
        self._shelves: dict[str, Shelf] = {}
        self._learned = 0
        self._dirty: dict[str, Shelf] = {}
        """The sandboxes that changed since the last flush."""
        self._writes: Writes = []
        """What the tables took since the last batch."""
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed = False
        self._writer = threading.Thread(target=self._write, name="sqlite-writer", daemon=True)
        self._writer.start()

    def run(self, sandbox: str, work: Callable[[Unit], T], seed: int = 0, settings: Settings = DEFAULTS) -> T:
        """Queue a unit of work and wait until it is durable."""
        job = _Job(sandbox, work, seed, settings)
        self._queue.put(job)
        if self._closed:
            self._turn_away()
        job.wait()
        if job.error is not None:
            raise job.error
        return cast(T, job.result)

    def drop(self, sandbox: str) -> None:
        """Remove a sandbox whole, its logs included, in one transaction."""
        self.run(sandbox, self._delete)

    def close(self) -> None:
        """Let the queue run empty, then close the file."""
        self._queue.put(None)
        self._writer.join()
        self._closed = True
        self._turn_away()
        self._redo.close()
        self._db.close()
        self._lock.close()

    def _turn_away(self) -> None:
        # Nobody writes any more: whoever came too late is told so instead of waiting for ever.
        while True:
            try:
                late = self._queue.get_nowait()
            except Empty:
                return
            if late is not None:
                late.error = StoreRefused("the store is closed")
                late.finish()

    # Below, everything but the constructor runs on the writer thread.

    def _write(self) -> None:
        while (job := self._next()) is not None:
            batch = [job]
            self._do(job)
            while len(batch) < MOST_IN_A_BATCH:
                try:
                    following = self._queue.get_nowait()
                except Empty:
                    break
                if following is None:
                    self._queue.put(None)
                    break
                batch.append(following)
                self._do(following)
            self._commit(batch)
            for done in batch:
                done.finish()
            if self._redo.waiting >= FOLD_ROWS:
                self._fold()
        self._fold()

    def _next(self) -> _Job | None:
        while self._redo.waiting:
            try:
                return self._queue.get(timeout=IDLE_SECONDS)
            except Empty:
                self._fold()
        return self._queue.get()

    def _do(self, job: _Job) -> None:
        """Run one unit; its writes wait in memory, seen by the units after it, for the commit."""
        shelf = self._shelves.get(job.sandbox)
        if shelf is None:
            shelf = self._shelves[job.sandbox] = Shelf(self, job.sandbox)
        unit = Unit(shelf, job.seed, job.settings)
        try:
            if self._redo.waiting and not self._db.in_transaction:
                self._redo.replay()  # what the tables had taken before they were rolled back
            job.result = job.work(unit)
        except BaseException as problem:  # handed to the thread that waits, whatever it is
            job.error = problem
            return
        if unit.put_records or unit.appended:
            shelf.keep(unit)
            self._dirty[job.sandbox] = shelf
            self._learned += len(unit.put_records)

    def _commit(self, batch: list[_Job]) -> None:
        """Make the batch durable; if the file refuses it, each unit again by itself."""
        try:
            for job in batch:
                if isinstance(job.error, sqlite3.Error):
                    raise job.error  # it was to look at what waited, which may be half written
            self._finish()
        except Exception:  # whatever it is: one bad unit must not fail its neighbours
            self._forget()
            for job in batch:
                self._do_alone(job)
        if self._learned > LEARNED_AT_MOST:
            self._unlearn()

    def _do_alone(self, job: _Job) -> None:
        job.error = None
        self._do(job)
        try:
            self._finish()
        except Exception as problem:  # handed to the thread that waits, whatever it is
            self._forget()
            job.error = problem

    def _finish(self) -> None:
        self._flush()
        if self._writes:
            self._redo.keep(self._writes)
            self._writes = []

    def _flush(self) -> None:
        """Write what waits: of each record its last version, each kind at once."""
        if not self._dirty:
            return
        writes: dict[str, list[Any]] = {}
        for sandbox, shelf in self._dirty.items():
            for (kind, key), before in shelf.changed.items():
                table, record = self._tables[kind], shelf.records[kind, key]
                if before is None:
                    writes.setdefault(table.write, []).append(table.row(sandbox, record))
                elif (change := table.change(sandbox, before, record)) is not None:
                    writes.setdefault(change[0], []).append(change[1])
            for logged in shelf.logged:
                table = self._tables[type(logged)]
                writes.setdefault(table.write, []).append(table.row(sandbox, logged))
        for statement, rows in writes.items():
            self._execute(statement, rows)
        self._clean()

    def _execute(self, statement: str, rows: list[Any]) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
        self._writes.append((statement, rows))
        self._db.executemany(statement, rows)

    def _forget(self) -> None:
        """Undo what is not durable, of which nobody has heard; the log gives the rest back."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._clean()
        self._unlearn()
        self._writes = []

    def _clean(self) -> None:
        for shelf in self._dirty.values():
            shelf.changed.clear()
            shelf.logged.clear()
        self._dirty.clear()

    def _unlearn(self) -> None:
        for shelf in self._shelves.values():
            shelf.records.clear()
            shelf.whole.clear()
        self._learned = 0

    def _fold(self) -> None:
        # Everything is durable in the log; a disk that is full now may take it the next time.
        with suppress(sqlite3.OperationalError):
            if self._db.in_transaction:
                self._redo.fold()

    def _delete(self, unit: Unit) -> None:
        sandbox = cast(Shelf, unit.source).sandbox
        self._flush()
        self._shelves.pop(sandbox)
        self._execute("INSERT INTO dropping (sandbox) VALUES (?)", [(sandbox,)])
        for table in METADATA.sorted_tables:
            if "sandbox" in table.c and table.name != "dropping":
                self._execute(f'DELETE FROM "{table.name}" WHERE sandbox = ?', [(sandbox,)])
        self._execute("DELETE FROM dropping WHERE sandbox = ?", [(sandbox,)])

    def read(self, sandbox: str, kind: type[Any], key: str) -> Any:
        """One record by its key, from the file."""
        self._learned += 1
        table = self._tables[kind]
        row = self._db.execute(table.load, (sandbox, key)).fetchone()
        return None if row is None else table.record(row)

    def read_whole(self, sandbox: str, kind: type[Any]) -> list[Any] | None:
        """All records of a kind, from the file; None if they are too many."""
        table = self._tables[kind]
        rows = self._db.execute(table.select((), False), (sandbox, WHOLE_AT_MOST + 1, 0)).fetchall()
        if len(rows) > WHOLE_AT_MOST:
            return None
        self._learned += len(rows)
        return [table.record(row) for row in rows]

    def select(
        self, sandbox: str, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        """Records by an index; what waits is written first, so that the index knows it."""
        self._flush()
        table = self._tables[kind]
        values = [sandbox, *(table.encoded(name, value) for name, value in equals.items())]
        if up_to is not None:
            values.append(up_to)
        statement = table.select(tuple(equals), up_to is not None)
        rows = self._db.execute(statement, (*values, -1 if limit is None else limit, 0)).fetchall()
        found = [table.record(row) for row in rows]
        return found[::-1] if table.logged else found
