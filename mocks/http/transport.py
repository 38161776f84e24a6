"""How a request travels from one party to another: in process or over HTTP.

Both carry the same bytes.  A message that is lost on its way, by a fault or for real, is
`NoReply`: the sender cannot know whether the other side did anything.
"""

import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol
from urllib.parse import unquote

import orjson

from prakerja_sim.simulator.values.errors import Dropped

TIMEOUT_SECONDS = 30
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Where a person exports the authority that signs a simulator's certificates, as its banner shows."""


class NoReply(Exception):
    """Nothing came back."""


class Untrusted(NoReply):
    """The other side's certificate is signed by nobody whom this process trusts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; raises ValueError if it is none."""
        return orjson.loads(self.body)


class Transport(Protocol):
    """Something that carries requests to one party."""

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send and wait for the answer; the path may carry a query. Raises NoReply."""


class InProcess:
    """Carries requests to a WSGI application in the same process, without a socket."""

    def __init__(
        self,
        application: Any,
        prefix: str = "",
        host: str = "localhost",
        *,
        within: object = None,
        asker: str = "",
    ) -> None:
        """Requests with this prefix and host; `within` is the world that they must find, and no later one.

        `asker` is the party that the timeline names as who asked, if one is given.
        """
        self._application = application
        self._prefix = prefix
        self._host = host
        self._within = within
        self._asker = asker

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Call the application."""
        got: list[Any] = []

        def start_response(status: str, pairs: list[tuple[str, str]], *_: object) -> Any:
            got[:] = [int(status[:3]), dict(pairs)]
            return None

        environ = self._environ(method, self._prefix + path, headers or {}, body)
        if self._within is not None:
            environ["sim.within"] = self._within
        environ["sim.asker"] = self._asker
        try:
            chunks: Iterable[bytes] = self._application(environ, start_response)
            content = b"".join(chunks)
        except Dropped:
            raise NoReply(f"{method} {path}") from None
        return Answer(got[0], got[1], content)

    def _environ(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        return environ_of(method, path, headers.items(), body, host=self._host)


def environ_of(
    method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes, *, host: str
) -> dict[str, Any]:
    """What a WSGI server makes of a request that comes from this process; the path may carry a query."""
    where, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(where).encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "CONTENT_LENGTH": str(len(body)),
        "sim.in_process": True,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers:
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ


class Http:
    """Carries requests to a base URL."""

    def __init__(self, base_url: str) -> None:
        import requests  # noqa: PLC0415  # slow to import, and most requests stay in the process

        self._base_url = base_url.rstrip("/")
        self._failures, self._untrusted = requests.RequestException, requests.exceptions.SSLError
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy that is exported for the partner's program is not for us
        exported = [os.environ[name] for name in CERTIFICATES if os.environ.get(name)]
        self._session.verify = exported[0] if exported else True
        # The caller sends its own cookies, as it must in process, too.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send over a persistent connection; redirects are not followed."""
        try:
            reply = self._session.request(
                method,
                self._base_url + path,
                headers=dict(headers or {}),
                data=body,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except self._untrusted:
            raise Untrusted(f"{method} {self._base_url}{path}: its certificate is not trusted") from None
        except self._failures as problem:
            raise NoReply(f"{method} {self._base_url}{path}: {type(problem).__name__}") from None
        except OSError as problem:  # what requests says of a file of certificates that is not there
            raise Untrusted(f"{method} {self._base_url}{path}: {problem}") from None
        return Answer(reply.status_code, reply.headers, reply.content)
