"""The single sign-on's OAuth 2.0: authorise page, web login, authorization code, tokens (seen).

A code follows from the seed, the user, the time and the number of exchanges before; it lives for
ten minutes and is exchanged once (RFC 6749, 4.1.2).  The catalogue's own web client is `skillhub`.
"""

import re
from hashlib import sha256
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Annotated, Any, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import StringConstraints

from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.face import Call, Reply, Unauthorized
from prakerja_sim.mocks.kemnaker.codes import secret
from prakerja_sim.mocks.kemnaker.envelope import META, answer, refusal, user
from prakerja_sim.mocks.kemnaker.words import Message
from prakerja_sim.mocks.shop import account, partner_api
from prakerja_sim.mocks.shop.account import same
from prakerja_sim.mocks.shop.fields import PRINTABLE, Body, Query, Secret, Text, Word
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Shopper, SpentCode
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

OWN_CLIENT = "skillhub"
COOKIE = "naco_session"
CODE_SECONDS = 600
TOKEN_SECONDS = 86_400
_CODE = re.compile(r"([0-9]{1,20})\.([0-9]{1,12})\.([0-9]{1,9})\.([0-9a-f]{32})")
Address = Annotated[str, StringConstraints(max_length=1024, pattern=r"^https?://[!-~]+$")]


class Authorise(Query):
    """The client, what it asks for, and where the browser goes afterwards."""

    client_id: Word
    redirect_uri: Address
    response_type: Literal["code"]
    scope: Word = "basic email"
    state: Annotated[str, StringConstraints(max_length=1024, pattern=PRINTABLE)] = ""
    deny: Literal["", "1"] = ""


class WebLogin(Body):
    """The login form; its CSRF token comes from the page, in a header."""

    username: Text
    password: Secret


class Grant(Body):
    """What is exchanged for a token."""

    grant_type: Literal["authorization_code", "refresh_token", "client_credentials"]
    client_id: Word
    client_secret: Annotated[str, StringConstraints(max_length=128, pattern=PRINTABLE)] = ""
    code: Annotated[str, StringConstraints(max_length=128, pattern=PRINTABLE)] = ""
    redirect_uri: Annotated[str, StringConstraints(max_length=1024, pattern=PRINTABLE)] = ""
    refresh_token: Annotated[str, StringConstraints(max_length=128, pattern=PRINTABLE)] = ""


def authorise(_: Site, call: Call, query: Authorise) -> Reply:
    """Show the login page, or send a browser that is logged in back with a code."""
    if not _may_return(call, query.client_id, query.redirect_uri):
        return refusal(Message("Klien atau alamat kembali tidak terdaftar.", 422, "client_id"))
    visitor = _visitor(call)
    state = {"state": query.state} if query.state else {}
    if query.deny:
        why = {"error": "access_denied", "error_description": "Pengguna menolak permintaan akses."}
        return _back(query.redirect_uri, why | state)
    if visitor is None:
        page = f'<meta name="csrf-token" content="{_csrf(call)}"><h1>Masuk {escape(query.client_id)}</h1>'
        return Reply(f"<!doctype html><html><head><title>Akun Kemnaker</title>{page}</head></html>")
    stamp = unix_seconds(call.sandbox.now())
    spent = len(call.ask(Unit.find, kind=SpentCode, shopper=f"kemnaker/{visitor}"))
    code = _code(call, visitor, stamp, spent, query.client_id, query.redirect_uri)
    return _back(query.redirect_uri, {"code": code} | state)


@refuses(Reason.LOGIN_REFUSED)
def web_login(site: Site, call: Call, body: WebLogin) -> Reply:
    """Log a browser in, by e-mail or phone and password, with the page's CSRF token."""
    if not same(call.headers.get("X-Csrf-Token", ""), _csrf(call)):
        return refusal(Message("CSRF token mismatch.", 419))
    buyer = account.find(site, call, email=body.username) or account.find(site, call, phone=body.username)
    buyer = account.checked(site, call, buyer, body.password)
    cookie = f"{COOKIE}={secret(call, 'session', buyer.user)}; Path=/; HttpOnly; SameSite=Lax"
    return Reply(answer({"username": body.username}).body, 200, {"Set-Cookie": cookie})


