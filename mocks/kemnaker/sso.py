"""The single sign-on's OAuth 2.0: authorise page, web login, authorization code, tokens (seen).

The catalogue's own web client is `skillhub`.  A browser that comes to the authorise page before it is logged
in keeps in a cookie what it came for, so that the login can say where to go on.
"""

from collections.abc import Mapping
from html import escape
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode

from pydantic import StringConstraints

from prakerja_sim.mocks.http import addresses, pages
from prakerja_sim.mocks.http.bodies import Body, validated
from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.face import Call, Reply, Unauthorized
from prakerja_sim.mocks.kemnaker.codes import secret, users_secret
from prakerja_sim.mocks.kemnaker.envelope import META, answer, refusal, user
from prakerja_sim.mocks.kemnaker.words import Message
from prakerja_sim.mocks.shop import account, authorization_codes, partner_api
from prakerja_sim.mocks.shop.account import Profile, same
from prakerja_sim.mocks.shop.fields import PRINTABLE, Query, Secret, Text, Word
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.programme import people
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

OWN_CLIENT = "skillhub"
COOKIE, WANTED = "naco_session", "naco_wanted"
CATALOGUE = {
    "client_id": OWN_CLIENT,
    "redirect_uri": "https://skillhub.kemnaker.go.id/sso/callback",
    "response_type": "code",
    "scope": "basic email",
}
"""Where a browser goes after the login if it came for nothing else."""
MALE, FEMALE, FEMALE_DAYS = 10, 20, 40
"""How a profile writes the sex (20 seen, 10 inferred), and what a NIK adds to a woman's day of birth."""
TOKEN_SECONDS = 86_400
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


def authorise(site: Site, call: Call, query: Authorise) -> Reply:
    """Show the login page, or send a browser that is logged in back with a code."""
    if not _may_return(call, query.client_id, query.redirect_uri):
        return refusal(Message("Klien atau alamat kembali tidak terdaftar.", 422, "client_id"))
    visitor = _visitor(site, call)
    state = {"state": query.state} if query.state else {}
    if query.deny:
        why = {"error": "access_denied", "error_description": "Pengguna menolak permintaan akses."}
        return authorization_codes.sent_back(query.redirect_uri, why | state)
    if visitor is None:
        wanted = quote(call.environ.get("QUERY_STRING", ""), safe="")
        return _page(call, query.client_id, {"Set-Cookie": pages.cookie(WANTED, wanted, "/")})
    code = authorization_codes.issued(site, call, visitor, query.client_id, query.redirect_uri)
    return authorization_codes.sent_back(query.redirect_uri, {"code": code} | state)


def allow(site: Site, call: Call) -> Reply:
    """Give a browser that is logged in the address with its code, as JSON, for what it came for."""
    if not same(call.headers.get("X-Csrf-Token", ""), _csrf(call)):
        return refusal(Message("CSRF token mismatch.", 419))
    if _visitor(site, call) is None:
        raise Unauthorized("nobody is logged in")
    query = validated(dict(call.query) or dict(parse_qsl(_wanted(call))), Authorise)
    sent = authorise(site, call, query)
    location = sent.headers.get("Location")
    return answer({"redirect_uri": location}) if location else sent


def login_page(_: Site, call: Call) -> Reply:
    """Show the login page without anything to go on to."""
    return _page(call, "Akun Kemnaker")


@refuses(Reason.LOGIN_REFUSED)
def web_login(site: Site, call: Call, body: WebLogin) -> Reply:
    """Log a browser in, by e-mail or phone and password, with the page's CSRF token."""
    if not same(call.headers.get("X-Csrf-Token", ""), _csrf(call)):
        return refusal(Message("CSRF token mismatch.", 419))
    buyer = account.find(site, call, email=body.username) or account.find(site, call, phone=body.username)
    buyer = account.checked(site, call, buyer, body.password)
    cookie = pages.cookie(COOKIE, users_secret(call, "session", buyer), "/")
    address = f"{addresses.here(call.environ, site.code).removesuffix('/login')}?{_wanted(call)}"
    entered = answer({"authenticated": True, "redirect_uri": address})
    return Reply(entered.body, 200, {"Set-Cookie": cookie})


def me(site: Site, call: Call) -> dict[str, Any]:
    """Who is logged in, with the NIK."""
    return _known(call, account.me(site, call))


