"""Keeps sandboxes in one SQLite file: WAL, synchronous FULL, one writer thread, group commit.

Units of work queue to the writer and see each other's writes in memory.  A batch is judged by what
the tables' constraints ask, then made durable by the redo log beside them (`simulator.stores.redo`),
whose fsync answers many.  Nobody is answered before that, so what was answered survives a cut of
the power.  A table takes what waits for it when somebody searches it, and at a fold.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

from msgspec import Raw
from sqlalchemy.dialects import sqlite

from prakerja_sim.simulator.stores.cache import SandboxCache
from prakerja_sim.simulator.stores.connection import locked, opened
from prakerja_sim.simulator.stores.kinds import KEPT, LOGGED
from prakerja_sim.simulator.stores.migrate import check, migrate
from prakerja_sim.simulator.stores.redo import Redo, line, recover
from prakerja_sim.simulator.stores.tables import Table, erase
from prakerja_sim.simulator.values.errors import StoreUnusable
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.store import Unit

T = TypeVar("T")
DEFAULTS = Settings()
MOST_IN_A_BATCH = 64
LEARNED_AT_MOST = 500_000
"""Records read or written before memory is emptied; they take half a kilobyte each."""
WHOLE_AT_MOST = 10_000
"""A kind with at most so many records in its sandbox is read as a whole when it is first asked for."""
FOLD_UNITS = 1_000
"""The tables take all that waits after so many units: less often, and everybody waits longer for it."""
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
        dialect = sqlite.dialect(paramstyle="qmark")
        self._tables = {kind: Table(kind, dialect) for kind in (*KEPT, *LOGGED)}
        self._unique = [kind for kind, table in self._tables.items() if table.unique]
        self._lock = locked(path)
        try:
            check(path)
            recover(path, self._tables)
            migrate(path)
            self._db = opened(path, durability)
            self._redo = Redo(path, self._db, self._tables, durability)
        except BaseException:
            self._lock.close()
            raise
        self._caches: dict[str, SandboxCache] = {}
        self._learned = 0
        self._dirty: dict[str, SandboxCache] = {}
        """The sandboxes for which tables wait."""
        self._batch: list[Raw] = []
        """What the units of this batch wrote."""
        self._half = False
        """Whether a table took only a part of what waited for it."""
        self._lost = False
        """Whether the tables lack what the log holds, since they were rolled back."""
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
        # The writer has ended: a job that came too late gets an error instead of waiting for ever.
        while True:
            try:
                late = self._queue.get_nowait()
            except Empty:
                return
            if late is not None:
                late.error = StoreUnusable("the store is closed")
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
            if self._redo.waiting >= FOLD_UNITS:
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
        name = job.sandbox
        cache = self._caches.get(name) or self._caches.setdefault(name, SandboxCache(self, name))
        world = Unit(cache, job.seed, job.settings)
        try:
            self._restore()
            job.result = job.work(world)
            records = [*world.put_records.values(), *world.appended]
            for record in records:
                self._tables[type(record)].check(record)
            if records:
                self._batch.append(line(name, records))
        except BaseException as problem:  # handed to the thread that waits, whatever it is
            job.error = problem
            return
        if records:
            cache.keep(world)
            self._dirty[name] = cache
            self._learned += len(world.put_records)

    def _commit(self, batch: list[_Job]) -> None:
        """Make the batch durable; if the file refuses it, each unit again by itself."""
        try:
            self._finish(batch)
        except Exception:  # whatever it is: one bad unit must not fail its neighbours
            self._forget()
            for job in batch:
                self._do_alone(job)
        if self._learned > LEARNED_AT_MOST:
            self._forget()  # what the tables do not have yet, the log gives them

    def _do_alone(self, job: _Job) -> None:
        job.error = None
        self._do(job)
        try:
            self._finish([job])
        except Exception as problem:  # handed to the thread that waits, whatever it is
            self._forget()
            job.error = problem

    def _finish(self, batch: list[_Job]) -> None:
        """Make durable what the batch wrote, after the constraints that only the tables can judge."""
        for sandbox in {job.sandbox for job in batch}:
            for kind in self._unique:
                self._write_out(self._caches.get(sandbox), kind)
        if self._half:
            raise sqlite3.OperationalError("a table took only a part of what waited for it")
        if self._batch:
            self._redo.keep(self._batch)
        self._batch = []

    def _write_out(self, cache: SandboxCache | None, kind: type[Any]) -> None:
        """Let a table have what waits for it, so that a search finds it."""
        if cache is None or not cache.waits(kind):
            return
        writes = self._tables[kind].writes(cache.sandbox, cache.waiting(kind))
        with self._changing():
            for statement, rows in writes.items():
                self._db.executemany(statement, rows)
        cache.written(kind)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
        self._half = True
        yield
        self._half = False

    def _forget(self) -> None:
        """Undo what is not durable, of which nobody has heard; the log gives the rest back."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        for cache in self._caches.values():
            cache.forget()
        self._dirty.clear()
        self._batch = []
        self._learned = 0
        self._half = False
        self._lost = self._redo.waiting > 0

    def _restore(self) -> None:
        if self._lost:
            self._redo.replay()
            self._lost = False

    def _fold(self) -> None:
        """Let the tables have everything for good."""
        try:
            self._restore()
            for cache in self._dirty.values():
                for kind in self._tables:
                    self._write_out(cache, kind)
            self._dirty.clear()
            if self._redo.waiting:
                self._redo.fold()
        except Exception:  # whatever it is: the log has it all, and gives it back for the next try
            self._forget()

    def _delete(self, world: Unit) -> None:
        sandbox = cast(SandboxCache, world.source).sandbox
        with self._changing():
            erase(self._db, sandbox)
        self._batch.append(line(sandbox, None))
        for caches in (self._caches, self._dirty):
            caches.pop(sandbox, None)

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
        self._write_out(self._caches.get(sandbox), kind)
        table = self._tables[kind]
        values = [sandbox, *(table.encoded(name, value) for name, value in equals.items())]
        if up_to is not None:
            values.append(up_to)
        statement = table.select(tuple(equals), up_to is not None)
        rows = self._db.execute(statement, (*values, -1 if limit is None else limit, 0)).fetchall()
        records = [table.record(row) for row in rows]
        return records[::-1] if table.logged else records
