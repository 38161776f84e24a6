"""The single sign-on's OAuth 2.0: authorise page, web login, authorization code, tokens (seen).

A code follows from the seed, for whom, when and after how many exchanges it was given; it lives for
ten minutes and is exchanged once (RFC 6749, 4.1.2).  The catalogue's own web client is `skillhub`.
"""

import hmac
import re
from hashlib import sha256
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Annotated, Any, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import StringConstraints

from prakerja_sim.mocks.http.face import Call, Face, Reply
from prakerja_sim.mocks.kemnaker.account import SEEN, credential_of, digest, secret, shown
from prakerja_sim.mocks.kemnaker.fields import PRINTABLE, Body, Query, Text, Word, asked
from prakerja_sim.mocks.kemnaker.words import META, UNAUTHENTICATED, Said, answer, refusal
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Shopper, SpentCode
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

OWN_CLIENT = "skillhub"
COOKIE = "naco_session"
CODE_SECONDS = 600
TOKEN_SECONDS = 86_400
_CODE = re.compile(r"([0-9]{1,20})\.([0-9]{1,12})\.([0-9]{1,9})\.([0-9a-f]{32})")
Address = Annotated[str, StringConstraints(max_length=1024, pattern=r"^https?://[!-~]+$")]


class Authorise(Query):
    """Which client asks for what, and where the browser goes afterwards."""

    client_id: Word
    redirect_uri: Address
    response_type: Literal["code"]
    scope: Word = "basic email"
    state: Annotated[str, StringConstraints(max_length=1024, pattern=PRINTABLE)] = ""
    deny: Literal["", "1"] = ""


class WebLogin(Body):
    """The login form; its CSRF token comes from the page, in a header."""

    username: Text
    password: Text


class Grant(Body):
    """What is exchanged for a token."""

    grant_type: Literal["authorization_code", "refresh_token", "client_credentials"]
    client_id: Word
    client_secret: Annotated[str, StringConstraints(max_length=128, pattern=PRINTABLE)] = ""
    code: Annotated[str, StringConstraints(max_length=128, pattern=PRINTABLE)] = ""
    redirect_uri: Annotated[str, StringConstraints(max_length=1024, pattern=PRINTABLE)] = ""
    refresh_token: Annotated[str, StringConstraints(max_length=128, pattern=PRINTABLE)] = ""


def authorise(call: Call) -> Reply:
    """Show the login page, or send a browser that is logged in back with a code."""
    wanted = asked(call, Authorise)
    if not _may_return(call, wanted.client_id, wanted.redirect_uri):
        return refusal(Said("Klien atau alamat kembali tidak terdaftar.", 422, "client_id"))
    user = _visitor(call)
    state = {"state": wanted.state} if wanted.state else {}
    if wanted.deny:
        told = {"error": "access_denied", "error_description": "Pengguna menolak permintaan akses."}
        return _back(wanted.redirect_uri, told | state)
    if user is None:
        page = f'<meta name="csrf-token" content="{_csrf(call)}"><h1>Masuk {escape(wanted.client_id)}</h1>'
        return Reply(f"<!doctype html><html><head><title>Akun Kemnaker</title>{page}</head></html>")
    stamp = unix_seconds(call.sandbox.now())
    spent = len(call.ask(Unit.find, kind=SpentCode, shopper=f"kemnaker/{user}"))
    code = _code(call, user, stamp, spent, wanted.client_id, wanted.redirect_uri)
    return _back(wanted.redirect_uri, {"code": code} | state)


def web_login(call: Call, body: WebLogin) -> Reply:
    """Log a browser in, by e-mail or phone and password, with the page's CSRF token."""
    if not hmac.compare_digest(call.headers.get("X-Csrf-Token", "").encode(), _csrf(call).encode()):
        return refusal(Said("CSRF token mismatch.", 419))
    found: list[Shopper] = []
    for name in ("email", "phone"):
        told = {"marketplace": "kemnaker", name: body.username}
        found = found or call.ask(Unit.find, kind=Shopper, limit=1, **told)
    expected = found[0].password if found else ""
    given = digest(call, found[0].email if found else "", body.password)
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Rejected(Reason.LOGIN_REFUSED)
    cookie = f"{COOKIE}={secret(call, 'session', found[0].user)}; Path=/; HttpOnly; SameSite=Lax"
    reply = answer({"username": body.username})
    return Reply(reply.body, 200, {"Set-Cookie": cookie})