def tokens(site: Site, call: Call, body: Grant) -> Reply:
    """Exchange a code, a refresh token or a partner's secret for a bearer token."""
    if body.grant_type == "client_credentials":
        return _partner_token(call, body)
    by_code = body.grant_type == "authorization_code"
    given = {"code": body.code, "client": body.client_id, "address": body.redirect_uri}
    if by_code:
        buyer = authorization_codes.holder(site, call, **given)
    else:
        buyer = _holder_of(site, call, "refresh", body.refresh_token)
    if buyer is None or not _is_client(call, body):
        raise Unauthorized("no code, or no client")
    if by_code and authorization_codes.is_spent(site, call, buyer, **given):
        raise Unauthorized("a code that was exchanged")
    return _token(
        users_secret(call, "access", buyer),
        refresh_token=users_secret(call, "refresh", buyer),
        user=_known(call, account.profile(site, call, buyer)),
    )


def credential_of(call: Call, client_id: str) -> Credential | None:
    """The partner's credential in this sandbox, by its client code or by an institution's own code."""
    named: Credential | None = call.parties.sandboxes.credential(client_id, to=call.sandbox, named=True)
    if named is not None:
        return named
    try:
        return partner_api.credential_of(call, client_id)
    except Unauthorized:
        return None


def _partner_token(call: Call, body: Grant) -> Reply:
    credential = credential_of(call, body.client_id)
    if credential is None or not same(credential.sign_key, body.client_secret):
        raise Unauthorized("unknown client or wrong secret")
    return _token(secret(call, "partner", body.client_id, credential.sign_key))


def _token(access: str, **more: Any) -> Reply:
    token = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, **more}
    # Clients read both the envelope and the top level (trap 19).
    return Reply({"data": token, **token, "meta": META})


def _is_client(call: Call, body: Grant) -> bool:
    if body.client_id == OWN_CLIENT:
        return True
    credential = credential_of(call, body.client_id)
    return credential is not None and same(credential.sign_key, body.client_secret)


def _may_return(call: Call, client_id: str, address: str) -> bool:
    host = authorization_codes.host_of(address)
    if not host:
        return False
    if client_id == OWN_CLIENT:
        return f".{host}".endswith(".kemnaker.go.id")
    credential = credential_of(call, client_id)
    if credential is None:
        return False
    return authorization_codes.may_return(credential, address)


def _holder_of(site: Site, call: Call, kind: str, text: str) -> Shopper | None:
    """Whose token of that kind a text is."""
    key = f"{site.code}/{text.partition('|')[0]}"
    buyer: Shopper | None = call.ask(Unit.get, kind=Shopper, key=key)
    return buyer if buyer is not None and same(users_secret(call, kind, buyer), text) else None


def _page(call: Call, title: str, headers: Mapping[str, str] | None = None) -> Reply:
    page = f'<meta name="csrf-token" content="{_csrf(call)}"><h1>Masuk {escape(title)}</h1>'
    html = f"<!doctype html><html><head><title>Akun Kemnaker</title>{page}</head></html>"
    return Reply(html, headers=headers or {})


def _wanted(call: Call) -> str:
    """What the browser came for, as a query: by its cookie, else the catalogue."""
    found = unquote(pages.cookie_of(call, WANTED))
    return found if found.isascii() and found.isprintable() and found else urlencode(CATALOGUE)


def _known(call: Call, session: Profile) -> dict[str, Any]:
    """The profile with what the ministry knows: of a participant his own data, else made-up ones (seen)."""
    found = call.ask(Unit.find, kind=Participant, phone=session.account.phone, limit=1)
    who: Participant | people.Person
    if found:
        who = found[0]
    else:
        seed = chance.seed_bytes(call.sandbox.seed)
        who = people.person(seed, chance.below(people.CAPACITY, seed, "citizen", session.account.key))
    female = int(who.nik[6:8]) > FEMALE_DAYS
    profile = {
        "identity_number": who.nik,
        "phone": session.account.phone,
        "bod": who.born.isoformat(),
        "gender": FEMALE if female else MALE,
    }
    return user(session) | {"profile": profile}


def _csrf(call: Call) -> str:
    return secret(call, "csrf", "page").partition("|")[2]


def _visitor(site: Site, call: Call) -> Shopper | None:
    """The account of the browser, by its cookie."""
    return _holder_of(site, call, "session", pages.cookie_of(call, COOKIE))
