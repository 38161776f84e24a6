"""Who may use the admin API: whoever holds the token, if there is one, and no page of another site."""

import base64
import binascii
from hmac import compare_digest
from urllib.parse import urlsplit

from prakerja_sim.mocks.http.envelope import Plain, error
from prakerja_sim.mocks.http.face import Call, Reply, Unauthorized
from prakerja_sim.mocks.http.http_faults import FORBIDDEN, TurnedAway

SAFE = ("GET", "HEAD", "OPTIONS")
UNSUPPORTED = 415
FROM_ABROAD = (FORBIDDEN, UNSUPPORTED)
"""What a change may be answered that a web page of another site could have sent."""
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""A page runs no script, loads nothing, and stands in no frame."""


class Envelope(Plain):
    """The plain envelope; a browser that has no token asks its user for one."""

    def unauthorized(self) -> Reply:
        """The browser shows the realm beside its question; the name does not matter."""
        asking = {"WWW-Authenticate": 'Basic realm="PRAKERJA_SIM_TOKEN as the password", charset="UTF-8"'}
        return Reply(super().unauthorized().body, 401, asking)

    def unknown(self, status: int) -> Reply:
        """What a page of another site may have sent, too."""
        if status == FORBIDDEN:
            return error(status, "foreign_page", "a page of another site may change nothing here")
        if status == UNSUPPORTED:
            return error(status, "media_type", "send the body as Content-Type: application/json")
        return super().unknown(status)


def check(call: Call) -> None:
    """Raises Unauthorized without the token, TurnedAway for a change that another site's page may send."""
    if not holds_token(call):
        raise Unauthorized("no valid admin token")
    if call.environ["REQUEST_METHOD"] not in SAFE:
        _check_change(call)


def holds_token(call: Call) -> bool:
    """Whether the caller may know everything: on loopback everybody, beyond it whoever holds the token."""
    token: str | None = call.parties.admin_token
    if token is None:
        return True
    return compare_digest(token.encode(), _given(call.headers.get("Authorization", "")).encode())


def _given(authorization: str) -> str:
    """The token as a program sends it, or as the password of whatever name a browser's user typed."""
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return authorization.removeprefix("Bearer ")
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _check_change(call: Call) -> None:
    """Browsers say where a request comes from, and send JSON across sites only if we agree; we never do."""
    if _is_foreign(call):
        raise TurnedAway(FORBIDDEN)
    kind = call.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    unsaid = not kind and (not call.raw or "sim.in_process" in call.environ)
    if kind != "application/json" and not unsaid:
        raise TurnedAway(UNSUPPORTED)


def _is_foreign(call: Call) -> bool:
    origin = call.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != call.headers.get("Host", "").lower():
        return True
    return call.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
