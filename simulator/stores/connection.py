"""How a SQLite file is opened: by one process, write-ahead log, synchronous as `durability` says."""

import fcntl
import sqlite3
from pathlib import Path
from typing import IO

from prakerja_sim.simulator.values.errors import StoreUnusable

CACHE_KILOBYTES = 128 * 1024
"""With SQLite's own two megabytes a writer under load was seen reading its pages again."""
CHECKPOINT_PAGES = 10_000
"""The log is copied back after so many pages (40 MB): each copy costs as much as many commits."""
SYNCHRONOUS = {"full": 2, "relaxed": 1}


def opened(path: Path, durability: str) -> sqlite3.Connection:
    """A connection without implicit transactions.  StoreUnusable where the place allows no log."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA synchronous = {SYNCHRONOUS[durability]}")
    db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    db.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
    mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = db.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, synchronous) != ("wal", SYNCHRONOUS[durability]):
        db.close()
        raise StoreUnusable(
            f"{path} answers journal_mode {mode}, synchronous {synchronous}; use a local disk"
        )
    return db


def locked(path: Path) -> IO[str]:
    """Lock a file until the returned lock is closed.  StoreUnusable if another process has the lock."""
    if path.is_dir():
        raise StoreUnusable(f"{path} is a directory; name a file, for example {path / 'prakerja-sim.db'}")
    if not path.parent.is_dir():
        raise StoreUnusable(f"{path.parent} does not exist; create it or name another file")
    try:
        lock = Path(f"{path}.lock").open("w")  # noqa: SIM115  # held until the store is closed
    except OSError as problem:
        raise StoreUnusable(f"{path} cannot be written: {problem.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StoreUnusable(f"{path} is in use by another server; stop it or name another file") from None
    return lock
