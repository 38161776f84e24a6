"""Who may use the admin API: a caller with the token, if one is set; never a page of another site."""

import base64
import binascii
from hmac import compare_digest
from urllib.parse import urlsplit

from prakerja_sim.mocks.http.envelope import Plain, error
from prakerja_sim.mocks.http.face import Call, Reply, Unauthorized
from prakerja_sim.mocks.http.http_faults import FORBIDDEN, TurnedAway

SAFE = ("GET", "HEAD", "OPTIONS")
UNSUPPORTED = 415
SITE_OF = ("Origin", "Host", "Sec-Fetch-Site")
"""The headers that tell which site a request comes from."""
FROM_ABROAD = (FORBIDDEN, UNSUPPORTED)
"""The statuses for a changing request that a web page of another site could have sent."""


class Envelope(Plain):
    """The plain envelope; it also makes a browser without the token ask its user for it."""

    def unauthorized(self) -> Reply:
        """The browser shows the realm when it asks; the user may type any name."""
        headers = {"WWW-Authenticate": 'Basic realm="PRAKERJA_SIM_TOKEN as the password", charset="UTF-8"'}
        return Reply(super().unauthorized().body, 401, headers)

    def unknown(self, status: int) -> Reply:
        """The plain errors, and the two for what a page of another site may have sent."""
        if status == FORBIDDEN:
            return error(status, "foreign_page", "a page of another site may change nothing here")
        if status == UNSUPPORTED:
            return error(
                status, "media_type", "send the body as Content-Type: application/json, not compressed"
            )
        return super().unknown(status)


def check(call: Call) -> None:
    """Raises Unauthorized without the token, TurnedAway for a change that another site's page could send."""
    if not holds_token(call):
        raise Unauthorized("no valid admin token")
    if call.environ["REQUEST_METHOD"] not in SAFE:
        _check_change(call)


def holds_token(call: Call) -> bool:
    """Whether the caller may know everything: on loopback every caller, elsewhere a caller with the token."""
    token: str | None = call.parties.admin_token
    if token is None:
        return True
    return compare_digest(token.encode(), _token_in(call.headers.get("Authorization", "")).encode())


def _token_in(authorization: str) -> str:
    """The token: a program sends it alone, a browser as the password that its user typed, with any name."""
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return authorization.removeprefix("Bearer ")
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _check_change(call: Call) -> None:
    """Refuse what another site's page can send.

    Browsers say which site a request comes from.  They send JSON to another site only if that site
    allows it, and this one never does.
    """
    check_origin(call)
    kind = call.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    may_be_missing = not call.raw or "sim.in_process" in call.environ
    if kind != "application/json" and (kind or not may_be_missing):
        raise TurnedAway(UNSUPPORTED, f"Content-Type {kind!r} instead of application/json")


def check_origin(call: Call) -> None:
    """Raises TurnedAway if a browser says that the request comes from a page of another site."""
    if _is_foreign(call):
        said = {name: call.headers[name] for name in SITE_OF if name in call.headers}
        raise TurnedAway(FORBIDDEN, f"sent by a page of another site: {said}")


def _is_foreign(call: Call) -> bool:
    """Whether a browser says that the request comes from a page of another site."""
    origin = call.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != call.headers.get("Host", "").lower():
        return True
    return call.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
