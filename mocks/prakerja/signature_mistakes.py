"""The known mistakes of clients when they sign: for each part of a signature, the ways to build it.

A way without a description is an accepted one; `body` and `authorization` have several accepted ways.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.prakerja.signature import Attempt, compacted, forms

GO = {b"&": b"\\u0026", b"<": b"\\u003c", b">": b"\\u003e"}
"""What json.Marshal of Go escapes, and to_json of Rails."""
PHP = {b"&": b"\\u0026", b"<": b"\\u003C", b">": b"\\u003E", b"'": b"\\u0027"}
"""What json_encode of PHP escapes if it is asked to."""
DOTNET = {**PHP, b"+": b"\\u002B"}
"""What System.Text.Json escapes."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to build a part; `what` describes the mistake and is empty if there is none."""

    value: bytes
    what: str = ""


class Headers(Protocol):
    """Headers by name; a missing header is empty text."""

    def __getitem__(self, name: str) -> str:
        """The header's value."""


def ways(
    attempt: Attempt,
    headers: Headers,
    credential: Credential,
    credentials: Sequence[Credential],
    *,
    strict: bool,
) -> Mapping[str, list[Way]]:
    """For each part the accepted ways and the mistakes, each value once."""
    all_ways = {
        "key": _keys(credential, credentials),
        "client_code": _codes(credential, headers["client_code"]),
        "timestamp": _stamps(headers["timestamp"]),
        "method": _methods(attempt.method),
        "path": _paths(attempt),
        "authorization": _slots(headers["Authorization"], strict=strict),
        "body": _bodies(attempt.raw),
    }
    return {part: _distinct(some) for part, some in all_ways.items()}


def _distinct(some: Iterator[Way]) -> list[Way]:
    seen: dict[bytes, Way] = {}
    for way in some:
        seen.setdefault(way.value, way)
    return list(seen.values())


def _keys(credential: Credential, credentials: Sequence[Credential]) -> Iterator[Way]:
    key = credential.sign_key
    yield Way(key.encode())
    for other in credentials:
        yield Way(other.sign_key.encode(), f"with the sign_key of {other.client_code} ({other.party})")
    yield Way(key.upper().encode(), "with your sign_key in capitals")
    yield Way(key.lower().encode(), "with your sign_key in small letters")
    yield Way(key.encode() + b"\n", "with your sign_key and a line end after it")
    yield Way(credential.client_code.encode(), "with the client_code as key")
    with suppress(ValueError):
        yield Way(bytes.fromhex(key), "with the bytes that your sign_key spells in hex")


def _codes(credential: Credential, sent_code: str) -> Iterator[Way]:
    code = credential.client_code
    yield Way(code.encode())
    yield Way(sent_code.encode(), f"client_code as {sent_code!r}")
    yield Way(code.lower().encode(), "client_code in small letters")
    yield Way(code.upper().encode(), "client_code in capitals")
    yield Way(b"", "no client_code")


def _stamps(stamp: str) -> Iterator[Way]:
    yield Way(stamp.encode())
    yield Way(b"", "no timestamp")
    if not (stamp.isascii() and stamp.isdigit()):
        return
    yield Way(stamp[:-3].encode(), "the timestamp in seconds, but sent it in milliseconds")
    yield Way((stamp + "000").encode(), "the timestamp in milliseconds, but sent it in seconds")
    for off in (-2, -1, 1, 2):
        yield Way(str(int(stamp) + off).encode(), f"a timestamp that is {off:+} s from the one in the header")
    for rest in range(1, 1000):
        yield Way(f"{stamp}{rest:03}".encode(), "the timestamp in milliseconds, but sent it in seconds")


def _methods(method: str) -> Iterator[Way]:
    yield Way(method.encode())
    yield Way(method.lower().encode(), f"the method in small letters, {method.lower()!r}")
    yield Way(method.title().encode(), f"the method as {method.title()!r}")
    yield Way(b"", "no method")
    for other in ("GET", "POST", "PUT"):
        yield Way(other.encode(), f"the method {other}")


