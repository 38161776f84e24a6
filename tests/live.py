"""A real server on a free port, for tests that need a socket."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any

REPOSITORY = Path(__file__).parent.parent
CHECKOUT = (sys.executable, "-m", "prakerja_sim")
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
"""Linux ends a program when the thread that started it is gone: after Ctrl-C no worker tidies up."""


@dataclass
class Live:
    """A running server."""

    url: str
    process: subprocess.Popen[str]
    ready: dict[str, Any]
    """What it printed when it was ready."""

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, dict[str, str]]:
        """One request; a body that is not bytes is sent as JSON."""
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        try:
            connection.request(method, path, raw, {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            content = answer.read()
            told = json.loads(content) if content[:1] in (b"{", b"[") else content
            return answer.status, told, dict(answer.getheaders())
        finally:
            connection.close()


@contextmanager
def serving(
    *options: str,
    simulator: tuple[str, ...] = CHECKOUT,
    cwd: Path = REPOSITORY,
    log: IO[str] | None = None,
) -> Iterator[Live]:
    """A server of its own process group, killed whole at the end; what it logs goes to `log`, if given."""
    command = [*ENDS_WITH_US, *simulator, "serve", "--port", "0", "--json", *options]
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
    )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert ready, f"the server did not start: {process.wait(10)}"
        told = json.loads(ready)
        yield Live(told["url"], process, told)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def ended(pid: int) -> bool:
    """Whether a process, which need not be a child of ours, ends within ten seconds."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with closing(os.fdopen(watched)):
        return bool(select.select([watched], [], [], 10)[0])
