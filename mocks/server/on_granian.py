"""granian, in which a connection that stalls is closed from outside.

granian gives up a slow head by itself, but waits for a body, or for the next request, for ever, and
hands out no socket.  On Linux the process looks through its own connections and closes those that
stall; elsewhere they only count among the connections and threads that there are.
"""

import os
import socket
import stat
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

SWEEP_SECONDS = 3
_LAST_SENT, _LAST_RECEIVED, _SIZE = 44, 52, 136
"""Offsets at which Linux gives, in milliseconds, how long ago a connection sent and received data."""

Application = Callable[..., Iterable[bytes]]


class AtWork:
    """An application that knows since when it has been at work on each request whose body has come."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._since: dict[object, float] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        one = environ["wsgi.input"] = _Body(environ["wsgi.input"], self._since)
        try:
            return self._application(environ, start_response)
        finally:
            self._since.pop(one, None)

    def longest(self) -> float:
        """For how many seconds the oldest of them has been worked on."""
        now = time.monotonic()
        return now - min(list(self._since.values()), default=now)


class _Body:
    """A request's body; once it has been read, its request is worked on."""

    def __init__(self, body: Any, since: dict[object, float]) -> None:
        self._body = body
        self._since = since

    def read(self, size: int | None = None) -> bytes:
        self._since.pop(self, None)
        got: bytes = self._body.read(size)
        self._since[self] = time.monotonic()
        return got


class Sweep:
    """Closes the connections of a port that have stalled for so many seconds."""

    def __init__(self, port: int, patience: float, at_work: AtWork) -> None:
        self._port = port
        self._patience = patience
        self._at_work = at_work
        self._since: dict[int, float] = {}
        """When each connection began the request that has no answer yet."""

    def start(self) -> None:
        """Sweep from now on, in a thread."""
        threading.Thread(target=self._go_on, name="sweep", daemon=True).start()

    def once(self) -> None:
        """Close what stalls now."""
        # A slow answer looks like a client that stalls, but it is never older than its request.
        silence = self._patience + self._at_work.longest()
        seen: dict[int, float] = {}
        for number, end in _connections(self._port):
            with end, suppress(OSError):
                sent, received = _ages(end)
                now = time.monotonic()
                heard = now - received
                if received < sent:
                    begun = self._since.get(number, heard)
                    seen[number] = begun = heard if begun < now - sent else begun
                    stalls = heard - begun > self._patience
                else:
                    stalls = False
                if stalls or min(sent, received) > silence:
                    end.shutdown(socket.SHUT_RDWR)
        self._since = seen

    def _go_on(self) -> None:
        pause = threading.Event()
        while not pause.wait(SWEEP_SECONDS):
            self.once()


def run(target: str, host: str, port: int, *, threads: int, connections: int, patience: int) -> None:
    """Serve the application that `target` names until stopped."""
    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        websockets=False,
        factory=True,
        log_level=LogLevels.error,
        backpressure=connections,
        http1_settings=HTTP1Settings(header_read_timeout=patience * 1000),
    ).serve()


def swept(application: Application, port: int, patience: float) -> Application:
    """The application, in a process whose stalled connections are closed if the system shows them."""
    if not hasattr(socket, "TCP_INFO"):
        return application
    at_work = AtWork(application)
    Sweep(port, patience, at_work).start()
    return at_work


def _connections(port: int) -> Iterator[tuple[int, socket.socket]]:
    """The connections of a port in this process, each as a number of its own and a second handle."""
    for path in Path("/dev/fd").iterdir():
        file = int(path.name)
        try:
            about = os.fstat(file)
            if not stat.S_ISSOCK(about.st_mode):
                continue
            end = socket.socket(fileno=os.dup(file))
        except OSError:  # closed meanwhile
            continue
        if _is_of(end, port):
            yield about.st_ino, end
        else:
            end.close()


def _is_of(end: socket.socket, port: int) -> bool:
    try:
        return end.family in (socket.AF_INET, socket.AF_INET6) and end.getsockname()[1] == port != _peer(end)
    except OSError:  # it is listening, or has ended
        return False


def _peer(end: socket.socket) -> int:
    peer: int = end.getpeername()[1]
    return peer


def _ages(end: socket.socket) -> tuple[float, float]:
    """How many seconds ago a connection sent something, and received something."""
    info = end.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SIZE)
    sent, received = (struct.unpack_from("=I", info, at)[0] for at in (_LAST_SENT, _LAST_RECEIVED))
    return sent / 1000, received / 1000
