"""A client of the real hosts, unmodified, whose requests come into a sandbox without a port.

`responses` and `respx` replace what sends in requests and httpx. Requests to hosts that the simulator knows
go to it, requests to its own address pass, all others fail. A lost answer is a broken connection in the words
of the client's library, and one that hangs is its timeout, at once.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import responses as reasons
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from prakerja_sim.kit.admin import Admin
from prakerja_sim.kit.errors import ExtraMissing, Mismatch
from prakerja_sim.kit.wires import Answered, Asked, Lost, Pairs, TimedOut, Wire

NEEDS = {"requests": "responses", "httpx": "respx"}
"""The library with which each client is intercepted; the extra has its name."""


@contextmanager
def intercepted(server: Admin, sandbox: str, client: str) -> Iterator[None]:
    """Let the client's requests come into that sandbox; raises ExtraMissing."""
    if client not in NEEDS:
        raise ValueError(f"{client!r} cannot be intercepted; write one of {', '.join(NEEDS)}")
    try:
        library = import_module(NEEDS[client])
    except ImportError:
        needed = NEEDS[client]
        raise ExtraMissing(
            f"to intercept {client} takes {needed}, which is not installed; "
            f"install it with: pip install 'prakerja-sim[{needed}]'",
            reason="extra_missing",
        ) from None
    into = _Into(server.wire, server.url, sandbox)
    with (_requests if client == "requests" else _httpx)(library, into):
        yield


class _Into:
    """The way of a request into a sandbox."""

    def __init__(self, wire: Wire, url: str, sandbox: str) -> None:
        self.url = url
        self._wire, self._below = wire, f"/s/{sandbox}"

    def send(
        self, method: str, url: str, headers: list[tuple[str, str]], body: bytes, patience: float | None
    ) -> Answered:
        """Send what the client sends to a real host."""
        parts = urlsplit(url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        if not path.startswith(f"{self._below}/"):  # an address that was handed out has it already
            path = self._below + path
        if not any(name.lower() == "host" for name, _ in headers):
            headers = [("Host", parts.netloc), *headers]
        asked = Asked(method, path, tuple(headers), body, patience, parts.scheme == "https")
        return self._wire.send(asked)


@cache
def known_hosts() -> frozenset[str]:
    """The real hosts that the simulator answers for."""
    from prakerja_sim.mocks.server.mounts import addresses, known_faces  # noqa: PLC0415  # all parties

    return frozenset(addresses(known_faces())[0])


def _check_known(method: str, url: str) -> None:
    """Raises Mismatch, which no client's code takes for a lost answer, for a host that nobody answers for."""
    if (urlsplit(url).hostname or "").lower() not in known_hosts():
        raise Mismatch(
            f"{method} {url}: the simulator does not answer for this host, and nothing else may be called; "
            f"it knows {', '.join(sorted(known_hosts()))}",
            reason="host_unknown",
            values={"url": url},
        )


@contextmanager
def _requests(responses: Any, into: _Into) -> Iterator[None]:
    """Everything that requests sends, through the library `responses`."""
    import requests  # noqa: PLC0415  # only who intercepts it needs it
    from urllib3 import HTTPHeaderDict, HTTPResponse  # noqa: PLC0415  # as above

    class Everything(responses.BaseResponse):  # type: ignore[misc]  # the library is loaded by name
        """Answers every request but those to the simulator's own address."""

        def matches(self, request: Any) -> tuple[bool, str]:
            return not request.url.startswith(into.url), "goes to the simulator itself"

        def get_response(self, request: Any) -> HTTPResponse:
            _check_known(request.method, request.url)
            timeout = request.req_kwargs.get("timeout")
            patience = timeout[1] if isinstance(timeout, tuple) else timeout
            body = request.body.encode() if isinstance(request.body, str) else _joined(request.body)
            pairs = [(_text(name), _text(value)) for name, value in request.headers.items()]
            try:
                answered = into.send(request.method, request.url, pairs, body, patience)
            except Lost as lost:
                raise requests.ConnectionError(f"Connection aborted: {lost}", request=request) from None
            except TimedOut as hangs:
                raise requests.ReadTimeout(
                    f"Read timed out. (read timeout={patience}) {hangs}", request=request
                ) from None
            headers = HTTPHeaderDict(_end_to_end(answered.headers))
            sent = HTTPResponse(body=_closed(), msg=headers, preload_content=False)  # type: ignore[arg-type]
            return HTTPResponse(
                status=answered.status,
                reason=reasons.get(answered.status),
                body=BytesIO(answered.body),
                headers=headers,
                original_response=sent,  # type: ignore[arg-type]  # where requests looks for cookies
                preload_content=False,
                request_method=request.method,
            )

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add(Everything("ANY", re.compile(".*")))
        mock.add_passthru(into.url)
        yield


@contextmanager
def _httpx(respx: Any, into: _Into) -> Iterator[None]:
    """Everything that httpx sends, by a client with or without async, through the library `respx`."""
    import httpx  # noqa: PLC0415  # only who intercepts it needs it

    def answer(request: httpx.Request) -> httpx.Response | httpx.Request:
        url = str(request.url)
        if url.startswith(into.url):
            return request  # passes
        _check_known(request.method, url)
        patience = request.extensions.get("timeout", {}).get("read")
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        try:
            answered = into.send(request.method, url, pairs, request.content, patience)
        except Lost as lost:
            raise httpx.ReadError(f"Connection reset: {lost}", request=request) from None
        except TimedOut as hangs:
            raise httpx.ReadTimeout(f"The read operation timed out: {hangs}", request=request) from None
        return httpx.Response(
            answered.status, headers=_end_to_end(answered.headers), content=answered.body, request=request
        )

    with respx.mock(assert_all_called=False) as mock:
        mock.route().mock(side_effect=answer)
        yield


def _joined(body: Any) -> bytes:
    """A body whole, also one that the client would send in chunks."""
    if body is None or isinstance(body, bytes | bytearray):
        return bytes(body or b"")
    return b"".join(part.encode() if isinstance(part, str) else part for part in body)


def _text(header: str | bytes) -> str:
    return header.decode("latin-1") if isinstance(header, bytes) else header


def _end_to_end(headers: Pairs) -> list[tuple[str, str]]:
    """The headers without what belonged to the connection of another server."""
    return [
        (name, value) for name, value in headers if name.lower() not in ("transfer-encoding", "connection")
    ]


def _closed() -> BytesIO:
    body = BytesIO()
    body.close()
    return body
