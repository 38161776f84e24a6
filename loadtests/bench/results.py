"""What was measured, part by part, as it is kept in a file.

A part that is measured again takes its old one's place.
"""

import os
import platform
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

import msgspec
from msgspec import Struct, field

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.bench.table import Run
from prakerja_sim.loadtests.errors import LoadTestError

PACKAGES = ("flask", "gunicorn", "granian", "lmdb", "msgspec", "werkzeug")


class Machine(Struct, frozen=True):
    """What a part was measured on; nothing that names the machine or a place on it."""

    cores: int
    cpu: str
    system: str
    python: str
    packages: str

    @classmethod
    def this(cls) -> "Machine":
        """The one on which this runs."""
        python = f"{platform.python_implementation()} {platform.python_version()}"
        packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        return cls(len(cores.CORES), _cpu(), f"{platform.system()} {platform.machine()}", python, packages)


class Figure(Struct, frozen=True):
    """Something that is no rate of requests, in its own unit, once for each round."""

    what: str
    unit: str
    values: Sequence[float]


class Row(Struct, frozen=True):
    """One case of a table, with its runs."""

    case: str
    runs: Sequence[Run]


class Table(Struct, frozen=True):
    """Cases that were measured in turn, so that they may be compared."""

    title: str
    rows: list[Row] = []
    figures: list[Figure] = []


class Verdict(Struct, frozen=True):
    """A target and what was reached; low and high are the extremes of the rounds."""

    target: str
    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, target: str, values: Sequence[float]) -> "Verdict":
        """The median decides."""
        return cls(target, median(values), min(values), max(values))


class Part(Struct):
    """One part of the benchmarks."""

    name: str
    setting: str
    """How often, how long, with how many connections."""
    at: datetime
    machine: Machine
    load: float
    """How many processes wanted a processor when it began, in the mean of a minute."""
    tables: list[Table] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def begun(cls, name: str, setting: str, at: datetime) -> "Part":
        """A part in which nothing is measured yet."""
        return cls(name, setting, at, Machine.this(), os.getloadavg()[0])


def read(path: Path) -> dict[str, Part]:
    """The parts of a file; none if there is no file. Raises LoadTestError."""
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Part])
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise LoadTestError(f"{path} holds no results of this version ({problem}); remove it") from None


def write(path: Path, parts: dict[str, Part]) -> None:
    """Keep the parts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(parts)))


def _cpu() -> str:
    """The name of the processor's make."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"
