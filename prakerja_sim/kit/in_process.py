"""A server within this process: its parties over a store in memory, and a port served by threads."""

from typing import TYPE_CHECKING

from prakerja_sim.mocks.server import serve
from prakerja_sim.mocks.server.on_threads import HOST, Port
from prakerja_sim.mocks.server.options import Options

if TYPE_CHECKING:
    from prakerja_sim.mocks.server import tls


class Served:
    """A running server of this process; `application` can also be called without its port."""

    def __init__(self, port: int = 0, *, seed: int = 42, tls: bool = False) -> None:
        self._port = Port(port)
        self.port, self.url = self._port.number, self._port.url
        self._parties = serve.assembled(_options(self.port, seed))
        self.application = self._parties.application
        self.environment: dict[str, str] = {}
        """What a program needs to reach it by TLS, and the real hosts by a proxy."""
        self._port.serve(self.application)
        self._front = self._fronted() if tls else None

    def close(self) -> None:
        """Listen no more, and forget all worlds."""
        if self._front is not None:
            self._front.close()
        self._port.close()
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
