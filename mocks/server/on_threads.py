"""A server in threads of this process: for a story that starts programs which need an address."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

HERE = "127.0.0.1"


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
        """An answer was lost on purpose."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: the timeline knows what passed."""


@contextmanager
def served(application: Callable[..., Any]) -> Iterator[str]:
    """The application's address on a free port, while the context lasts."""
    server = make_server(HERE, 0, application, threaded=True, request_handler=_EveryHeader)
    thread = Thread(target=server.serve_forever, args=(0.05,), name="a story's port", daemon=True)
    thread.start()
    try:
        yield f"http://{HERE}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