def tokens(site: Site, call: Call, body: Grant) -> Reply:
    """Exchange a code, a refresh token or a partner's secret for a bearer token."""
    if body.grant_type == "client_credentials":
        return _partner_token(call, body)
    by_code = body.grant_type == "authorization_code"
    whose = _user_of_code(call, body) if by_code else _user_of_refresh(call, body)
    buyer: Shopper | None = call.ask(Unit.get, kind=Shopper, key=f"{site.code}/{whose}") if whose else None
    if buyer is None or not _is_client(call, body):
        raise Unauthorized("no code, or no client")
    if by_code and not _spent(call, buyer, body.code):
        raise Unauthorized("a code that was exchanged")
    return _token(
        secret(call, "access", buyer.user),
        refresh_token=secret(call, "refresh", buyer.user),
        user=user(account.profile(site, call, buyer)),
    )


def credential_of(call: Call, client_id: str) -> Credential | None:
    """The partner's credential in this sandbox, by its client code or by an institution's own code."""
    named: Credential | None = call.parties.sandboxes.credential(client_id)
    if named is not None:
        return named if named.sandbox is call.sandbox else None
    try:
        return partner_api.credential_of(call, client_id)
    except Unauthorized:
        return None


@command("authorization_codes.spend")
@refuses(Reason.LOGIN_REFUSED)
def spend(world: Unit, *, shopper: str, code: str) -> None:
    """An authorization code is exchanged: the first time it is asked for, and no other."""
    if world.get(SpentCode, code) is not None:
        raise Rejected(Reason.LOGIN_REFUSED)

    world.subject = subject(shopper)
    world.put(SpentCode(code, shopper, world.now))


def _partner_token(call: Call, body: Grant) -> Reply:
    credential = credential_of(call, body.client_id)
    if credential is None or not same(credential.sign_key, body.client_secret):
        raise Unauthorized("unknown client or wrong secret")
    return _token(secret(call, "partner", body.client_id, credential.sign_key))


def _token(access: str, **more: Any) -> Reply:
    token = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, **more}
    # Clients read both the envelope and the top level (trap 19).
    return Reply({"data": token, **token, "meta": META})


def _spent(call: Call, account: Shopper, code: str) -> bool:
    try:
        call.do(spend, shopper=account.key, code=sha256(code.encode()).hexdigest())
    except Rejected:
        return False
    return True


def _is_client(call: Call, body: Grant) -> bool:
    if body.client_id == OWN_CLIENT:
        return True
    credential = credential_of(call, body.client_id)
    return credential is not None and same(credential.sign_key, body.client_secret)


def _may_return(call: Call, client_id: str, address: str) -> bool:
    if client_id == OWN_CLIENT:
        return f".{urlsplit(address).hostname or ''}".endswith(".kemnaker.go.id")
    credential = credential_of(call, client_id)
    if credential is None:
        return False
    return not credential.redirect_uris or address in credential.redirect_uris.split(",")


def _user_of_code(call: Call, body: Grant) -> str | None:
    parts = _CODE.fullmatch(body.code)
    if parts is None:
        return None
    expected = _code(call, parts[1], int(parts[2]), int(parts[3]), body.client_id, body.redirect_uri)
    age = unix_seconds(call.sandbox.now()) - int(parts[2])
    fresh = 0 <= age <= CODE_SECONDS
    return parts[1] if fresh and same(expected, body.code) else None


def _user_of_refresh(call: Call, body: Grant) -> str | None:
    user = body.refresh_token.partition("|")[0]
    expected = secret(call, "refresh", user)
    return user if same(expected, body.refresh_token) else None


def _code(call: Call, user: str, stamp: int, spent: int, client_id: str, address: str) -> str:
    """The code for a moment; it changes after an exchange, even if the clock stands still."""
    written = secret(call, "code", user, stamp, spent, client_id, address).partition("|")[2]
    return f"{user}.{stamp}.{spent}.{written}"


def _csrf(call: Call) -> str:
    return secret(call, "csrf", "page").partition("|")[2]


def _visitor(call: Call) -> str | None:
    """The user of the browser, by its cookie."""
    try:
        cookie = SimpleCookie(call.headers.get("Cookie", "")).get(COOKIE)
    except CookieError:
        return None
    session = cookie.value if cookie is not None else ""
    user = session.partition("|")[0]
    return user if same(secret(call, "session", user), session) else None


def _back(address: str, query: dict[str, Any]) -> Reply:
    joined = "&" if urlsplit(address).query else "?"
    return Reply("", 302, {"Location": f"{address}{joined}{urlencode(query)}", "Cache-Control": "no-store"})
