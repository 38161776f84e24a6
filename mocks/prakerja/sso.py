"""Logging in at an institution with the Prakerja account: consent page, code, tokens, profile.

Only the older way to get the login address is signed; the other endpoints name the client in a
header and trust the code or the token.  Its successes and errors have an envelope of their own.
"""

import re
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from pydantic import AfterValidator, BaseModel, StringConstraints

from prakerja_sim.mocks.http.bodies import MalformedBody, loaded, validated
from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.prakerja import pages, signature
from prakerja_sim.mocks.prakerja.fields import Address, Body
from prakerja_sim.simulator.programme import sso
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.sso import SCOPES, Tokens
from prakerja_sim.simulator.programme.training_records import SsoToken
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import DIGITS, HEX
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

DOCUMENTED = Provenance.DOCUMENTED
LABELS = {
    "name": "Nama lengkap",
    "email": "Alamat email",
    "prakerjaid": "Nomor Kartu Prakerja",
    "notelp": "Nomor telepon",
}
_BEARER = re.compile(r"^ *bearer( +|$)", re.IGNORECASE)
Code = Annotated[str, StringConstraints(max_length=255)]


def _known(scope: str) -> str:
    asked = scope.split()
    if not asked or not set(asked) <= set(SCOPES):
        raise ValueError(f"scope is some of {' '.join(SCOPES)}")
    return scope


class LoginQuery(Body):
    """Where a browser comes from, what is asked of its user, and where it goes afterwards."""

    state: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    scope: Annotated[str, StringConstraints(max_length=255), AfterValidator(_known)]
    redirect_uri: Address
    login_uri: Address
    client_id: Code = ""
    client_name: Code = ""


class TokenQuery(Body):
    """A code to exchange, or a refresh token."""

    code: Code = ""
    token: Code = ""


class LoginUrl(BaseModel):
    """Where to send the browser."""

    redirect_url: str


class TokenAnswer(BaseModel):
    """Tokens; `expires_in` is the second at which the access token expires, not a span."""

    access_token: str
    expires_in: str
    refresh_token: str
    scope: str
    token_type: str


class Profile(BaseModel):
    """The participant; what was not consented to is empty."""

    dp_user_id: str
    email: str
    name: str
    no_prakerja: str
    phone_number: str
    user_id: str


def add_to(face: Face) -> None:
    """Register the endpoints and the consent page."""
    for method, path, sender, body, answer, handler in ENDPOINTS:
        face.endpoint(
            method,
            path,
            provenance=DOCUMENTED,
            body=body,
            answer=answer,
            refuses=(sender,),
            sender=sender,
            raw=True,
        )(handler)
    for method, page in (("GET", consent_page), ("POST", consent_given)):
        face.endpoint(method, "/consent-sso", provenance=DOCUMENTED, open_to_all=True)(page)


@refuses(Reason.REDIRECT_UNREGISTERED)
def _check_registered(credential: Credential, asked: LoginQuery) -> None:
    if credential.redirect_uris and asked.redirect_uri not in credential.redirect_uris.split(","):
        raise Rejected(Reason.REDIRECT_UNREGISTERED)


@refuses(Reason.SSO_CLIENT_UNKNOWN, _check_registered)
def authorize(call: Call) -> Reply:
    """The address of the consent page (older way)."""
    asked: LoginQuery = validated(dict(call.query), LoginQuery)
    code = call.headers["X-Client-Id"]
    if asked.client_id not in ("", code):
        raise Rejected(Reason.SSO_CLIENT_UNKNOWN)
    credential = call.parties.sandboxes.credential(code)
    _check_registered(credential, asked)
    query = asked.model_dump() | {"client_id": code, "client_name": asked.client_name or call.sender}
    return _success({"redirect_url": pages.address(call, f"/consent-sso?{urlencode(query)}")})


@refuses(sso.exchange, sso.refresh)
def token(call: Call) -> Reply:
    """Tokens for a code, or for a refresh token, as some clients ask here."""
    asked = _asked(call)
    if asked.token and not asked.code:
        return refresh(call)
    return _tokens(call.do(sso.exchange, institution=call.sender, code=asked.code))


@refuses(sso.refresh)
def refresh(call: Call) -> Reply:
    """A new access token for a refresh token."""
    return _tokens(call.do(sso.refresh, institution=call.sender, token=_asked(call).token))


@refuses(sso.holder)
def user_profile(call: Call) -> Reply:
    """The participant whose access token is shown."""
    given = _BEARER.sub("", call.headers.get("Authorization", "")).strip()
    who, shown = call.ask(sso.holder, institution=call.sender, token=given)
    return _success(_profile(call, who, shown))


@refuses(Reason.SSO_CLIENT_UNKNOWN)
def _enter(call: Call, code: str) -> Credential:
    credential: Credential | None = call.parties.sandboxes.credential(code)
    if credential is None or (call.named and credential.sandbox is not call.sandbox):
        raise Rejected(Reason.SSO_CLIENT_UNKNOWN)
    call.environ["sim.sandbox"] = call.sandbox = credential.sandbox
    call.sender = credential.party
    return credential