def _paths(attempt: Attempt) -> Iterator[Way]:
    environ, path = attempt.environ, attempt.path
    host, mount = environ.get("HTTP_HOST", ""), environ.get("SCRIPT_NAME", "")
    query = environ.get("QUERY_STRING", "")
    yield Way(path.encode())
    if query:
        yield Way(f"{path}?{query}".encode(), "the path with its query; sign it without")
    for scheme in ("http", "https"):
        yield Way(f"{scheme}://{host}{path}".encode(), "the whole URL; sign the path only")
        yield Way(f"{scheme}://{host}{mount}{path}".encode(), "the whole URL; sign the path only")
    yield Way(f"{host}{path}".encode(), "the path with its host; sign the path only")
    if mount:
        yield Way(f"{mount}{path}".encode(), f"the path with the simulator's mount {mount}; sign it without")
    yield Way(path.removeprefix("/").encode(), "the path without its leading slash")
    yield Way(f"{path}/".encode(), "the path with a slash at its end")
    yield Way(path.removesuffix("/").encode(), "the path without the slash at its end")
    yield Way(f"/{path}".encode(), "the path with a doubled slash; sign a single one")
    for prefix in ("/api/v1/integration", "/api/v1", "/api"):
        if path.startswith(prefix):
            yield Way(path.removeprefix(prefix).encode(), f"the path without {prefix}")
    yield Way(path.lower().encode(), "the path in small letters")
    yield Way(b"", "no path")


def _slots(authorization: str, *, strict: bool) -> Iterator[Way]:
    for slot, _ in forms(authorization, b""):
        yield Way(slot, "Authorization too, which the documentation does not name" if strict and slot else "")
    token = authorization.rpartition(" ")[2]
    for scheme in ("Bearer ", "payment ", "Payment: ", "Authorization: Payment "):
        if token:
            yield Way(f"{scheme}{token}".encode("latin-1"), f"Authorization as {scheme!r} and the token")


def _bodies(raw: bytes) -> Iterator[Way]:
    yield Way(raw)
    yield Way(compacted(raw))
    yield Way(b"", "no body")
    yield Way(raw + b"\n", "the body with a line end after it")
    yield Way(raw.rstrip(), "the body without the white space at its end")
    yield Way(raw.replace(b"\r\n", b"\n"), "the body with other line ends")
    yield Way(b"{}", "an empty object as body")
    yield from _escaped(raw)
    with suppress(ValueError, RecursionError):
        yield from (Way(text, what) for what, text in _rewritten(json.loads(raw)))


def _escaped(raw: bytes) -> Iterator[Way]:
    """The very bytes that were sent, but with the letters escaped that some programs escape in JSON."""
    for text in (raw, compacted(raw)):
        for escapes in (GO, PHP, DOTNET):
            signed = text
            for letter, escape in escapes.items():
                signed = signed.replace(letter, escape)
            named = ", ".join(f"{e.decode()} for {c.decode()}" for c, e in escapes.items() if c in text)
            yield Way(signed, f"the body with {named}, but sent it without these escapes")


def _rewritten(value: Any) -> Iterator[tuple[str, bytes]]:
    """The same JSON, written as other programs write it."""
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    ascii_only = json.dumps(value, separators=(",", ":"))
    yield "the body written anew, with other escapes than you sent", compact.encode()
    yield "the body with \\u escapes, but sent letters", ascii_only.encode()
    yield "the body with escaped slashes (PHP), but sent plain ones", compact.replace("/", "\\/").encode()
    yield "the body with \\u escapes and escaped slashes (PHP)", ascii_only.replace("/", "\\/").encode()
    yield "the body with its keys sorted", json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
    spaced = json.dumps(value, ensure_ascii=False)
    yield "the body with spaces after commas and colons, but sent none", spaced.encode()
    yield "the body indented, but sent it compact", json.dumps(value, indent=2, ensure_ascii=False).encode()
    if isinstance(value, dict):
        quoted = {name: str(inner) if isinstance(inner, int) else inner for name, inner in value.items()}
        yield "the body with numbers in quotes", json.dumps(quoted, separators=(",", ":")).encode()
