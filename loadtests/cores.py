"""Which core a process runs on, and how much CPU it used.

A figure without the CPU of both sides is worth nothing: a saturated client measures itself.
Linux has this under /proc; elsewhere nothing is pinned and the CPU is not known.
"""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROC = Path("/proc")
UNKNOWN = float("nan")
SERVER, CLIENT = 0, 1
"""Places in CORES."""
PINS = hasattr(os, "sched_setaffinity")
CORES = sorted(os.sched_getaffinity(0)) if PINS else list(range(os.cpu_count() or 1))
"""The cores that this process may use."""


@contextmanager
def pinned(place: int | None) -> Iterator[None]:
    """Run this thread, and what it starts, on one core; on None, or without a second core, anywhere."""
    if place is None or not PINS or len(CORES) < 2:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CORES[place]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pinning() -> str:
    """What is pinned where, for a report."""
    if not PINS or len(CORES) < 2:
        return f"{len(CORES)} core(s), nothing pinned"
    return f"{len(CORES)} cores; server on core {CORES[SERVER]}, client on core {CORES[CLIENT]}"


def seconds_of_group(leader: int) -> float:
    """The CPU seconds of the processes that a group leader started, himself included."""
    if not PROC.is_dir():
        return UNKNOWN
    ticks = 0
    for stat in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == leader:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def seconds_of_this_process() -> float:
    """The CPU seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def seconds_of_ended_children() -> float:
    """The CPU seconds of the processes that this one started, and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of_machine() -> float:
    """The CPU seconds of everybody."""
    if not PROC.is_dir():
        return UNKNOWN
    first = (PROC / "stat").read_text().partition("\n")[0].split()
    user, nice, system, _idle, _iowait, irq, softirq = map(int, first[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def megabytes_of_group(leader: int, kind: str) -> float:
    """The memory that the processes of a group leader hold, in MB.

    `kind` is RssAnon for their own, RssFile for pages of files, which the system may take away.
    """
    if not PROC.is_dir():
        return UNKNOWN
    kilobytes = 0
    for process in PROC.glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            if os.getpgid(int(process.name)) == leader:
                lines = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
                kilobytes += int(lines[kind].split()[0])
    return kilobytes * 1024 / 1e6
