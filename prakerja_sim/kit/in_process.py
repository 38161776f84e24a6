"""A server within this process: its parties over a store in memory, and a port served by threads."""

import socket
from threading import Thread
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from prakerja_sim.mocks.server import serve
from prakerja_sim.mocks.server.options import Options

if TYPE_CHECKING:
    from prakerja_sim.mocks.server import tls

HOST = "127.0.0.1"
CONNECTIONS = 512
"""So many may wait to be accepted."""


class _KeepsUnderscores(WSGIRequestHandler):
    """Hands on headers such as client_code, which werkzeug drops; says nothing to the terminal."""

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
        """Nothing: what passed is in the timeline."""


class Served:
    """A running server of this process; `application` can also be called without its port."""

    def __init__(self, port: int = 0, *, seed: int = 42, tls: bool = False) -> None:
        with socket.create_server((HOST, port), backlog=CONNECTIONS) as bound:
            self.port: int = bound.getsockname()[1]
            self.url = f"http://{HOST}:{self.port}"
            self._parties = serve.assembled(_options(self.port, seed))
            self.application = self._parties.application
            self._server = make_server(
                HOST,
                self.port,
                self.application,
                threaded=True,
                request_handler=_KeepsUnderscores,
                fd=bound.fileno(),
            )
        self.environment: dict[str, str] = {}
        """What a program needs to reach it by TLS, and the real hosts by a proxy."""
        self._thread = Thread(
            target=self._server.serve_forever, args=(0.05,), name="prakerja-sim", daemon=True
        )
        self._thread.start()
        self._front = self._fronted() if tls else None

    def close(self) -> None:
        """Listen no more, and forget all worlds."""
        if self._front is not None:
            self._front.close()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()
        self._parties.sandboxes.store.close()

    def _fronted(self) -> "tls.Front":
        """TLS and the proxy, on free ports."""
        from prakerja_sim.mocks.server import tls  # noqa: PLC0415  # cryptography is slow to import

        front = tls.Front(
            tls_port=0,
            proxy_port=0,
            upstream=(HOST, self.port),
            hosts=self._parties.hosts,
            ca_file=None,
            now=self._parties.wall(),
        )
        self._parties.about["tls_port"] = front.tls_port
        self.environment = {
            "PRAKERJA_BASE_URL": f"https://{HOST}:{front.tls_port}",
            "REQUESTS_CA_BUNDLE": str(front.ca),
            "SSL_CERT_FILE": str(front.ca),
            "HTTPS_PROXY": f"http://{HOST}:{front.proxy_port}",
            "NO_PROXY": f"localhost,{HOST}",
        }
        return front


def _options(port: int, seed: int) -> Options:
    """As `serve --store memory --empty --show-secrets` has them: its books are read by the test alone."""
    return Options(port=port, seed=seed, store="memory", server="werkzeug", show_secrets=True, empty=True)
