"""What a cut of the power leaves of a file whose commits are not synchronized: its state of a second ago.

The first two pages of an LMDB file say which state of it is the current one, and no page of a state is
written over while a reader looks at it.  So a checkpoint is a reader that stays, a copy of these two pages
in a file beside, and a synchronization between.  After a cut the copy is put back.  A process that was
merely killed has lost nothing, since the system still has its writes.
"""

import mmap
import os
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic

import lmdb
import msgspec

from prakerja_sim.simulator.values.errors import StoreUnusable

SECONDS = 1.0
"""How old a checkpoint gets while there are commits; a cut of the power loses about as much."""
MOST_SECONDS = 3.0
"""How long the disk may take for one before the writer waits for it."""
CURRENT = 2 * mmap.PAGESIZE
"""How much of a file says which state is the current one."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class _Of(msgspec.Struct):
    """Of what a checkpoint is: the first line of its file."""

    boot: str
    """The start of the system in which it was taken."""
    file: int
    """The inode of the store's file."""


def beside(path: Path) -> Path:
    """Where the checkpoint of a file is."""
    return path.with_name(f"{path.name}-checkpoint")


def restore(path: Path, lock: int) -> None:
    """Put a file back to its checkpoint, if it has one and the system was started anew since then.

    Raises StoreUnusable for a checkpoint that cannot be read.
    """
    try:
        header, _, current = beside(path).read_bytes().partition(b"\n")
    except FileNotFoundError:
        return
    try:
        of = msgspec.json.decode(header, type=_Of)
    except (msgspec.MsgspecError, ValueError):  # ValueError: it is no UTF-8
        of = None
    if of is None or len(current) != CURRENT:
        raise StoreUnusable(f"{beside(path)} cannot be read; remove it to start with {path} as it is")
    if of.file == os.fstat(lock).st_ino and of.boot != _boot():
        os.pwrite(lock, current, 0)
        os.fsync(lock)


def no_longer(path: Path, env: lmdb.Environment) -> None:
    """A file that is synchronized as a whole, now and by each commit to come, needs no checkpoint."""
    if beside(path).exists():
        env.sync(True)
        beside(path).unlink()
        synchronize_folder(path)


class Checkpoints:
    """The checkpoints of one open file, taken by its writer and finished in a thread beside.

    Raises StoreUnusable if the first one cannot be made.
    """

    def __init__(self, path: Path, lock: int, env: lmdb.Environment) -> None:
        self._path, self._lock, self._env = path, lock, env
        self._reader: lmdb.Transaction[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._taken_at = 0.0
        self._committed = True
        self.take_if_due()
        self._join()
        if self._reader is None:
            raise StoreUnusable(f"{beside(path)} cannot be written; mend the disk")

    @property
    def patience(self) -> float | None:
        """How long the writer may wait for work before it asks again whether a checkpoint is due."""
        return SECONDS if self._committed else None

    def committed(self) -> None:
        """Something was committed, of which the next checkpoint will be."""
        self._committed = True
        self.take_if_due()

    def take_if_due(self) -> None:
        """Begin a checkpoint if there is something new and the last one is old; only between two commits."""
        age = monotonic() - self._taken_at
        if not self._committed or age < SECONDS:
            return
        if self._thread is not None and self._thread.is_alive():
            if age < MOST_SECONDS:
                return
            self._join()  # else a slow disk would lose more and more, and the file grow by all that is held
        self._taken_at, self._committed = monotonic(), False
        try:
            reader, current = self._env.begin(), os.pread(self._lock, CURRENT, 0)
        except (OSError, lmdb.Error):
            self._committed = True
            return
        self._thread = threading.Thread(target=self._finish, args=(reader, current), name="lmdb-checkpoint")
        self._thread.start()

    def close(self) -> None:
        """Let go of the file before it is closed."""
        self._join()
        if self._reader is not None:
            self._reader.abort()

    def _finish(self, reader: "lmdb.Transaction[bytes]", current: bytes) -> None:
        try:
            self._env.sync(True)
            self._keep(current)
        except (OSError, lmdb.Error):  # the checkpoint before stays, and the next one is tried soon
            self._committed = True
            reader.abort()
            return
        before, self._reader = self._reader, reader
        if before is not None:
            before.abort()

    def _keep(self, current: bytes) -> None:
        header = msgspec.json.encode(_Of(_boot(), os.fstat(self._lock).st_ino))
        kept = beside(self._path)
        unfinished = kept.with_name(f"{kept.name}.unfinished")
        with open(unfinished, "wb", opener=_private) as file:
            file.write(header + b"\n" + current)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(kept)
        synchronize_folder(kept)

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join()


def synchronize_folder(path: Path) -> None:
    """A file's name is kept by its folder, which is synchronized apart."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _boot() -> str:
    """What is another text after each start of the system; where nobody tells, every start is a new one."""
    with suppress(OSError):
        return _BOOT.read_text().strip()
    return os.urandom(8).hex()
