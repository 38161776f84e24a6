"""Who signed a request: HMAC-SHA1 over client_code, timestamp, method, path and body.

Documented is the concatenation, not which body bytes are hashed nor whether Authorization has
a slot; clients differ, so every form that a real client is known to sign is accepted
(reference prakerja-api, 4.2 and 10).
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prakerja_sim.mocks.http.bodies import MalformedHeaders
from prakerja_sim.mocks.http.face import Call, Malformed, Unauthorized
from prakerja_sim.mocks.http.request_log import EVIDENCE
from prakerja_sim.simulator.values import clock
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses

PAYMENT_SCHEME = "Payment "
LARGEST_KEPT = 16 * 1024
"""Bodies larger than that are not kept for the clinic."""
NOBODYS_KEY = "0" * 32
"""What an unknown client's signature is compared with, so that its refusal takes as long."""
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_STRING_OR_SPACE = re.compile(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a refused signature was made of, for the clinic; never in an answer to the sender."""

    method: str
    path: str
    """As it is hashed: normalised, without mount, host and query."""
    raw: bytes
    environ: Mapping[str, str]
    """The request's headers and address, as WSGI names them."""


@refuses(Reason.SIGNATURE_STALE)
def check(call: Call, method: str, path: str) -> None:
    """Establish the sender from the signed headers and put the call into his sandbox.

    Raises Malformed for a missing header, Unauthorized for an unknown client or a wrong
    signature alike, Rejected for an old timestamp.
    """
    try:
        _establish(call, method, path)
    except (Malformed, Unauthorized, Rejected):
        told = {name: value for name, value in call.environ.items() if isinstance(value, str)}
        if len(call.raw) <= LARGEST_KEPT:
            call.environ[EVIDENCE] = Attempt(method, path, call.raw, told)
        raise


def _establish(call: Call, method: str, path: str) -> None:
    environ = call.environ
    code = environ.get("HTTP_CLIENT_CODE", "")
    timestamp = environ.get("HTTP_TIMESTAMP", "")
    signature = environ.get("HTTP_SIGNATURE", "")
    if not code or not signature or not _TIMESTAMP.fullmatch(timestamp):
        raise MalformedHeaders("headers client_code, timestamp and signature are needed")
    credential = call.parties.sandboxes.credential(code)
    key = NOBODYS_KEY if credential is None else credential.sign_key
    start = f"{code}{timestamp}{method}{path}".encode()
    signed = _is_signed(call, key.encode(), start, signature.lower().encode("ascii", "replace"))
    named = call.named  # looked up for a stranger too, so that his refusal takes as long
    if credential is None:
        raise Unauthorized(f"unknown client_code {code}")
    if named and credential.sandbox is not call.sandbox:
        raise Unauthorized(f"client_code {code} is of another sandbox")
    environ["sim.sandbox"] = credential.sandbox  # whose log it is, even if the signature is wrong
    if not signed:
        raise Unauthorized(f"wrong signature of {code}")
    call.sandbox = credential.sandbox
    call.sender = credential.party
    _check_age(call, int(timestamp))


def _is_signed(call: Call, key: bytes, start: bytes, given: bytes) -> bool:
    """Whether it is the signature of one of the forms."""
    for slot, body in forms(call.environ.get("HTTP_AUTHORIZATION", ""), call.raw):
        if hmac.compare_digest(hmac.digest(key, start + slot + body, "sha1").hex().encode(), given):
            return True
    return False


def compacted(body: bytes) -> bytes:
    """JSON text without insignificant white space; key order and escapes stay as they are."""
    return _STRING_OR_SPACE.sub(lambda found: found.group(1) or b"", body)


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
    raise Rejected(Reason.SIGNATURE_STALE)
