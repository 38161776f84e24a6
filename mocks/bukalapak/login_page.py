"""The page on which a user lets a program act for him (`accounts.bukalapak.com/oauth/authorize`, seen).

A program sends the browser here with its client id, its address and the scopes that it wants; the browser
comes back there with a code, or with `access_denied`.  The page itself is simulated: user and password
are typed each time, so it needs no session and no guard against forged requests.
"""

from html import escape
from typing import NamedTuple

from prakerja_sim.mocks.bukalapak.codes import SITE
from prakerja_sim.mocks.bukalapak.fields import parameters
from prakerja_sim.mocks.bukalapak.tokens import APP, USER_SCOPES, OAuthRefused, by_password, name_sandbox
from prakerja_sim.mocks.bukalapak.words import V2_LOGIN, oauth_refusal
from prakerja_sim.mocks.http.face import Call, Reply
from prakerja_sim.mocks.shop import authorization_codes
from prakerja_sim.mocks.shop.site import Site

LONGEST = 1024
DENIED = {"error": "access_denied", "error_description": "The resource owner or authorization server denied."}
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Where the site's own app may return to besides the site: a program that is tried on this machine."""


class Asked(NamedTuple):
    """What a program asks for, and where the browser goes afterwards."""

    client: str
    address: str
    scopes: str
    state: str


def authorize(_: Site, call: Call) -> Reply:
    """Show the page where the user logs in and says yes or no."""
    try:
        return _page(_asked(call), 200)
    except OAuthRefused as refused:
        return oauth_refusal(refused.error)


def answer(_: Site, call: Call) -> Reply:
    """Take what the user said on the page: back to the program with a code, or without."""
    try:
        asked = _asked(call)
    except OAuthRefused as refused:
        return oauth_refusal(refused.error)
    said = parameters(call)
    if said.get("commit") == "deny":
        return _back(asked, DENIED)
    account = by_password(call, said.get("username", ""), said.get("password", ""))
    if account is None:
        return _page(asked, 401, V2_LOGIN)
    letters = "".join(sorted(scope[0] for scope in asked.scopes.split()))
    sealed = f"{asked.address} {letters}"
    code = authorization_codes.issued(SITE, call, account, asked.client, sealed)
    return _back(asked, {"code": f"{code}.{letters}"})


def _asked(call: Call) -> Asked:
    """What the program asks for; raises OAuthRefused."""
    query = call.query
    asked = Asked(*(query.get(name, "") for name in ("client_id", "redirect_uri", "scope", "state")))
    asked = asked._replace(scopes=asked.scopes or "public user")
    if query.get("response_type") != "code" or any(len(one) > LONGEST for one in asked):
        raise OAuthRefused("invalid_request")
    if not set(asked.scopes.split()) <= USER_SCOPES:
        raise OAuthRefused("invalid_scope")
    host = authorization_codes.host_of(asked.address)
    if not host:
        raise OAuthRefused("invalid_request")
    if asked.client == APP[0]:
        own = f".{host}".endswith(".bukalapak.com") or host in HERE
    else:
        own = authorization_codes.may_return(name_sandbox(call, asked.client), asked.address)
    if not own:
        raise OAuthRefused("invalid_request")
    return asked


def _page(asked: Asked, status: int, problem: str = "") -> Reply:
    what = escape(", ".join(asked.scopes.split()))
    text = f"""<!doctype html><html lang="id"><head><title>Bukalapak</title></head><body>
<h1>Izinkan {escape(asked.client)}?</h1><p>Aplikasi ini meminta akses: {what}.</p>
<p role="alert">{escape(problem)}</p>
<form method="post">
<label>Username, e-mail, atau nomor handphone <input name="username" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button name="commit" value="allow">Izinkan</button><button name="commit" value="deny">Tolak</button>
</form></body></html>"""
    return Reply(text, status, {"Cache-Control": "no-store"})


def _back(asked: Asked, told: dict[str, str]) -> Reply:
    return authorization_codes.sent_back(
        asked.address, told | ({"state": asked.state} if asked.state else {})
    )
