"""Single sign-on: log in at an institution with the Prakerja account (consent page, code, tokens, profile).

Only the older way to get the login address is signed.  The other endpoints read the client's name from a
header and trust the code or the token.  Successes and errors have their own envelope.
"""

import re
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from prakerja_sim.mocks.http.bodies import MalformedBody, loaded, validated
from prakerja_sim.mocks.http.credentials import Credential, Role
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.prakerja import pages, signature
from prakerja_sim.mocks.prakerja.sso_fields import LoginQuery, LoginUrl, Profile, TokenAnswer, TokenQuery
from prakerja_sim.simulator.programme import sso
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.sso import SCOPES, Tokens
from prakerja_sim.simulator.programme.training_records import SsoToken
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import ALPHANUMERIC, DIGITS, HEX
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
SEAL = 8
"""The last characters of a code or token."""


def add_to(face: Face) -> None:
    """Register the endpoints and the consent page."""
    for method, path, sender, body, answer, handler in ENDPOINTS:
        face.endpoint(
            method,
            path,
            provenance=DOCUMENTED,
            body=body,
            answer=answer,
            callers=Role.INSTITUTION,
            refuses=(sender,),
            sender=sender,
            raw=True,
        )(handler)
    for method, page in (("GET", consent_page), ("POST", consent_given)):
        face.endpoint(method, "/consent-sso", provenance=DOCUMENTED, callers=Role.PERSON, open_to_all=True)(
            page
        )


@refuses(Reason.REDIRECT_UNREGISTERED)
def _check_registered(credential: Credential, query: LoginQuery) -> None:
    """Both addresses are registered; where none is, a refusal leads to no other site than a consent."""
    if credential.redirect_uris:
        right = {query.redirect_uri, query.login_uri} <= set(credential.redirect_uris.split(","))
    else:
        right = _site(query.login_uri) == _site(query.redirect_uri)
    if not right:
        asked = {"redirect_uri": query.redirect_uri, "login_uri": query.login_uri}
        raise Rejected(Reason.REDIRECT_UNREGISTERED, unsaid={**asked, "registered": credential.redirect_uris})


def _site(address: str) -> tuple[str, str]:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()


@refuses(Reason.SSO_CLIENT_UNKNOWN, _check_registered)
def authorize(call: Call) -> Reply:
    """The address of the consent page (older way)."""
    query: LoginQuery = validated(dict(call.query), LoginQuery)
    code = call.headers["X-Client-Id"]
    if query.client_id not in ("", code):
        raise Rejected(Reason.SSO_CLIENT_UNKNOWN, client_id=query.client_id, header=code)
    credential = call.parties.sandboxes.credential(code, to=call.sandbox, named=True)
    _check_registered(credential, query)
    page_query = query.model_dump() | {"client_id": code, "client_name": query.client_name or call.sender}
    return _success({"redirect_url": pages.address(call, f"/consent-sso?{urlencode(page_query)}")})


@refuses(sso.exchange, sso.refresh)
def token(call: Call) -> Reply:
    """Tokens for a code, or for a refresh token, as some clients ask here."""
    query = _token_query(call)
    if query.token and not query.code:
        return refresh(call)
    code = _opened(call, query.code)
    return _tokens(call, call.do(sso.exchange, institution=call.sender, code=code))


@refuses(sso.refresh)
def refresh(call: Call) -> Reply:
    """A new access token for a refresh token."""
    token = _opened(call, _token_query(call).token)
    return _tokens(call, call.do(sso.refresh, institution=call.sender, token=token))


@refuses(sso.holder)
def user_profile(call: Call) -> Reply:
    """The participant whose access token is shown."""
    token = call.headers.get("Authorization", "")
    if not call.sandbox.settings.strict_documentation:
        token = _BEARER.sub("", token).strip()
    who, token_record = call.ask(sso.holder, institution=call.sender, token=_opened(call, token))
    return _success(_profile(call, who, token_record))


@refuses(Reason.SSO_CLIENT_UNKNOWN)
def _enter(call: Call, code: str) -> Credential:
    credential: Credential | None = call.parties.sandboxes.credential(code, to=call.sandbox, named=call.named)
    if credential is None:
        known = bool(call.parties.sandboxes.holders(code))
        raise Rejected(Reason.SSO_CLIENT_UNKNOWN, client_code=code, unsaid={"known": known})
    if not credential.acts_as(Role.INSTITUTION):
        raise Rejected(
            Reason.SSO_CLIENT_UNKNOWN, client_code=code, party=credential.party, needed=Role.INSTITUTION
        )
    call.environ["sim.sandbox"] = call.sandbox = credential.world(call.sandbox)
    call.sender = credential.party
    return credential


@refuses(_enter, _check_registered)
def _login_query(call: Call, fields: Any) -> tuple[LoginQuery, Credential]:
    """The login query and the client's credential; the client decides the sandbox."""
    query: LoginQuery = validated(dict(fields), LoginQuery)
    credential = _enter(call, query.client_id)
    _check_registered(credential, query)
    return query, credential


