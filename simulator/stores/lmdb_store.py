"""Keeps sandboxes in one LMDB file: documents under ordered keys, copied on write, nothing to recover.

Units of work queue to one writer thread.  What waits together is one transaction, which is durable
before anybody is answered; each unit is a transaction within it, so a refusal undoes only its own.
A question reads a snapshot in its caller's thread and waits for nobody.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any, TypeVar, cast

import lmdb

from prakerja_sim.simulator.stores import lmdb_contents
from prakerja_sim.simulator.stores.documents import DOCUMENTS
from prakerja_sim.simulator.stores.lmdb_checkpoint import Checkpoints, no_longer, restore
from prakerja_sim.simulator.stores.lmdb_file import (
    LOOKED_OVER,
    MAP_BYTES,
    check_there,
    locked,
    opened,
    touch,
)
from prakerja_sim.simulator.stores.lmdb_sandbox import SandboxRecords
from prakerja_sim.simulator.values.errors import StoreUnusable
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.store import Contents, Unit

T = TypeVar("T")
DEFAULTS = Settings()
MOST_IN_A_BATCH = 64
_BY_PREFIX = {one.prefix: one for one in DOCUMENTS.values()}


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


class LMDB:
    """The store port over one file; only one process may have it open."""

    def __init__(
        self,
        path: Path,
        durability: str = "full",
        map_bytes: int = MAP_BYTES,
        look_over: int = LOOKED_OVER,
    ) -> None:
        self._path = path.resolve()  # the engine's lock file is beside the file itself, not beside a link
        self._lock = locked(self._path)
        self._synchronized, self._map_bytes = durability == "full", map_bytes
        self._look_over = look_over
        self._checkpoints: Checkpoints | None = None
        self.committed: Callable[[float], None] = lambda _: None
        """Told how many seconds a batch of units took until it was durable."""
        try:
            self._open()
        except BaseException:
            os.close(self._lock)
            raise
        self._last: dict[bytes, int] = {}
        """The number of the newest line of each log that was appended to."""
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Condition()
        self._asking = 0
        self._reopening = False
        self._closed = False
        self._troubled = False
        """Whether the last batch was refused whole."""
        self._writer = threading.Thread(target=self._write, name="lmdb-writer", daemon=True)
        self._writer.start()

    def _open(self) -> None:
        restore(self._path, self._lock)
        self._env = opened(
            self._path, self._map_bytes, synchronized=self._synchronized, look_over=self._look_over
        )
        self._look_over = 0  # when it is opened anew after trouble, it is ours
        try:
            if self._synchronized:
                no_longer(self._path, self._env)
            else:
                self._checkpoints = Checkpoints(self._path, self._lock, self._env)
        except BaseException:
            self._env.close()
            raise

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

    def ask(self, sandbox: str, work: Callable[[Unit], T], seed: int = 0, settings: Settings = DEFAULTS) -> T:
        """Answer from what is kept now, beside the writer and in the caller's thread."""
        with self._gate:
            self._gate.wait_for(lambda: not self._reopening)
            if self._closed:
                raise StoreUnusable("the store is closed")
            self._asking += 1
        try:
            records = SandboxRecords(self._env.begin(), sandbox, self._last)
            try:
                return work(Unit(records, seed, settings))
            finally:
                records.let_go()
        except lmdb.Error as problem:
            raise self._refusal(problem) from problem
        finally:
            with self._gate:
                self._asking -= 1
                self._gate.notify_all()

    def check(self) -> None:
        """Raises StoreUnusable while commands are refused; after trouble the disk is tried anew."""
        check_there(self._path, self._lock)
        if self._troubled:
            self.run("", lambda _: None)

    def drop(self, sandbox: str) -> None:
        """Remove a sandbox whole, its logs included, in one unit of work."""
        self.run(sandbox, Unit.clear)

    def names(self) -> list[str]:
        """The sandboxes of which anything is kept, but for the one without a name; sorted."""
        return self._look(lmdb_contents.names)

    def contents(self, sandbox: str) -> Contents:
        """Everything that is kept of a sandbox, its damage named."""
        return self._look(lambda txn: lmdb_contents.read(txn, sandbox))

    def loose_ends(self, sandbox: str) -> list[str]:
        """The chains whose kept end is not their last entry; raises Damaged for one that cannot be read."""
        return self._look(lambda txn: lmdb_contents.loose_ends(txn, sandbox))

    def records(self) -> Iterator[tuple[str, Any]]:
        """Everything that is kept, each with its sandbox's name, in the order of the keys."""
        with self._env.begin() as txn:
            for key, kept in txn.cursor():
                sandbox, _, rest = key.partition(b"\0")
                document = _BY_PREFIX.get(rest[: rest.find(b"\0") + 1])
                if document is not None:
                    yield sandbox.decode(errors="replace"), document.decoded(kept)

    def close(self) -> None:
        """Let the queue run empty and the questions end, then close the file."""
        if self._closed:
            return
        self._queue.put(None)
        self._writer.join()
        with self._gate:
            self._closed = True
            self._gate.wait_for(lambda: not self._asking)
        self._turn_away()
        try:
            if self._checkpoints is not None:
                self._checkpoints.close()
                no_longer(self._path, self._env)
        except lmdb.Error as problem:
            raise self._refusal(problem) from problem
        finally:
            self._env.close()
            os.close(self._lock)

    def _look(self, at: Callable[["lmdb.Transaction[bytes]"], T]) -> T:
        """A question about the file itself."""
        return self.ask("", lambda world: at(cast(SandboxRecords, world.source).txn))

    def _turn_away(self) -> None:
        # Nobody writes any more: whoever came too late is told so instead of waiting for ever.
        while (late := self._waiting()) is not None:
            late.error = StoreUnusable("the store is closed")
            late.finish()

    def _waiting(self) -> _Job | None:
        """The next unit that waits, or None; the sign to close is left where it is."""
        try:
            job = self._queue.get_nowait()
        except Empty:
            return None
        if job is None and not self._closed:
            self._queue.put(None)
        return job

    def _write(self) -> None:
        while (first := self._first()) is not None:
            batch = [first]
            try:
                began = perf_counter()
                self._commit(batch)
                self.committed(perf_counter() - began)
                self._troubled = False
            except BaseException as problem:  # handed to all who wait, so that nobody waits for ever
                for job in batch:  # what was refused or only read has seen what is now not there
                    job.error = self._refusal(problem)
                self._troubled = True
                self._recover()
            for job in batch:
                job.finish()
            if self._checkpoints is not None:
                self._checkpoints.committed()

    def _first(self) -> _Job | None:
        """Wait for the next unit, or for the sign to close."""
        while (checkpoints := self._checkpoints) is not None and checkpoints.patience is not None:
            try:
                return self._queue.get(timeout=checkpoints.patience)
            except Empty:
                checkpoints.take_if_due()
        return self._queue.get()

    def _commit(self, batch: list[_Job]) -> None:
        """Do the first unit of a batch and all that wait meanwhile, and make them durable."""
        check_there(self._path, self._lock)
        with self._env.begin(write=True) as txn:
            if self._troubled:
                touch(txn)
            self._do(batch[0], txn)
            while len(batch) < MOST_IN_A_BATCH and (job := self._waiting()) is not None:
                batch.append(job)
                self._do(job, txn)

    def _recover(self) -> None:
        """Open the file anew if the engine has given it up, as it does when a commit's last page fails.

        The page on the disk may be the refused one, so the next commit must take its place at once.
        """
        try:
            self._env.begin().abort()
        except lmdb.Error:
            with suppress(lmdb.Error, StoreUnusable):
                self._reopen()
                with self._env.begin(write=True) as txn:
                    touch(txn)
                return
            with suppress(StoreUnusable):
                self._reopen()  # for the questions

    def _reopen(self) -> None:
        with self._gate:
            self._reopening = True
            self._gate.wait_for(lambda: not self._asking)
        try:
            if self._checkpoints is not None:
                self._checkpoints.close()
            self._env.close()
            self._open()
        finally:
            with self._gate:
                self._reopening = False
                self._gate.notify_all()

    def _do(self, job: _Job, batch: "lmdb.Transaction[bytes]") -> None:
        try:
            with self._env.begin(write=True, parent=batch) as txn:
                records = SandboxRecords(txn, job.sandbox, self._last)
                unit = Unit(records, job.seed, job.settings)
                job.result = job.work(unit)
                records.keep(unit)
        except lmdb.Error as problem:
            job.error = self._refusal(problem)
        except BaseException as problem:  # handed to the thread that waits, whatever it is
            job.error = problem

    def _refusal(self, problem: BaseException) -> BaseException:
        if not isinstance(problem, lmdb.Error):
            return problem
        if isinstance(problem, lmdb.MapFullError):
            return StoreUnusable(f"{self._path} is full; drop or reset a sandbox, or begin with another file")
        return StoreUnusable(f"{self._path} cannot be used ({problem}); mend the disk, and it goes on")
