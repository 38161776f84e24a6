"""Signature diagnosis: which part of a refused signature differs from what is accepted.

It tries the known mistakes of real clients, first one mistake and then two together, until the result
equals the signature that was sent.  Only the admin API shows the diagnosis: the sender gets the same
answer for every cause.  A sign_key is never shown; card, OTP and token are masked.
"""

import base64
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

from prakerja_sim.mocks.http import secrets
from prakerja_sim.mocks.http.credentials import PARTNERS, Credential
from prakerja_sim.mocks.prakerja import signature_mistakes
from prakerja_sim.mocks.prakerja.signature import PAYMENT_SCHEME, Attempt, forms
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.ids import masked
from prakerja_sim.simulator.values.reason_texts import Text

ENCODINGS: Mapping[str, Callable[[bytes, bytes], str]] = {
    "HMAC-SHA1 in hex": lambda key, text: hmac.new(key, text, "sha1").hexdigest(),
    "HMAC-SHA1 in Base64": lambda key, text: _base64(hmac.digest(key, text, "sha1")),
    "HMAC-SHA256 in hex": lambda key, text: hmac.new(key, text, "sha256").hexdigest(),
    "HMAC-SHA512 in hex": lambda key, text: hmac.new(key, text, "sha512").hexdigest(),
    "HMAC-MD5 in hex": lambda key, text: hmac.new(key, text, "md5").hexdigest(),
}
LIKELIER = 12
NEEDED = ("client_code", "timestamp", "signature")
ACCEPTED_ENCODING = "HMAC-SHA1 in hex"
ENCODED = {
    name: Text(name, name.replace(" in hex", " dalam heksadesimal").replace(" in ", " dalam "))
    for name in ENCODINGS
}
CAPITALS = Text(
    "documented is lower case; both are accepted here",
    "menurut dokumentasi huruf kecil; di sini keduanya diterima",
)
NO_CAPITALS = Text("is not accepted here", "tidak diterima di sini")
UNKNOWN = Text(
    "none of the known mistakes; compare your raw string with server_hashed",
    "bukan kesalahan yang dikenal; bandingkan string mentah Anda dengan server_hashed",
)
MASKED = Text(
    "all but the last four characters of card, OTP and payment token; count with `bytes`",
    "semua kecuali empat karakter terakhir dari kartu, OTP, dan payment token; hitung dengan `bytes`",
)
TOO_FINE = Text(
    "is in milliseconds or finer; it must be Unix seconds",
    "dalam milidetik atau lebih halus; harus detik Unix",
)
WIB_FOR_UTC = Text(
    "; seven hours: local time (WIB) was taken for UTC",
    "; tujuh jam: waktu setempat (WIB) dianggap UTC",
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a signature; for each part, one way to build it."""

    key: signature_mistakes.Way
    client_code: signature_mistakes.Way
    timestamp: signature_mistakes.Way
    method: signature_mistakes.Way
    path: signature_mistakes.Way
    authorization: signature_mistakes.Way
    body: signature_mistakes.Way

    def text(self) -> bytes:
        """The raw string that is signed."""
        order = (self.client_code, self.timestamp, self.method, self.path, self.authorization, self.body)
        return b"".join(way.value for way in order)


def diagnosis(
    attempt: Attempt, sandbox: Sandbox, credentials: Sequence[Credential], wall: int
) -> dict[str, Any]:
    """What was wrong with a refused signature, and what would have been accepted."""
    headers = _Headers(attempt.environ)
    sender = [c for c in credentials if c.client_code == headers["client_code"]]
    alike = [c for c in credentials if c.client_code.lower() == headers["client_code"].lower()]
    if not all(headers[name] for name in NEEDED) or not alike:
        return {"differences": [_no_sender(headers)], "remarks": []}
    credential = (sender or alike)[0]
    differences = []
    if not sender:
        sent, right = headers["client_code"], credential.client_code
        english = f"{sent!r} differs in capitals from {right!r}"
        differences.append(_said("client_code", english, f"{sent!r} beda huruf besar dari {right!r}"))
    if attempt.callers in PARTNERS and not credential.acts_as(attempt.callers):
        english = f"{credential.party} is no {attempt.callers} here; see roles at /__admin/clients"
        indonesian = f"{credential.party} bukan {attempt.callers} di sini; lihat roles di /__admin/clients"
        differences.append(_said("role", english, indonesian))
    strict = sandbox.settings.strict_documentation
    mistakes = _search(attempt, headers, credential, credentials, strict=strict)
    remarks = _about_time(headers["timestamp"], sandbox, wall)
    if headers["signature"] != headers["signature"].lower():
        (differences if strict else remarks).append(
            _said("upper-case hex", *(NO_CAPITALS if strict else CAPITALS))
        )
    if mistakes is None:
        differences.append(_said("unknown", *UNKNOWN))
    else:
        differences += mistakes
    if not differences:
        differences, remarks = remarks, []
    return {
        "differences": differences,
        "remarks": remarks,
        **_accepted(attempt, "" if strict else headers["Authorization"], headers, credential),
    }


def _search(
    attempt: Attempt,
    headers: "_Headers",
    credential: Credential,
    credentials: Sequence[Credential],
    *,
    strict: bool,
) -> list[dict[str, str]] | None:
    """The smallest set of mistakes that explains the signature: empty if it is right, None if unknown."""
    signature = headers["signature"]
    signatures = {signature, signature.lower()}
    ways = signature_mistakes.ways(attempt, headers, credential, credentials, strict=strict)
    for parts, changed in _candidates(ways, few=len(attempt.raw) > 2048):
        text = parts.text()
        for encoding, hashed in ENCODINGS.items():
            if len(changed) > 1 and encoding != ACCEPTED_ENCODING:
                continue
            if hashed(parts.key.value, text) in signatures:
                wrong = [] if encoding == ACCEPTED_ENCODING else [("encoding", ENCODED[encoding])]
                wrong += [(name, getattr(parts, name).what) for name in changed]
                return [
                    _said(part, f"you signed: {what.en}", f"yang Anda tandatangani: {what.id}")
                    for part, what in wrong
                ]
    return None


def _candidates(
    ways: Mapping[str, Sequence[signature_mistakes.Way]], *, few: bool
) -> Iterator[tuple[Parts, tuple[str, ...]]]:
    """First the accepted parts, then parts with one mistake, then with two."""
    accepted = {
        name: [way for way in some if way.what is signature_mistakes.RIGHT] for name, some in ways.items()
    }
    mistaken = {
        name: [way for way in some if way.what is not signature_mistakes.RIGHT] for name, some in ways.items()
    }
    bases = [Parts(**dict(zip(accepted, right, strict=True))) for right in product(*accepted.values())]
    yield from ((base, ()) for base in bases)
    for depth in (1,) if few else (1, 2):
        if depth == 2:  # pairs are many: only the likelier mistakes of each part
            mistaken = {name: some[:LIKELIER] for name, some in mistaken.items()}
        for names in combinations(ways, depth):
            for base in bases:
                for some in product(*(mistaken[name] for name in names)):
                    yield replace(base, **dict(zip(names, some, strict=True))), names


def _accepted(
    attempt: Attempt, authorization: str, headers: "_Headers", credential: Credential
) -> dict[str, Any]:
    """The raw strings that would have been accepted, with their signatures; secrets are masked."""
    start = f"{credential.client_code}{headers['timestamp']}{attempt.method}{attempt.path}".encode()
    accepted = []
    for slot, body in forms(authorization, attempt.raw):
        text = start + slot + body
        signature = hmac.new(credential.sign_key.encode(), text, "sha1").hexdigest()
        raw_string = _masked(text.decode("utf-8", "backslashreplace"), authorization)
        accepted.append({"raw_string": raw_string, "bytes": len(text), "signature": signature})
    return {
        "server_hashed": accepted[0]["raw_string"],
        "given_signature": headers["signature"][:128],
        "accepts": accepted,
        "masked": MASKED.en,
        "masked_id": MASKED.id,
    }


def _about_time(stamp: str, sandbox: Sandbox, wall: int) -> list[dict[str, str]]:
    """What is wrong with the timestamp itself."""
    if not (stamp.isascii() and stamp.isdigit()):
        return [_said("timestamp", "must be Unix seconds in digits", "harus detik Unix dalam angka")]
    if len(stamp) > 12:
        return [_said("timestamp", *TOO_FINE)]
    which, window = sandbox.settings.signature_clock, sandbox.settings.signature_window
    off = {"wall": int(stamp) - wall, "sandbox": int(stamp) - int(sandbox.now().timestamp())}
    counted = [name for name in off if which in ("either", name)]
    if which == "off" or any(abs(off[name]) <= window for name in counted):
        return []
    english = ", ".join(f"{off[name]:+} s from the {name}'s clock" for name in counted)
    indonesian = ", ".join(f"{off[name]:+} detik dari jam {name}" for name in counted)
    shift = any(abs(abs(off[name]) - 7 * 3600) <= window for name in counted)
    hint = WIB_FOR_UTC if shift else signature_mistakes.RIGHT
    english += f"; {window} s are allowed{hint.en}"
    return [_said("timestamp", english, f"{indonesian}; yang diizinkan {window} detik{hint.id}")]


def _masked(text: str, authorization: str) -> str:
    text = secrets.text(text)
    token = authorization.removeprefix(PAYMENT_SCHEME)
    return text.replace(token, masked(token)) if token else text


def _said(part: str, english: str, indonesian: str) -> dict[str, str]:
    """What differs, in English and in Indonesian; the part goes by its name on the wire."""
    return {"part": part, "say": english, "say_id": indonesian}


def _no_sender(headers: "_Headers") -> dict[str, str]:
    """What is wrong where nobody is named by the headers, or nobody who is known here."""
    missing = ", ".join(name for name in NEEDED if not headers[name])
    if missing:
        return _said(
            "header",
            f"missing: {missing}; some proxies drop names with underscores",
            f"tidak ada: {missing}; sebagian proxy membuang nama dengan garis bawah",
        )
    return _said(
        "client_code",
        "unknown in this sandbox; see /__admin/clients",
        "tidak dikenal di sandbox ini; lihat /__admin/clients",
    )


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


class _Headers:
    """Headers by name, read from a WSGI environment."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        return self._environ.get(f"HTTP_{name.upper().replace('-', '_')}", "")
