"""How an LMDB file is opened: by one process, for its owner only, and refused if it is not ours."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

import lmdb

from prakerja_sim.simulator.stores import lmdb_pages
from prakerja_sim.simulator.stores.documents import FORMAT
from prakerja_sim.simulator.stores.lmdb_checkpoint import synchronize_folder
from prakerja_sim.simulator.values.errors import Damaged, StoreUnusable

MAP_BYTES = 64 * 2**30
"""How far a file may grow.  It takes room in addresses only: the file is as large as what is in it."""
READERS = 512
"""Questions at once at the most; a server has fewer threads."""
SPARE_READERS = 16
"""So many of their slots are kept ready for the next questions."""
FORMAT_KEY = b"\xff"
"""No sandbox's key begins so: it is no UTF-8."""
LOOKED_OVER = 16 * 2**20
"""A file up to this size is looked over whenever it is opened, in up to 0.2 s; a larger one by verify."""
SQLITE = b"SQLite format 3\0"
"""How a file of older versions begins."""


def locked(path: Path) -> int:
    """The right to use a file, until what is answered is closed.  StoreUnusable if another has it."""
    try:
        # The file itself is locked, not a file beside it: whatever name leads to it, it is one.
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except IsADirectoryError:
        raise StoreUnusable(
            f"{path} is a directory; name a file, for example {path / 'prakerja-sim.db'}"
        ) from None
    except FileNotFoundError:
        raise StoreUnusable(f"{path.parent} does not exist; create it or name another file") from None
    except OSError as problem:
        raise StoreUnusable(f"{path} cannot be written: {problem.strerror}; name another file") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise StoreUnusable(f"{path} is in use by another server; stop it or name another file") from None
    with suppress(PermissionError):  # another's file, which we may write, keeps the mode that he gave it
        os.fchmod(lock, 0o600)
    return lock


def check_there(path: Path, lock: int) -> None:
    """Raises StoreUnusable if the path leads no longer to the locked file: what it keeps would be lost."""
    ours = os.fstat(lock)
    try:
        named = path.stat()
    except OSError as problem:
        raise StoreUnusable(
            f"{path} is no longer there ({problem.strerror}); put it back, or start again with another file"
        ) from None
    if (named.st_dev, named.st_ino) != (ours.st_dev, ours.st_ino):
        raise StoreUnusable(
            f"{path} was replaced by another file; put it back, or start again to serve the other one"
        )


def touch(txn: "lmdb.Transaction[bytes]") -> None:
    """Let a commit write something, so that it shows whether the disk takes it."""
    txn.put(FORMAT_KEY, FORMAT.encode())


def opened(path: Path, map_bytes: int, *, synchronized: bool, look_over: int) -> lmdb.Environment:
    """The file, made if it is not there.  StoreUnusable if it is another program's or another version's.

    If it has at most `look_over` bytes, also if its pages do not hang together (Damaged).
    """
    with path.open("rb") as file:
        begins = file.read(len(SQLITE))
    if begins == SQLITE:
        raise StoreUnusable(
            f"{path} is an SQLite database, as older versions kept one; remove it or name another file"
        )
    if 0 < path.stat().st_size <= look_over:
        _check_pages(path)
    try:
        env = lmdb.Environment(
            str(path),
            map_size=map_bytes,
            subdir=False,
            mode=0o600,
            sync=synchronized,
            metasync=synchronized,
            max_readers=READERS,
            max_spare_txns=SPARE_READERS,
        )
    except lmdb.Error as problem:
        raise StoreUnusable(f"{path} is not a usable store ({problem}); name another file") from None
    try:
        _check_format(path, env)
    except lmdb.Error as problem:
        env.close()
        raise StoreUnusable(f"{path} is not a usable store ({problem}); name another file") from None
    except StoreUnusable:
        env.close()
        raise
    return env


def _check_pages(path: Path) -> None:
    try:
        lmdb_pages.check(path)
    except lmdb_pages.Broken as problem:
        raise Damaged(
            f"{path} is not a usable store ({problem}); use a copy of it, or name another file"
        ) from None


def _check_format(path: Path, env: lmdb.Environment) -> None:
    with env.begin() as txn:
        kept, entries = txn.get(FORMAT_KEY), txn.stat()["entries"]
    if kept is None and entries:
        raise StoreUnusable(f"{path} is another program's database; name another file")
    if kept is None:
        with env.begin(write=True) as txn:
            touch(txn)
        synchronize_folder(path)
    elif kept != FORMAT.encode():
        raise StoreUnusable(
            f"{path} was made by another version (format {kept.decode(errors='replace')}, here {FORMAT}); "
            "use that version or name another file"
        )
