"""Who signed a request: HMAC-SHA1 over client_code, timestamp, method, path and body.

The documentation gives the order of the parts.  It does not say which bytes of the body are hashed, nor
whether Authorization is one of the parts.  Clients differ, so every form that a real client is known to
sign is accepted (reference prakerja-api, 4.2 and 10).
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prakerja_sim.mocks.http.bodies import MalformedHeaders
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Malformed, Unauthorized
from prakerja_sim.mocks.http.timeline import EVIDENCE
from prakerja_sim.mocks.prakerja.words import NotSeconds
from prakerja_sim.simulator.values import clock
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.reason_texts import Text
from prakerja_sim.simulator.world.refusals import refuses

HEADERS_NEEDED = Text(
    "headers client_code, timestamp and signature are needed",
    "header client_code, timestamp, dan signature wajib ada",
)
PAYMENT_SCHEME = "Payment "
LARGEST_STORED = 16 * 1024
"""Larger bodies are not stored for the signature diagnosis."""
NOBODYS_KEY = "0" * 32
"""The key for an unknown client, so that his refusal takes the same time as a wrong signature."""
_TIMESTAMP = re.compile(r"[0-9]{1,20}")
"""Any unit up to nanoseconds: the sender learns that it is too far from now, as for any old second."""
_STRING_OR_SPACE = re.compile(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')


@dataclass(frozen=True, slots=True)
class Attempt:
    """The request of a refused signature, for the diagnosis; the sender never gets it."""

    method: str
    path: str
    """The path as it is signed: normalised, without mount, host and query."""
    raw: bytes
    environ: Mapping[str, str]
    """The request's headers and address, under their WSGI names."""
    callers: Role = Role.ANYBODY
    """Whom the endpoint is for."""


@refuses(Reason.SIGNATURE_STALE)
def check(call: Call, method: str, path: str) -> None:
    """Establish the sender from the signed headers and put the call into his sandbox.

    Raises Malformed for a missing header, Unauthorized alike for an unknown client, a wrong signature and
    a client of another role, Rejected for an old timestamp.
    """
    try:
        _establish(call, method, path)
    except (Malformed, Unauthorized, Rejected):
        headers = {name: value for name, value in call.environ.items() if isinstance(value, str)}
        if len(call.raw) <= LARGEST_STORED:
            call.environ[EVIDENCE] = Attempt(method, path, call.raw, headers, call.callers)
        raise


def _establish(call: Call, method: str, path: str) -> None:
    environ = call.environ
    code = environ.get("HTTP_CLIENT_CODE", "")
    timestamp = environ.get("HTTP_TIMESTAMP", "")
    signature = environ.get("HTTP_SIGNATURE", "")
    if not code or not signature or not timestamp:
        raise MalformedHeaders(HEADERS_NEEDED)
    if not _TIMESTAMP.fullmatch(timestamp):
        raise NotSeconds("timestamp: must be Unix seconds in digits")
    credential = call.parties.sandboxes.credential(code, to=call.sandbox, named=call.named)
    key = NOBODYS_KEY if credential is None else credential.sign_key
    start = f"{code}{timestamp}{method}{path}".encode()
    strict = credential is not None and credential.sandbox.settings.strict_documentation
    given = signature if strict else signature.lower()
    signed = _is_signed(call, key.encode(), start, given.encode("ascii", "replace"), strict=strict)
    if credential is None:
        raise Unauthorized(f"unknown client_code {code}")
    # The request belongs in this sandbox's log, even if the signature is wrong; nothing is called for that,
    # so that an unknown code takes the same work.
    here = credential.sandbox.name == call.sandbox.name
    environ["sim.sandbox"] = call.sandbox if here else credential.sandbox
    if not signed:
        raise Unauthorized(f"wrong signature of {code}")
    call.admit(credential)
    _check_age(call, int(timestamp))


def _is_signed(call: Call, key: bytes, start: bytes, signature: bytes, *, strict: bool) -> bool:
    """Whether the signature is right for one of the accepted forms."""
    authorization = "" if strict else call.environ.get("HTTP_AUTHORIZATION", "")
    for slot, body in forms(authorization, call.raw):
        if hmac.compare_digest(hmac.digest(key, start + slot + body, "sha1").hex().encode(), signature):
            return True
    return False


def payment_token(call: Call) -> str:
    """The payment token in `Authorization: Payment <token>`, or alone unless only the documented is taken."""
    value = call.headers.get("Authorization", "")
    if call.sandbox.settings.strict_documentation and not value.startswith(PAYMENT_SCHEME):
        return ""
    return value.removeprefix(PAYMENT_SCHEME)


def compacted(body: bytes) -> bytes:
    """JSON text without insignificant white space; key order and escapes do not change."""
    return _STRING_OR_SPACE.sub(lambda match: match.group(1) or b"", body)


def forms(authorization: str, raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every Authorization slot and body that may have been signed, the likeliest first."""
    slots = [b""]
    if authorization:
        slots.append(authorization.encode("latin-1"))
        slots.append(authorization.removeprefix(PAYMENT_SCHEME).encode("latin-1"))
    yield from ((slot, raw) for slot in slots)
    compact = compacted(raw)
    if compact != raw:
        yield from ((slot, compact) for slot in slots)


def _check_age(call: Call, stamp: int) -> None:
    settings = call.sandbox.settings
    which, window = settings.signature_clock, settings.signature_window
    if which == "off":
        return
    if which in ("either", "wall") and abs(clock.unix_seconds(call.parties.wall()) - stamp) <= window:
        return
    if which in ("either", "sandbox") and abs(clock.unix_seconds(call.sandbox.now()) - stamp) <= window:
        return
    here = {"wall": call.parties.wall(), "sandbox": call.sandbox.now()}
    raise Rejected(Reason.SIGNATURE_STALE, timestamp=stamp, seconds=window, clock=which, **here)