@refuses(_login_query)
@pages.page
def consent_page(call: Call) -> Reply:
    """Log in, then agree that an institution may know who one is."""
    return _consent(call, call.query, {})


@refuses(_login_query)
@pages.page
def consent_given(call: Call) -> Reply:
    """One step of the consent, done."""
    fields = pages.fields_of(call)
    query, credential = _login_query(call, fields)
    to = pages.here(call, **query.model_dump())
    match fields.get("do"):
        case "login":
            return pages.entered(call, fields, to) or _consent(call, fields, fields)
        case "logout":
            return pages.left(call, to)
        case "deny":
            return pages.sent_to(pages.back_address(query.login_uri, state=query.state))
        case "allow" if card := pages.visitor(call):
            arguments = {"institution": credential.party, "card": card, "scope": query.scope}
            consent = call.do(sso.consent, **arguments)
            return pages.sent_to(
                pages.back_address(query.redirect_uri, code=_sealed(call, consent.code), state=query.state)
            )
    return _consent(call, fields, {})


def _consent(call: Call, query_fields: Any, fields: dict[str, str]) -> Reply:
    query, credential = _login_query(call, query_fields)
    facts: dict[str, Any] = {"query": query.model_dump()}
    facts["client_name"] = query.client_name or credential.party
    card = pages.visitor(call)
    if not card:
        return pages.login(call, fields, **facts)
    who: Participant = call.ask(Unit.need, kind=Participant, key=card)
    scopes = [LABELS[scope] for scope in SCOPES if scope in query.scope.split()]
    return pages.rendered(call, "consent_sso.html", name=who.name, scopes=scopes, **facts)


@refuses(Reason.SSO_CLIENT_MISSING, _enter)
def _client(call: Call) -> None:
    """Establish the client from the header X-Client-Id, which is not signed."""
    code = call.headers.get("X-Client-Id", "")
    if not code:
        raise Rejected(Reason.SSO_CLIENT_MISSING, header="X-Client-Id")
    _enter(call, code)


@refuses(Reason.SSO_CLIENT_MISSING, Reason.SSO_CLIENT_UNKNOWN, signature.check)
def _signed(call: Call) -> None:
    """Establish the client from signed headers; the path is signed without the query."""
    for name in ("CLIENT_ID", "TIMESTAMP", "SIGNATURE"):
        usual = f"HTTP_{name.replace('_ID', '_CODE')}"
        call.environ[usual] = call.environ.get(f"HTTP_X_{name}", "")
    try:
        signature.check(call, call.environ["REQUEST_METHOD"], call.environ["PATH_INFO"])
    except Malformed as problem:
        raise Rejected(Reason.SSO_CLIENT_MISSING, because=str(problem)) from None
    except Unauthorized as problem:
        raise Rejected(Reason.SSO_CLIENT_UNKNOWN, because=str(problem)) from None


def _token_query(call: Call) -> TokenQuery:
    """The code or token: JSON under any content type, a form, or the query."""
    raw = call.raw.strip()
    fields: Any = {}
    if raw[:1] in (b"{", b"["):
        fields = loaded(raw)
    elif raw:
        fields = dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
        if not fields.keys() & {"code", "token"}:
            raise MalformedBody("body is neither JSON nor a form with a code or a token")
    if isinstance(fields, dict):
        fields = {name: call.query[name] for name in ("code", "token") if name in call.query} | fields
    query: TokenQuery = validated(fields, TokenQuery)
    return query


def _sealed(call: Call, token: str) -> str:
    """A code or token as it is given out: the journal's own, and what binds it to this sandbox."""
    seed = chance.seed_bytes(call.sandbox.seed)
    return token + chance.code(ALPHANUMERIC, SEAL, seed, "sso seal", call.sandbox.name, token)


def _opened(call: Call, given: str) -> str:
    """The code or token without its seal; with a wrong seal it stays as it is, so that nobody knows it."""
    token = given[:-SEAL]
    return token if compare_digest(_sealed(call, token).encode(), given.encode()) else given


def _tokens(call: Call, tokens: Tokens) -> Reply:
    return _success(
        {
            "access_token": _sealed(call, tokens.access.token),
            "expires_in": str(unix_seconds(tokens.access.expires_at)),
            "refresh_token": _sealed(call, tokens.refresh.token),
            "scope": tokens.access.scope,
            "token_type": "Bearer",
        }
    )


def _profile(call: Call, who: Participant, token_record: SsoToken) -> dict[str, object]:
    seed = chance.seed_bytes(call.sandbox.seed)
    consented = token_record.scope.split()

    def if_consented(scope: str, value: str) -> str:
        return value if scope in consented else ""

    return {
        "dp_user_id": chance.code(DIGITS, 10, seed, "dp user", token_record.institution, who.card),
        "email": if_consented("email", who.email),
        "name": if_consented("name", who.name),
        "no_prakerja": if_consented("prakerjaid", who.card),
        "phone_number": if_consented("notelp", who.phone),
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
