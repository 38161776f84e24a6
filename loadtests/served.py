"""A simulator in a process of its own, and its admin API.

It is started as anybody would start it, on the server's core, and stopped by its process id.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.errors import NotServed

PYTHON = (sys.executable, "-P")
"""The interpreter, which takes no module from the folder in which somebody starts a load run."""
READY_WITHIN_SECONDS = 40
STOPS_WITHIN_SECONDS = 15
TOKEN = "PRAKERJA_SIM_TOKEN"
PATIENCE_SECONDS = 120


class Admin:
    """The admin API of one sandbox; a server that asks for a token gets the one of PRAKERJA_SIM_TOKEN."""

    def __init__(self, url: str, sandbox: str = "default") -> None:
        self._url = url.rstrip("/")
        self._base = f"{self._url}/s/{sandbox}/__admin"
        self._session = requests.Session()
        self._session.trust_env = False
        if token := os.environ.get(TOKEN):
            self._session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, path: str) -> Any:
        """What the admin API answers."""
        return self._send("GET", path).json()

    def do(self, path: str, body: dict[str, Any]) -> Any:
        """Do an admin operation."""
        return self._send("POST", path, json=body).json()

    def undo(self, path: str) -> Any:
        """Delete something."""
        return self._send("DELETE", path, json={}).json()

    def metrics(self) -> dict[str, float]:
        """The counters of the whole server, by their names with labels; empty if it shows none."""
        answer = self._session.get(f"{self._url}/metrics", timeout=PATIENCE_SECONDS)
        lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in lines} if answer.ok else {}

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        try:
            answer = self._session.request(method, self._base + path, timeout=PATIENCE_SECONDS, **more)
        except requests.ConnectionError:
            raise NotServed(f"nobody answers at {self._url}; start it with: prakerja-sim serve") from None
        except requests.RequestException as problem:
            raise NotServed(f"{self._url} does not answer: {problem}") from None
        if answer.status_code == 401:
            raise NotServed(f"{self._url} wants its token: set {TOKEN} to the one it was started with")
        if not answer.ok:
            raise NotServed(_refusal(answer))
        return answer


def _refusal(answer: requests.Response) -> str:
    """What a server says when it refuses: its message where it has one."""
    try:
        error = answer.json()["error"]
        return str(error["message"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.url} answers {answer.status_code}: {answer.text[:300]}"


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
    command: list[str],
    *,
    stdout: int = subprocess.DEVNULL,
    core: int | None = cores.SERVER,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """Run a server on that core while the block runs; gives it and the file that it logs to."""
    with tempfile.TemporaryFile("w+") as log:
        with cores.pinned(core):
            process = subprocess.Popen(  # noqa: S603  # our own command
                command, stdout=stdout, stderr=log, text=True, start_new_session=True, env=env, cwd=cwd
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
    # A server of another checkout may say more on its output.
    line = next((said for said in process.stdout if said.startswith("{")), "")
    patience.cancel()
    if not line:
        raise NotServed(f"the simulator did not start: {last_words(log)}")
    return str(json.loads(line)["url"])
