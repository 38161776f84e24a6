"""Keeps sandboxes in one SQLite file: WAL, synchronous FULL, one writer thread, group commit.

Units of work queue to the writer and see each other's writes in memory; one COMMIT and its
fsync answer many.  Nobody is answered before that, so what was answered survives a cut of the
power.  Of a record that many units changed, only the last version is written.
"""

import fcntl
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, TypeVar, cast

from sqlalchemy.dialects import sqlite

from simulator.keepers.migrate import StoreRefused, migrate
from simulator.keepers.tables import METADATA, Table
from simulator.records import KEPT, LOGGED, Logged, Record
from simulator.settings import Settings
from simulator.store import Unit

T = TypeVar("T")
DEFAULTS = Settings()
MOST_IN_A_BATCH = 64
CACHED_AT_MOST = 50_000
CACHE_KILOBYTES = 128 * 1024
"""With SQLite's own two megabytes a writer under load was seen reading its pages again."""
CHECKPOINT_PAGES = 10_000
"""The log is copied back after so many pages (40 MB): each copy costs as much as many commits."""
SYNCHRONOUS = {"full": 2, "relaxed": 1}


_Place = tuple[str, type, str]
"""Sandbox, kind and key of a record."""


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
        self._cache: dict[_Place, Record | None] = {}
        self._pending: dict[_Place, Record | None] = {}
        """Where a record changed since the last flush, and the version that the file holds."""
        self._logged: list[tuple[str, Logged]] = []
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

    def _do(self, job: _Job) -> None:
        """Run one unit; its writes wait in memory, seen by the units after it, for the commit."""
        unit = Unit(_Shelf(self, job.sandbox), job.seed, job.settings)
        try:
            job.result = job.work(unit)
        except BaseException as problem:  # handed to the thread that waits, whatever it is
            job.error = problem
            return
        for (kind, key), record in unit.put_records.items():
            place = (job.sandbox, kind, key)
            self._pending.setdefault(place, self._cache.get(place))
            self._cache[place] = record
        self._logged += [(job.sandbox, logged) for logged in unit.appended]

    def _commit(self, batch: list[_Job]) -> None:
        """Make the batch durable; if the file refuses it, each unit again by itself."""
        try:
            self._finish()
        except Exception:  # whatever it is: one bad unit must not fail its neighbours
            self._forget()
            for job in batch:
                self._do_alone(job)
        if len(self._cache) > CACHED_AT_MOST:
            self._cache.clear()

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
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def _flush(self) -> None:
        """Write what waits: of each record its last version, each kind at once."""
        if not self._pending and not self._logged:
            return
        writes: dict[str, list[Any]] = {}
        for place, before in self._pending.items():
            sandbox, kind, _ = place
            table, record = self._tables[kind], self._cache[place]
            if before is None:
                writes.setdefault(table.write, []).append(table.row(sandbox, record))
            elif (change := table.change(sandbox, before, record)) is not None:
                writes.setdefault(change[0], []).append(change[1])
        for sandbox, logged in self._logged:
            table = self._tables[type(logged)]
            writes.setdefault(table.write, []).append(table.row(sandbox, logged))
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
        for statement, rows in writes.items():
            self._db.executemany(statement, rows)
        self._pending.clear()
        self._logged.clear()

    def _forget(self) -> None:
        """Undo what was not committed; nobody has been answered."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._cache.clear()
        self._pending.clear()
        self._logged.clear()

    def _delete(self, unit: Unit) -> None:
        sandbox = cast(_Shelf, unit.source).sandbox
        self._flush()
        self._cache.clear()
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("INSERT INTO dropping (sandbox) VALUES (?)", (sandbox,))
        for table in METADATA.sorted_tables:
            if "sandbox" in table.c and table.name != "dropping":
                self._db.execute(f'DELETE FROM "{table.name}" WHERE sandbox = ?', (sandbox,))
        self._db.execute("DELETE FROM dropping WHERE sandbox = ?", (sandbox,))

    def load(self, sandbox: str, kind: type[Any], key: str) -> Any:
        """One record by its key."""
        place = (sandbox, kind, key)
        try:
            return self._cache[place]  # also remembers what is not there
        except KeyError:
            table = self._tables[kind]
            row = self._db.execute(table.load, (sandbox, key)).fetchone()
            record = self._cache[place] = None if row is None else table.record(row)
            return record

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
    db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    db.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
    mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = db.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, synchronous) != ("wal", SYNCHRONOUS[durability]):
        db.close()
        raise StoreRefused(f"{path} answers journal_mode {mode}, synchronous {synchronous}; use a local disk")
    return db
