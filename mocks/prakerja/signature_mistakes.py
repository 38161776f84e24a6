"""The known mistakes of clients when they sign: for each part of a signature, the ways to build it.

A way without a description is an accepted one; `body` and `authorization` have several accepted ways.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.prakerja import signature_bodies
from prakerja_sim.mocks.prakerja.signature import Attempt, compacted, forms
from prakerja_sim.simulator.values.reason_texts import Text

RIGHT = Text("", "")
"""What is said of an accepted way: nothing."""
FINER = Text(
    "the timestamp in milliseconds, but sent it in seconds",
    "timestamp dalam milidetik, tetapi dikirim dalam detik",
)
WHOLE_URL = Text("the whole URL; sign the path only", "seluruh URL; tandatangani path saja")
SLOT_TOO = Text(
    "Authorization too, which the documentation does not name",
    "Authorization juga, padahal tidak disebut dokumentasi",
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to build a part; `what` describes the mistake, after "you signed:"."""

    value: bytes
    what: Text = RIGHT


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
        yield Way(
            other.sign_key.encode(),
            Text(
                f"with the sign_key of {other.client_code} ({other.party})",
                f"dengan sign_key milik {other.client_code} ({other.party})",
            ),
        )
    yield Way(
        key.upper().encode(), Text("with your sign_key in capitals", "dengan sign_key Anda dalam huruf besar")
    )
    yield Way(
        key.lower().encode(),
        Text("with your sign_key in small letters", "dengan sign_key Anda dalam huruf kecil"),
    )
    yield Way(
        key.encode() + b"\n",
        Text(
            "with your sign_key and a line end after it",
            "dengan sign_key Anda dan akhir baris di belakangnya",
        ),
    )
    yield Way(
        credential.client_code.encode(),
        Text("with the client_code as key", "dengan client_code sebagai kunci"),
    )
    with suppress(ValueError):
        yield Way(
            bytes.fromhex(key),
            Text(
                "with the bytes that your sign_key spells in hex",
                "dengan byte yang dieja sign_key Anda dalam heksadesimal",
            ),
        )


def _codes(credential: Credential, sent_code: str) -> Iterator[Way]:
    code = credential.client_code
    yield Way(code.encode())
    yield Way(sent_code.encode(), Text(f"client_code as {sent_code!r}", f"client_code sebagai {sent_code!r}"))
    yield Way(code.lower().encode(), Text("client_code in small letters", "client_code dalam huruf kecil"))
    yield Way(code.upper().encode(), Text("client_code in capitals", "client_code dalam huruf besar"))
    yield Way(b"", Text("no client_code", "tanpa client_code"))


def _stamps(stamp: str) -> Iterator[Way]:
    yield Way(stamp.encode())
    yield Way(b"", Text("no timestamp", "tanpa timestamp"))
    if not (stamp.isascii() and stamp.isdigit()):
        return
    yield Way(
        stamp[:-3].encode(),
        Text(
            "the timestamp in seconds, but sent it in milliseconds",
            "timestamp dalam detik, tetapi dikirim dalam milidetik",
        ),
    )
    yield Way((stamp + "000").encode(), FINER)
    for off in (-2, -1, 1, 2):
        yield Way(
            str(int(stamp) + off).encode(),
            Text(
                f"a timestamp that is {off:+} s from the one in the header",
                f"timestamp yang berbeda {off:+} detik dari yang di header",
            ),
        )
    for rest in range(1, 1000):
        yield Way(f"{stamp}{rest:03}".encode(), FINER)


def _methods(method: str) -> Iterator[Way]:
    yield Way(method.encode())
    yield Way(
        method.lower().encode(),
        Text(
            f"the method in small letters, {method.lower()!r}",
            f"metode dalam huruf kecil, {method.lower()!r}",
        ),
    )
    yield Way(
        method.title().encode(),
        Text(f"the method as {method.title()!r}", f"metode sebagai {method.title()!r}"),
    )
    yield Way(b"", Text("no method", "tanpa metode"))
    for other in ("GET", "POST", "PUT"):
        yield Way(other.encode(), Text(f"the method {other}", f"metode {other}"))


def _paths(attempt: Attempt) -> Iterator[Way]:
    environ, path = attempt.environ, attempt.path
    host, mount = environ.get("HTTP_HOST", ""), environ.get("SCRIPT_NAME", "")
    query = environ.get("QUERY_STRING", "")
    yield Way(path.encode())
    if query:
        yield Way(
            f"{path}?{query}".encode(),
            Text(
                "the path with its query; sign it without", "path beserta query-nya; tandatangani tanpa query"
            ),
        )
    for scheme in ("http", "https"):
        yield Way(f"{scheme}://{host}{path}".encode(), WHOLE_URL)
        yield Way(f"{scheme}://{host}{mount}{path}".encode(), WHOLE_URL)
    yield Way(
        f"{host}{path}".encode(),
        Text("the path with its host; sign the path only", "path beserta host-nya; tandatangani path saja"),
    )
    if mount:
        yield Way(
            f"{mount}{path}".encode(),
            Text(
                f"the path with the simulator's mount {mount}; sign it without",
                f"path dengan awalan simulator {mount}; tandatangani tanpa awalan itu",
            ),
        )
    yield from _shortened(path)


def _shortened(path: str) -> Iterator[Way]:
    yield Way(
        path.removeprefix("/").encode(),
        Text("the path without its leading slash", "path tanpa garis miring di depan"),
    )
    yield Way(
        f"{path}/".encode(), Text("the path with a slash at its end", "path dengan garis miring di akhir")
    )
    yield Way(
        path.removesuffix("/").encode(),
        Text("the path without the slash at its end", "path tanpa garis miring di akhir"),
    )
    yield Way(
        f"/{path}".encode(),
        Text(
            "the path with a doubled slash; sign a single one",
            "path dengan garis miring ganda; tandatangani satu saja",
        ),
    )
    for prefix in ("/api/v1/integration", "/api/v1", "/api"):
        if path.startswith(prefix):
            yield Way(
                path.removeprefix(prefix).encode(), Text(f"the path without {prefix}", f"path tanpa {prefix}")
            )
    yield Way(path.lower().encode(), Text("the path in small letters", "path dalam huruf kecil"))
    yield Way(b"", Text("no path", "tanpa path"))


def _slots(authorization: str, *, strict: bool) -> Iterator[Way]:
    for slot, _ in forms(authorization, b""):
        yield Way(slot, SLOT_TOO if strict and slot else RIGHT)
    token = authorization.rpartition(" ")[2]
    for scheme in ("Bearer ", "payment ", "Payment: ", "Authorization: Payment "):
        if token:
            yield Way(
                f"{scheme}{token}".encode("latin-1"),
                Text(
                    f"Authorization as {scheme!r} and the token",
                    f"Authorization sebagai {scheme!r} dan token",
                ),
            )


def _bodies(raw: bytes) -> Iterator[Way]:
    yield Way(raw)
    yield Way(compacted(raw))
    yield Way(b"", Text("no body", "tanpa body"))
    yield Way(
        raw + b"\n", Text("the body with a line end after it", "body dengan akhir baris di belakangnya")
    )
    yield Way(
        raw.rstrip(), Text("the body without the white space at its end", "body tanpa spasi di akhirnya")
    )
    yield Way(
        raw.replace(b"\r\n", b"\n"),
        Text("the body with other line ends", "body dengan akhir baris yang lain"),
    )
    yield Way(b"{}", Text("an empty object as body", "objek kosong sebagai body"))
    yield from (Way(text, what) for text, what in signature_bodies.rewritten(raw))