@refuses(_enter, _check_registered)
def _asking(call: Call, told: Any) -> tuple[LoginQuery, Credential]:
    """What is asked for and by whom; the client names the sandbox."""
    asked: LoginQuery = validated(dict(told), LoginQuery)
    credential = _enter(call, asked.client_id)
    _check_registered(credential, asked)
    return asked, credential


@refuses(_asking)
@pages.page
def consent_page(call: Call) -> Reply:
    """Log in, then agree that an institution may know who one is."""
    return _consent(call, call.query, {})


@refuses(_asking)
@pages.page
def consent_given(call: Call) -> Reply:
    """One step of the consent, done."""
    fields = pages.form(call)
    asked, credential = _asking(call, fields)
    to = pages.here(call, **asked.model_dump())
    match fields.get("do"):
        case "login":
            return pages.entered(call, fields, to) or _consent(call, fields, fields)
        case "logout":
            return pages.left(call, to)
        case "deny":
            return pages.sent_to(pages.back_address(asked.login_uri, state=asked.state))
        case "allow" if card := pages.visitor(call):
            told = {"institution": credential.party, "card": card, "scope": asked.scope}
            given = call.do(sso.consent, **told)
            return pages.sent_to(pages.back_address(asked.redirect_uri, code=given.code, state=asked.state))
    return _consent(call, fields, {})


def _consent(call: Call, told: Any, fields: dict[str, str]) -> Reply:
    asked, credential = _asking(call, told)
    facts: dict[str, Any] = {"asked": asked.model_dump()}
    facts["client_name"] = asked.client_name or credential.party
    card = pages.visitor(call)
    if not card:
        return pages.login(call, fields, **facts)
    who: Participant = call.ask(Unit.need, kind=Participant, key=card)
    scopes = [LABELS[scope] for scope in SCOPES if scope in asked.scope.split()]
    return pages.shown(call, "consent_sso.html", name=who.name, scopes=scopes, **facts)


@refuses(Reason.SSO_CLIENT_MISSING, _enter)
def _client(call: Call) -> None:
    """Establish the client from the one header that names it."""
    code = call.headers.get("X-Client-Id", "")
    if not code:
        raise Rejected(Reason.SSO_CLIENT_MISSING)
    _enter(call, code)


@refuses(Reason.SSO_CLIENT_MISSING, Reason.SSO_CLIENT_UNKNOWN, signature.check)
def _signed(call: Call) -> None:
    """Establish the client from signed headers; the path is signed without the query."""
    for name in ("CLIENT_ID", "TIMESTAMP", "SIGNATURE"):
        usual = f"HTTP_{name.replace('_ID', '_CODE')}"
        call.environ[usual] = call.environ.get(f"HTTP_X_{name}", "")
    try:
        signature.check(call, call.environ["REQUEST_METHOD"], call.environ["PATH_INFO"])
    except Malformed:
        raise Rejected(Reason.SSO_CLIENT_MISSING) from None
    except Unauthorized:
        raise Rejected(Reason.SSO_CLIENT_UNKNOWN) from None


def _asked(call: Call) -> TokenQuery:
    """The code or token: JSON under any content type, a form, or the query."""
    raw = call.raw.strip()
    told: Any = {}
    if raw[:1] in (b"{", b"["):
        told = loaded(raw)
    elif raw:
        told = dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
        if not told.keys() & {"code", "token"}:
            raise MalformedBody("body is neither JSON nor a form with a code or a token")
    if isinstance(told, dict):
        told = {name: call.query[name] for name in ("code", "token") if name in call.query} | told
    asked: TokenQuery = validated(told, TokenQuery)
    return asked


def _tokens(given: Tokens) -> Reply:
    return _success(
        {
            "access_token": given.access.token,
            "expires_in": str(unix_seconds(given.access.expires_at)),
            "refresh_token": given.refresh.token,
            "scope": given.access.scope,
            "token_type": "Bearer",
        }
    )


def _profile(call: Call, who: Participant, shown: SsoToken) -> dict[str, object]:
    seed = chance.seed_bytes(call.sandbox.seed)
    consented = shown.scope.split()

    def told(scope: str, value: str) -> str:
        return value if scope in consented else ""

    return {
        "dp_user_id": chance.code(DIGITS, 10, seed, "dp user", shown.institution, who.card),
        "email": told("email", who.email),
        "name": told("name", who.name),
        "no_prakerja": told("prakerjaid", who.card),
        "phone_number": told("notelp", who.phone),
        "user_id": chance.code(HEX, 32, seed, "user", who.card),
    }


def _success(data: dict[str, object]) -> Reply:
    return Reply({"message": "no error", "success": True, "errorCode": "0", "data": data})


ENDPOINTS = (
    ("GET", "/api/v1/oauth/authorize", _signed, None, LoginUrl, authorize),
    ("POST", "/api/v1/oauth/token", _client, TokenQuery, TokenAnswer, token),
    ("POST", "/api/v1/oauth/token/refresh", _client, TokenQuery, TokenAnswer, refresh),
    ("GET", "/api/v1/resource/user_profile", _client, None, Profile, user_profile),
)
