"""A disk that fails when it is told to, and that remembers in which order it was written: see `disk.c`."""

import errno
import mmap
import shutil
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from prakerja_sim.simulator.values.chance import below

SOURCE = Path(__file__).parent / "disk.c"
SECTOR = 512
ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}
_CONTROL = struct.Struct("4q")
_HEAD = struct.Struct("<cqq")


class Disk:
    """What stands between the processes that are started from now on and one file."""

    def __init__(self, folder: Path, file: Path, set_environment: "pytest.MonkeyPatch") -> None:
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            pytest.skip("no C compiler")
        library, control = folder / "disk.so", folder / "control"
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl", "-lpthread"], check=True
        )
        control.write_bytes(bytes(_CONTROL.size))
        with control.open("r+b") as opened:
            self._control = mmap.mmap(opened.fileno(), _CONTROL.size)
        self.log = folder / "log"
        set_environment.setenv("LD_PRELOAD", str(library))
        set_environment.setenv("DISK_FILE", str(file))
        set_environment.setenv("DISK_CONTROL", str(control))
        self._environment = set_environment

    def record(self) -> None:
        """Let processes that are started from now on write down what they do."""
        self._environment.setenv("DISK_LOG", str(self.log))

    @property
    def count(self) -> int:
        """How many writes and syncs there were."""
        count: int = _CONTROL.unpack(self._control[:])[0]
        return count

    @contextmanager
    def failing(self, error: str, *, first: int = 1, last: int | None = 0) -> Iterator[None]:
        """Let the so many-eth operation from now on fail; or all up to `last`, None for all that follow."""
        begun = self.count
        until = 2**62 if last is None else begun + last if last else 0
        self._control[8:] = struct.pack("3q", begun + first, ERRORS[error], until)
        try:
            yield
        finally:
            self._control[8:] = bytes(24)


@dataclass(frozen=True)
class Operation:
    """One line of a log: w writes, d writes and synchronizes that, s synchronizes all, ! is a mark.

    c puts a checkpoint beside the file, f synchronizes the folder of both.
    """

    kind: str
    at: int
    bytes: bytes


def operations(log: Path) -> list[Operation]:
    """All that was recorded, in its order."""
    whole, found, at = log.read_bytes(), [], 0
    while at < len(whole):
        kind, where, size = _HEAD.unpack_from(whole, at)
        at += _HEAD.size
        found.append(Operation(kind.decode(), where, whole[at : at + size]))
        at += size
    return found


def cut(done: Sequence[Operation], *, key: int) -> bytes:
    """The file after the power was cut when these had been done, the last one perhaps not or half.

    What was not synchronized is there, is not, or is there in parts, each sector for itself.
    """
    synced = max((number for number, one in enumerate(done[:-1]) if one.kind == "s"), default=-1)
    file = bytearray()
    for number, one in enumerate(done):
        durable = number < synced or (one.kind == "d" and number < len(done) - 1)
        if durable and one.kind in "wd":
            _write(file, one.at, one.bytes)
        elif one.kind in "wd":
            fate = below(3, b"fate", key, number)
            for at, part in _sectors(one):
                if fate == 2 or (fate == 1 and below(2, b"sector", key, at)):
                    _write(file, at, part)
    return bytes(file)


def checkpoint(done: Sequence[Operation], *, key: int) -> bytes:
    """The checkpoint that is there after the same cut: the last one, or the one before if it was not sure."""
    there = [(number, one.bytes) for number, one in enumerate(done) if one.kind == "c"]
    sure = any(one.kind == "f" for one in done[there[-1][0] :])
    return there[-1 if sure or below(2, b"checkpoint", key) else -2][1]


def _sectors(one: Operation) -> Iterator[tuple[int, bytes]]:
    at, end = one.at, one.at + len(one.bytes)
    while at < end:
        after = min(end, (at // SECTOR + 1) * SECTOR)
        yield at, one.bytes[at - one.at : after - one.at]
        at = after


def _write(file: bytearray, at: int, written: bytes) -> None:
    if len(file) < at:
        file.extend(bytes(at - len(file)))
    file[at : at + len(written)] = written