def tokens(call: Call, body: Grant) -> Reply:
    """Exchange a code, a refresh token or a partner's secret for a bearer token."""
    if body.grant_type == "client_credentials":
        return _partner_token(call, body)
    user = (
        _user_of_code(call, body) if body.grant_type == "authorization_code" else _user_of_refresh(call, body)
    )
    account: Shopper | None = call.ask(Unit.get, kind=Shopper, key=f"kemnaker/{user}") if user else None
    if account is None or not _is_client(call, body):
        return _refused()
    try:
        if body.grant_type == "authorization_code":
            call.do(spend, shopper=account.key, code=sha256(body.code.encode()).hexdigest())
    except Rejected:
        return _refused()
    token = {
        "access_token": secret(call, "access", account.user),
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "refresh_token": secret(call, "refresh", account.user),
        "user": shown(account, call),
    }
    # Clients read both the envelope and the top level (trap 19).
    return Reply({"data": token, **token, "meta": META})


@command("authorization_codes.spend")
def spend(world: Unit, *, shopper: str, code: str) -> None:
    """An authorization code is exchanged: the first time it is asked for, and no other."""
    if world.get(SpentCode, code) is not None:
        raise Rejected(Reason.LOGIN_REFUSED)

    world.subject = subject(shopper)
    world.put(SpentCode(code, shopper, world.now))


def add_to(face: Face) -> None:
    """Mount the sign-on."""
    at = "/account"
    shown_to = {"open_to_all": True, "provenance": SEEN}
    face.endpoint("GET", f"{at}/auth", body=Authorise, raw=True, **shown_to)(authorise)  # type: ignore[arg-type]
    logged = face.endpoint(
        "POST",
        f"{at}/auth/login",
        body=WebLogin,
        refuses=(Reason.LOGIN_REFUSED,),
        **shown_to,  # type: ignore[arg-type]
    )
    logged(web_login)
    face.endpoint("POST", f"{at}/api/v1/tokens", body=Grant, **shown_to)(tokens)  # type: ignore[arg-type]


def _partner_token(call: Call, body: Grant) -> Reply:
    credential = credential_of(call, body.client_id)
    known = credential is not None and hmac.compare_digest(
        credential.sign_key.encode(), body.client_secret.encode()
    )
    if credential is None or not known:
        return _refused()
    access = secret(call, "partner", body.client_id, credential.sign_key)
    token = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
    return Reply({"data": token, **token, "meta": META})


def _refused() -> Reply:
    return refusal(Said(UNAUTHENTICATED, 401))


def _is_client(call: Call, body: Grant) -> bool:
    if body.client_id == OWN_CLIENT:
        return True
    credential = credential_of(call, body.client_id)
    return credential is not None and hmac.compare_digest(
        credential.sign_key.encode(), body.client_secret.encode()
    )


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
    return parts[1] if fresh and hmac.compare_digest(expected.encode(), body.code.encode()) else None


def _user_of_refresh(call: Call, body: Grant) -> str | None:
    user = body.refresh_token.partition("|")[0]
    expected = secret(call, "refresh", user)
    return user if hmac.compare_digest(expected.encode(), body.refresh_token.encode()) else None


def _code(call: Call, user: str, stamp: int, spent: int, client_id: str, address: str) -> str:
    """The code of a moment; after an exchange the next one is another, even if the clock stands still."""
    written = secret(call, "code", user, stamp, spent, client_id, address).partition("|")[2]
    return f"{user}.{stamp}.{spent}.{written}"


def _csrf(call: Call) -> str:
    return secret(call, "csrf", "page").partition("|")[2]


def _visitor(call: Call) -> str | None:
    """Whose browser it is, by its cookie."""
    try:
        cookie = SimpleCookie(call.headers.get("Cookie", "")).get(COOKIE)
    except CookieError:
        return None
    given = cookie.value if cookie is not None else ""
    user = given.partition("|")[0]
    return user if hmac.compare_digest(secret(call, "session", user).encode(), given.encode()) else None


def _back(address: str, told: dict[str, Any]) -> Reply:
    joined = "&" if urlsplit(address).query else "?"
    return Reply("", 302, {"Location": f"{address}{joined}{urlencode(told)}", "Cache-Control": "no-store"})
