"""Who may use the console: on loopback everybody, elsewhere who has typed the token; the guard of its forms.

A browser keeps no token, only what is computed from it: a cookie that ends with the browser and that no
script and no other site can use.
"""

import hmac
import os

from prakerja_sim.mocks.admin import guard
from prakerja_sim.mocks.http.face import Call, Malformed
from prakerja_sim.mocks.http.pages import cookie_of

COOKIE = "prakerja_sim_console"
LANGUAGE = "prakerja_sim_language"
_KEY = os.urandom(32)
"""Of this process: a form that was shown by an earlier one is shown again instead of done."""


def holds(call: Call) -> bool:
    """Whether the caller may use the console."""
    token: str | None = call.parties.admin_token
    return guard.holds_token(call) or (token is not None and _same(cookie_of(call, COOKIE), session(token)))


def opens(call: Call, typed: str) -> bool:
    """Whether that is the admin token."""
    token: str | None = call.parties.admin_token
    return token is not None and _same(typed.strip(), token)


def session(token: str) -> str:
    """What a browser keeps in place of the token."""
    return hmac.new(token.encode(), b"console", "sha256").hexdigest()


def form_guard(call: Call) -> str:
    """What this browser's forms carry, so that no other site's page can send one."""
    about = cookie_of(call, COOKIE) or call.headers.get("Authorization", "")
    return hmac.new(_KEY, about.encode(), "sha256").hexdigest()


def check_form(call: Call, sent: str) -> None:
    """Raises TurnedAway for a form of another site, Malformed for one of an earlier server."""
    guard.check_origin(call)
    if not _same(sent, form_guard(call)):
        raise Malformed("guard: this page is older than the server; it is shown anew, send the form again")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
