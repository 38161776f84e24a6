"""Files that a command writes: through links, pipes and devices, whole or not at all.

An ordinary file is written beside its place and then put there, so that nobody reads half of one and a
failure leaves the old one. What is no ordinary file is written into: a pipe, a device, our own output.
"""

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TextIO


class CannotWrite(Exception):
    """A file cannot be written; the message names the place and the remedy."""


def check(option: str, path: Path) -> None:
    """Refuse a path that cannot be written, before the work whose outcome it is for. Raises CannotWrite."""
    try:
        if not _is_ordinary(path):
            if path.is_dir() or path.is_socket():
                kind = "folder" if path.is_dir() else "socket"
                raise CannotWrite(f"{option} {path} is a {kind}; name a file")
            if not os.access(path, os.W_OK):
                raise CannotWrite(f"{option} {path}: no right to write there; name another file")
        elif _own_stream(path) is None:
            target = path.resolve()
            if target.exists():
                target.open("ab").close()
            else:
                target.touch(exist_ok=False)
                target.unlink()
    except (OSError, RuntimeError, ValueError) as problem:  # a loop of links; a null byte
        raise _refusal(option, path, problem) from None


def write(option: str, path: Path, content: bytes, *, new: bool = False) -> None:
    """Write the file; a `new` one takes no ordinary file's place.

    Raises CannotWrite; then an ordinary file is as it was before.
    """
    try:
        stream = _own_stream(path)
        if new and stream is None and path.is_file():
            raise CannotWrite(f"{option} {path} exists; name a new file")
        if stream is not None:
            stream.flush()
            stream.buffer.write(content)
            stream.flush()
        elif not _is_ordinary(path):
            with path.open("wb", buffering=0) as file:
                _write_all(file, content)
        else:
            _replace(path.resolve(), content)
    except (OSError, RuntimeError, ValueError) as problem:
        raise _refusal(option, path, problem) from None


def append(option: str, path: Path, content: bytes) -> None:
    """Add to the end of what is there. Raises CannotWrite."""
    try:
        with path.open("ab") as file:
            file.write(content)
    except (OSError, ValueError) as problem:
        raise _refusal(option, path, problem) from None


def same(one: Path, other: Path) -> bool:
    """Whether two paths are one ordinary file, so that one content would take the place of the other."""
    return _is_ordinary(one) and _own_stream(one) is None and one.resolve() == other.resolve()


def _replace(path: Path, content: bytes) -> None:
    """Put an ordinary file in its place; where the folder takes no new file, write into the old one."""
    unfinished = _unfinished(path)
    try:
        with unfinished.open("xb") as file:
            file.write(content)
        with suppress(FileNotFoundError):
            unfinished.chmod(stat.S_IMODE(path.stat().st_mode))
        unfinished.replace(path)
    except PermissionError:
        if not path.exists():
            raise
        path.write_bytes(content)
    finally:
        with suppress(OSError):
            unfinished.unlink()


def _unfinished(path: Path) -> Path:
    return path.with_name(f".unfinished-{os.getpid()}")


def _is_ordinary(path: Path) -> bool:
    """Whether there is an ordinary file, or nothing yet."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True


def _own_stream(path: Path) -> TextIO | None:
    """Our own standard output or error, if that is what the path leads to.

    A file to which the output was sent is written through it: whatever is printed later comes after it.
    """
    try:
        there = path.stat()
    except FileNotFoundError:
        return None
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or not of a file
            if os.path.samestat(there, os.fstat(stream.fileno())):
                return stream
    return None


def _write_all(file: IO[bytes], content: bytes) -> None:
    """A pipe takes what it has room for."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def _refusal(option: str, path: Path, problem: Exception) -> CannotWrite:
    said = problem.strerror if isinstance(problem, OSError) else str(problem)
    remedy = "name another file"
    if isinstance(problem, BrokenPipeError):
        remedy = "who reads it must read to the end"
    elif isinstance(problem, FileNotFoundError) and not path.parent.exists():
        remedy = "make its folder first"
    return CannotWrite(f"{option} {path}: {said}; {remedy}")
