"""The admin API as the kit calls it: JSON there and back, and every refusal as an exception."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from prakerja_sim.kit.errors import Refused, SimulatorError, Unreachable
from prakerja_sim.kit.wires import Asked, Lost, TimedOut, Wire

__tracebackhide__ = True  # pytest shows the line of the test


class Admin:
    """The admin API of one sandbox, or of the server itself without a name."""

    def __init__(self, wire: Wire, url: str, token: str | None = None, sandbox: str = "") -> None:
        self.wire, self.url, self.token, self.sandbox = wire, url, token, sandbox
        host = ("Host", url.partition("://")[2])
        self._headers = (host, *((("Authorization", f"Bearer {token}"),) if token else ()))

    def of(self, sandbox: str) -> "Admin":
        """The same API for a sandbox."""
        return Admin(self.wire, self.url, self.token, sandbox)

    def get(self, path: str, /, **query: object) -> Any:
        """Ask; what is None is not asked for."""
        given = urlencode({name: value for name, value in query.items() if value is not None})
        return self._answer("GET", f"{path}?{given}" if given else path)

    def text(self, path: str, /, **query: object) -> str:
        """Ask for something that is no JSON."""
        answered = self._send("GET", f"{path}?{urlencode(query)}", b"")
        return answered.decode()

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Let something happen."""
        return self._answer("POST", path, orjson.dumps({} if body is None else body))

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Change something."""
        return self._answer("PATCH", path, orjson.dumps(body))

    def delete(self, path: str) -> Any:
        """Take something away."""
        return self._answer("DELETE", path)

    def _answer(self, method: str, path: str, body: bytes = b"") -> Any:
        return orjson.loads(self._send(method, path, body))

    def _send(self, method: str, path: str, body: bytes) -> bytes:
        where = f"/s/{self.sandbox}/__admin{path}" if self.sandbox else f"/__admin{path}"
        kind = (("Content-Type", "application/json"),) if body else ()
        try:
            answered = self.wire.send(Asked(method, where, (*self._headers, *kind), body))
        except (Lost, TimedOut) as problem:
            raise Unreachable(
                f"{method} {where}: {self.url} does not answer ({problem}); is `prakerja-sim serve` running?",
                reason="unreachable",
            ) from None
        if answered.status >= 400:
            raise _error(f"{method} {where}", answered.status, answered.body)
        return answered.body


def quoted(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")


def _error(asked: str, status: int, body: bytes) -> SimulatorError:
    """What the server says, with its reason and values."""
    try:
        told = orjson.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        told = body.decode(errors="replace")
    if not isinstance(told, dict):
        return Refused(f"{asked}: {status} {told}", reason=str(status))
    values = {name: value for name, value in told.items() if name not in ("code", "message")}
    return Refused(f"{asked}: {told['code']}: {told['message']}", reason=told["code"], values=values)
