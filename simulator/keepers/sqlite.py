"""Keeps sandboxes in one SQLite file: WAL, synchronous FULL, one writer thread, group commit.

Units of work queue to the writer, each in a savepoint; one COMMIT and its fsync answer many.
Nobody is answered before that, so what was answered survives a cut of the power.
"""

import fcntl
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, TypeVar, cast

from sqlalchemy.dialects import sqlite

from simulator.keepers.migrate import StoreRefused, migrate
from simulator.keepers.tables import METADATA, Table
from simulator.records import KEPT, LOGGED, Record
from simulator.settings import Settings
from simulator.store import Unit

T = TypeVar("T")
DEFAULTS = Settings()
MOST_IN_A_BATCH = 64
CACHED_AT_MOST = 50_000
SYNCHRONOUS = {"full": 2, "relaxed": 1}


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
        self._lock = _locked(path)
        try:
            migrate(path)
            self._db = _opened(path, durability)
        except BaseException:
            self._lock.close()
            raise
        dialect = sqlite.dialect(paramstyle="qmark")
        self._tables = {kind: Table(kind, dialect) for kind in (*KEPT, *LOGGED)}
        self._cache: dict[tuple[str, type, str], Record] = {}
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
        while (job := self._queue.get()) is not None:
            batch = [job]
            try:
                self._db.execute("BEGIN IMMEDIATE")
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
                self._db.execute("COMMIT")
            except Exception as problem:  # whatever it is, nobody may wait for ever
                self._lose(batch, problem)
            for done in batch:
                done.finish()

    def _do(self, job: _Job) -> None:
        unit = Unit(_Shelf(self, job.sandbox), job.seed, job.settings)
        try:
            job.result = job.work(unit)
        except BaseException as problem:  # handed to the thread that waits, whatever it is
            job.error = problem
            return
        if unit.changed:
            self._db.execute("SAVEPOINT unit")
            try:
                self._keep(job.sandbox, unit)
            except sqlite3.OperationalError:  # the disk's fault, not this unit's: the batch is lost
                raise
            except Exception as problem:  # a constraint, or a value that no column can hold
                self._db.execute("ROLLBACK TO unit")
                job.error = problem
            self._db.execute("RELEASE unit")

    def _keep(self, sandbox: str, unit: Unit) -> None:
        writes: dict[str, list[Any]] = {}
        for (kind, key), record in unit.put_records.items():
            table, before = self._tables[kind], self._cache.get((sandbox, kind, key))
            if before is None:
                writes.setdefault(table.write, []).append(table.row(sandbox, record))
            elif (change := table.change(sandbox, before, record)) is not None:
                writes.setdefault(change[0], []).append(change[1])
        for logged in unit.appended:
            table = self._tables[type(logged)]
            writes.setdefault(table.write, []).append(table.row(sandbox, logged))
        for statement, rows in writes.items():
            if len(rows) == 1:
                self._db.execute(statement, rows[0])
            else:
                self._db.executemany(statement, rows)
        if len(self._cache) > CACHED_AT_MOST:
            self._cache.clear()
        for (kind, key), record in unit.put_records.items():
            self._cache[sandbox, kind, key] = record

    def _lose(self, batch: Iterable[_Job], problem: Exception) -> None:
        # What the batch wrote is gone with it, and nobody in it has been answered.
        self._cache.clear()
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        for job in batch:
            job.error = problem

    def _delete(self, unit: Unit) -> None:
        sandbox = cast(_Shelf, unit.source).sandbox
        self._cache.clear()
        self._db.execute("INSERT INTO dropping (sandbox) VALUES (?)", (sandbox,))
        for table in METADATA.sorted_tables:
            if "sandbox" in table.c and table.name != "dropping":
                self._db.execute(f'DELETE FROM "{table.name}" WHERE sandbox = ?', (sandbox,))
        self._db.execute("DELETE FROM dropping WHERE sandbox = ?", (sandbox,))

    def load(self, sandbox: str, kind: type[Any], key: str) -> Any:
        """One record by its key."""
        known = self._cache.get((sandbox, kind, key))
        if known is not None:
            return known
        table = self._tables[kind]
        row = self._db.execute(table.load, (sandbox, key)).fetchone()
        if row is None:
            return None
        record = table.record(row)
        self._cache[sandbox, kind, key] = record
        return record

    def select(
        self, sandbox: str, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        """Records by an index."""
        table = self._tables[kind]
        values = [sandbox, *(table.encoded(name, value) for name, value in equals.items())]
        if up_to is not None:
            values.append(up_to)
        statement = table.select(tuple(equals), up_to is not None)
        rows = self._db.execute(statement, (*values, -1 if limit is None else limit, 0)).fetchall()
        found = [table.record(row) for row in rows]
        return found[::-1] if table.logged else found


class _Shelf:
    """One sandbox as a unit reads it."""

    __slots__ = ("_keeper", "sandbox")

    def __init__(self, keeper: SQLite, sandbox: str) -> None:
        self._keeper = keeper
        self.sandbox = sandbox

    def load(self, kind: type[Any], key: str) -> Any:
        return self._keeper.load(self.sandbox, kind, key)

    def select(
        self, kind: type[Any], equals: dict[str, Any], up_to: str | None, limit: int | None
    ) -> list[Any]:
        return self._keeper.select(self.sandbox, kind, equals, up_to, limit)


def _locked(path: Path) -> IO[str]:
    if path.is_dir():
        raise StoreRefused(f"{path} is a directory; name a file, for example {path / 'prakerja-sim.db'}")
    if not path.parent.is_dir():
        raise StoreRefused(f"{path.parent} does not exist; create it or name another file")
    try:
        lock = Path(f"{path}.lock").open("w")  # noqa: SIM115  # held until the store is closed
    except OSError as problem:
        raise StoreRefused(f"{path} cannot be written: {problem.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StoreRefused(f"{path} is in use by another server; stop it or name another file") from None
    return lock


def _opened(path: Path, durability: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA synchronous = {SYNCHRONOUS[durability]}")
    mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = db.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, synchronous) != ("wal", SYNCHRONOUS[durability]):
        db.close()
        raise StoreRefused(f"{path} answers journal_mode {mode}, synchronous {synchronous}; use a local disk")
    return db
