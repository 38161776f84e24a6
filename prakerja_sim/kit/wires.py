"""How a request reaches the simulator: in this process without a socket, or at a URL.

Both carry the same bytes and answer the same, so whoever sends does not know which one it is.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from msgspec import Struct

from prakerja_sim.mocks.http.transport import environ_of
from prakerja_sim.simulator.values.errors import Dropped

Pairs = tuple[tuple[str, str], ...]
PATIENCE_SECONDS = 60.0
"""How long the kit itself waits for an answer."""


class Lost(Exception):
    """No answer came; the message says which fault it was, if that is known."""


class TimedOut(Exception):
    """No answer came within the sender's patience."""


class Asked(Struct, frozen=True):
    """A request, as any HTTP client sends it."""

    method: str
    path: str
    """With its query."""
    headers: Pairs = ()
    body: bytes = b""
    patience: float | None = PATIENCE_SECONDS
    """How long the sender waits, in seconds; None for as long as it takes."""
    secure: bool = False
    """Whether the sender believes that it speaks TLS."""


class Answered(Struct, frozen=True):
    """An answer."""

    status: int
    headers: Pairs
    body: bytes


class Wire(Protocol):
    """Something that carries requests to a simulator."""

    def send(self, asked: Asked) -> Answered:
        """Send and wait for the answer. Raises Lost or TimedOut."""


class InProcess:
    """Calls the application; an answer that hangs ends at once, as at the sender's timeout."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def send(self, asked: Asked) -> Answered:
        """Call the application."""
        host = next((value for name, value in asked.headers if name.lower() == "host"), "localhost")
        environ = environ_of(asked.method, asked.path, asked.headers, asked.body, host=host)
        environ["sim.patience"] = asked.patience
        if asked.secure:
            environ |= {"wsgi.url_scheme": "https", "SERVER_PORT": "443"}
        got: list[Any] = []

        def start_response(status: str, pairs: Iterable[tuple[str, str]], *_: object) -> None:
            got[:] = [int(status[:3]), tuple(pairs)]

        try:
            body = b"".join(self._application(environ, start_response))
        except Dropped as lost:
            raise (TimedOut if str(lost) == "reply_hangs" else Lost)(str(lost)) from None
        return Answered(got[0], got[1], body)


class OverHttp:
    """Sends to a base URL over connections that are kept."""

    def __init__(self, base_url: str) -> None:
        import urllib3  # noqa: PLC0415  # whoever serves in this process needs none

        self._base_url = base_url.rstrip("/")
        self._pool = urllib3.PoolManager(maxsize=32)

    def send(self, asked: Asked) -> Answered:
        """Send; redirects are the sender's matter, and nothing is asked twice."""
        with _lost_at(self._base_url):
            reply = self._pool.request(
                asked.method,
                self._base_url + asked.path,
                headers=dict(asked.headers),
                body=asked.body,
                timeout=asked.patience,
                retries=False,
                redirect=False,
                decode_content=False,
            )
        return Answered(reply.status, tuple(reply.headers.items()), reply.data)


@contextmanager
def _lost_at(url: str) -> Iterator[None]:
    from urllib3.exceptions import HTTPError, TimeoutError  # noqa: PLC0415, A004  # as above

    try:
        yield
    except TimeoutError as problem:
        raise TimedOut(f"{url}: {problem}") from None
    except HTTPError as problem:
        raise Lost(f"{url}: {problem}") from None
