"""A wheel of the checkout, and environments that hold what an installation holds and nothing else."""

import subprocess
import sys
import venv
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path
from shutil import copy2

from packaging.requirements import Requirement

from tests.live import REPOSITORY

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def ran(*command: str | Path, cwd: Path = REPOSITORY, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]


def files() -> list[str]:
    """What is in the checkout and not ignored, committed or not yet."""
    listed = ran("git", "ls-files", "--cached", "--others", "--exclude-standard").stdout.splitlines()
    return [name for name in listed if (REPOSITORY / name).exists()]


def build(copy: Path, out: Path) -> Path:
    """Build a wheel from a copy, so that nothing is written into the checkout and nothing ignored gets in."""
    for name in files():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        copy2(REPOSITORY / name, copy / name, follow_symlinks=False)
    built = ran(*PIP, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", out, copy)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(out.glob("*.whl"))


def install(wheel: Path, home: Path, extras: Iterable[str] = (), beside: Iterable[str] = ()) -> Path:
    """Make an environment of the wheel, what it requires, and others beside; answers the programs' folder."""
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    done = ran(*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel)
    assert done.returncode == 0, done.stdout + done.stderr
    site = next(home.glob("lib/python*/site-packages"))
    ours = Distribution.at(next(site.glob("prakerja_sim-*.dist-info")))
    for needed in _needed(ours, extras, beside).values():
        for name in {file.parts[0] for file in needed.files or []} - {"..", "__pycache__"}:
            (site / name).symlink_to(Path(str(needed.locate_file(name))))
    return home / "bin"


def _needed(ours: Distribution, extras: Iterable[str], beside: Iterable[str]) -> dict[str, Distribution]:
    """What pip would install beside ours with these extras: what we require, and what that requires."""
    found: dict[str, Distribution] = {}
    asked = [(text, extra) for text in ours.requires or [] for extra in ("", *extras)]
    asked += [(name, "") for name in beside]
    while asked:
        text, extra = asked.pop()
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        there = found.setdefault(wanted.name.lower().replace("_", "-"), distribution(wanted.name))
        asked += [(further, of) for further in there.requires or [] for of in ("", *wanted.extras)]
    return found
