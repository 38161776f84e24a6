"""A simulator in a process of its own, and its admin API.

It is started as anybody would start it, on the server's core, and stopped by its process id.
"""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.errors import NotServed

PYTHON = (sys.executable, "-P")
"""The interpreter, which takes no module from the folder in which somebody starts a load run."""
READY_WITHIN_SECONDS = 40
STOPS_WITHIN_SECONDS = 15


class Admin:
    """The admin API of one sandbox."""

    def __init__(self, url: str, sandbox: str = "default") -> None:
        self._base = f"{url}/s/{sandbox}/__admin"
        self._session = requests.Session()
        self._session.trust_env = False

    def ask(self, path: str) -> Any:
        """What the admin API answers."""
        return self._content(self._session.get(self._base + path, timeout=120))

    def do(self, path: str, body: dict[str, Any]) -> Any:
        """Do an admin operation."""
        return self._content(self._session.post(self._base + path, json=body, timeout=120))

    def _content(self, answer: requests.Response) -> Any:
        if not answer.ok:
            raise NotServed(f"{answer.url} answers {answer.status_code}: {answer.text[:300]}")
        return answer.json()


@contextmanager
def simulator(
    *options: str, core: int | None = cores.SERVER, python: tuple[str, ...] = PYTHON
) -> Iterator[tuple[str, int]]:
    """Serve while the block runs; gives the URL and the process id, which also leads its group."""
    command = [*python, "-m", "prakerja_sim", "serve", "--port", "0", "--json", *options]
    with started(command, stdout=subprocess.PIPE, core=core) as (process, log):
        yield _url(process, log), process.pid


@contextmanager
def started(
    command: list[str], *, stdout: int = subprocess.DEVNULL, core: int | None = cores.SERVER
) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """Run a server on that core while the block runs; gives it and the file that it logs to."""
    with tempfile.TemporaryFile("w+") as log:
        with cores.pinned(core):
            process = subprocess.Popen(  # noqa: S603  # our own command
                command, stdout=stdout, stderr=log, text=True, start_new_session=True
            )
        try:
            yield process, log
        finally:
            process.terminate()
            try:
                process.wait(STOPS_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()


def last_words(log: Any) -> str:
    """The end of what a server logged."""
    log.seek(0)
    return str(log.read()[-2000:]).strip()


def _url(process: subprocess.Popen[str], log: Any) -> str:
    assert process.stdout is not None
    # A server that never gets ready is ended, so that the line below comes to its end.
    patience = threading.Timer(READY_WITHIN_SECONDS, process.kill)
    patience.start()
    line = process.stdout.readline()
    patience.cancel()
    if not line:
        raise NotServed(f"the simulator did not start: {last_words(log)}")
    return str(json.loads(line)["url"])
