"""A port of this process, served by threads, for tests and stories that start programs of their own."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

HOST = "127.0.0.1"
CONNECTIONS = 512
"""So many may wait to be accepted."""


class _EveryHeader(WSGIRequestHandler):
    """Hands on headers with an underscore, such as client_code, which werkzeug drops; prints nothing."""

    def make_environ(self) -> dict[str, Any]:
        """The request, with all its headers."""
        environ: dict[str, Any] = super().make_environ()
        for name, value in self.headers.items():
            if "_" in name:
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return environ

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """The answer was lost on purpose, so no further request can come."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: the timeline knows what passed."""


class Port:
    """A port that is known before there is an application to serve on it; 0 takes a free one."""

    def __init__(self, number: int = 0) -> None:
        self._bound = socket.create_server((HOST, number), backlog=CONNECTIONS)
        self.number: int = self._bound.getsockname()[1]
        self.url = f"http://{HOST}:{self.number}"

    def serve(self, application: Callable[..., Any]) -> None:
        """Answer with the application from now on, until `close`."""
        with self._bound:
            self._server = make_server(
                HOST,
                self.number,
                application,
                threaded=True,
                request_handler=_EveryHeader,
                fd=self._bound.fileno(),
            )
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name=self.url, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


@contextmanager
def served(application: Callable[..., Any]) -> Iterator[str]:
    """The application's address on a free port, while the context lasts."""
    port = Port()
    port.serve(application)
    try:
        yield port.url
    finally:
        port.close()
