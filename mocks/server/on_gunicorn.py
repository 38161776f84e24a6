"""gunicorn, in which a client that stalls blocks no other client.

A connection costs no thread while it waits for its first byte or for its next request.  A request
must be there whole, and its answer be taken, each within so many seconds; else the connection ends.
"""

import errno
import socket
import time
from collections.abc import Callable
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

LINGER_SECONDS = 2
"""How long a client may take to read its last answer before its connection is closed."""


class Patient(socket.socket):
    """A connection with one deadline for all that is read of a request, and one for each write."""

    def __init__(self, raw: socket.socket, seconds: float) -> None:
        super().__init__(fileno=raw.detach())
        self._seconds = seconds
        self.until = 0.0

    def begin(self) -> None:
        """A request begins to come."""
        self.until = time.monotonic() + self._seconds

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Receive before the deadline; what is late counts as a connection that broke off."""
        self.settimeout(max(self.until - time.monotonic(), 0.001))
        try:
            return super().recv(size, flags)
        except TimeoutError:
            raise _broken_off() from None

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send all of it in time."""
        self.settimeout(self._seconds)
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise _broken_off() from None


class Chunks(ChunkedReader):  # type: ignore[misc]  # gunicorn ships no types
    """A body in chunks; a malformed one counts as a body that broke off, which the party answers."""

    def read(self, size: int) -> bytes:
        """Read some of the body; raises OSError if the chunks make no sense."""
        try:
            read: bytes = super().read(size)
        except ParseException as problem:
            raise OSError(errno.EBADMSG, str(problem)) from None
        return read

    def parse_chunk_size(self, unreader: Any, data: bytes | None = None) -> Any:
        """Read the line with a chunk's size; blanks at its end do no harm, and some programs send them."""
        there = bytearray(data or b"")
        while b"\r\n" not in there and len(there) <= self.limit_chunk_size_line:
            self.read_into(unreader, there)
        line, end, rest = there.partition(b"\r\n")
        return super().parse_chunk_size(unreader, bytes(line.rstrip(b" \t") + end + rest))


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's own threads, given only to connections that have sent data."""

    def enqueue_req(self, conn: TConn) -> None:
        """Hand a request to a thread; a new connection first waits for its first byte without one."""
        if conn.initialized or conn.data_ready:
            conn.sock.begin()
            super().enqueue_req(conn)
            return
        conn.sock = Patient(conn.sock, self.cfg.keepalive)
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        """Serve a request; a closing connection is drained here, not in the thread that all others need."""
        reusable = super().handle(conn)
        if not reusable:
            conn.sock.until = time.monotonic() + LINGER_SECONDS
            util.close_graceful(conn.sock)
        return reusable

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer a request; one that comes in chunks is read by us."""
        if isinstance(req.body.reader, ChunkedReader):
            req.body.reader = Chunks(req, req.unreader)
        return super().handle_request(req, conn)


def run(
    address: str, *, threads: int, connections: int, patience: int, load: Callable[[], Callable[..., Any]]
) -> None:
    """Serve until stopped; `load` makes the application in the process that serves it."""

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def load_config(self) -> None:
            settings = {
                "bind": address,
                "workers": 1,
                "worker_class": Worker,
                "threads": threads,
                "worker_connections": connections,
                "header_map": "dangerous",  # lets client_code through; no forwarding header is trusted
                "forwarded_allow_ips": "",
                "keepalive": patience,
                "timeout": 0,
                "graceful_timeout": 5,
                "loglevel": "error",
                "control_socket_disable": True,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Callable[..., Any]:
            return load()

    Server().run()


def _broken_off() -> OSError:
    """An error that gunicorn takes for a client that has left."""
    return ConnectionResetError(errno.ECONNRESET, "the client stalled")
