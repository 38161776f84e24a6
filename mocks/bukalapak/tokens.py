"""OAuth: a token holds its user and its time, signed with the sandbox's seed, so none is stored.

64 hexadecimal digits: the first half is kind, user, time and sandbox, the second half seals it.
Any number of them may be alive.  A client that reaches the server without naming its sandbox is
recognised by the client id, and afterwards by the token.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest

from prakerja_sim.mocks.bukalapak.codes import SITE
from prakerja_sim.mocks.bukalapak.fields import basic, parameters
from prakerja_sim.mocks.bukalapak.words import oauth_refusal
from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.face import Call, Reply, Unauthorized
from prakerja_sim.mocks.shop import authorization_codes
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.marketplace import accounts
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.world.store import Unit

CODE = SITE.code
APP = ("bukalapak-app", "test_bukalapak_app")
"""Id and secret of the site's own app, the same in every sandbox; partners have their credential's."""
LIFETIME = 7200
GUEST, USER, REFRESH = "0", "1", "2"
SCOPES = {"public", "user"}
USER_SCOPES = SCOPES | {"store"}
"""What a user's token may be for; known clients also ask for the seller's side, which opens nothing here."""
LETTERS = {scope[0]: scope for scope in USER_SCOPES}
"""How an authorization code carries its scopes."""
_TOKEN = re.compile(r"([0-2])([0-9a-f]{11})([0-9a-f]{8})([0-9a-f]{12})[0-9a-f]{32}")
_BEARER = re.compile(r"(?:bearer +)?([0-9a-f]{64})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """The content of a token whose seal is valid."""

    kind: str
    account: Shopper | None
    created: int
    sandbox: Sandbox


class OAuthRefused(Exception):
    """The token endpoint says no, with one of OAuth's own errors."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def digest_of(phone: str, password: str) -> str:
    """The stored digest of the password of that phone's account."""
    return hashlib.sha256(f"{phone}:{password}".encode()).hexdigest()


def anyone(call: Call) -> None:
    """Accept any valid access token, also a guest's; raises Unauthorized."""
    token = _of(call, _presented(call))
    if token is None or token.kind == REFRESH or not _alive(token):
        raise Unauthorized("no access token that is valid now")
    call.sandbox = token.sandbox
    call.sender = token.account.key if token.account else ""


def user(call: Call) -> None:
    """Accept the token of a user who is logged in; raises Unauthorized."""
    anyone(call)
    if not call.sender:
        raise Unauthorized("a guest's token")


def by_password(call: Call, username: str, password: str) -> Shopper | None:
    """The account of that username, e-mail or phone, if the password is its own."""
    try:
        account: Shopper = call.ask(accounts.find_account, marketplace=CODE, login=username)
    except Rejected:
        return None
    right = compare_digest(account.password, digest_of(account.phone, password))
    return account if account.password and right else None


def token(_: Site, call: Call) -> Reply:
    """Give a token to a guest, for a password, a code or a refresh token; query, form and JSON are taken."""
    fields = parameters(call)
    try:
        _let_client_in(call, fields.get("client_id", ""), fields.get("client_secret", ""))
        account, allowed = _granted(call, fields)
        scopes = set(fields.get("scope", "").split()) or allowed
        by_code = fields.get("grant_type") == "authorization_code"
        if not scopes <= (allowed if by_code else USER_SCOPES if account else {"public"}):
            raise OAuthRefused("invalid_scope")
    except OAuthRefused as refused:
        return oauth_refusal(refused.error)
    return Reply(_granted_token(call, account, scopes))


def _granted_token(call: Call, account: Shopper | None, scopes: set[str]) -> dict[str, object]:
    created = unix_seconds(call.sandbox.now())
    as_user = account if "user" in scopes else None
    answer: dict[str, object] = {
        "access_token": _issued(call.sandbox, USER if as_user else GUEST, as_user, created),
        "token_type": "bearer",
        "expires_in": LIFETIME,
        "scope": " ".join(sorted(scopes)),
        "created_at": created,
    }
    if account is not None:
        answer["refresh_token"] = _issued(call.sandbox, REFRESH, account, created)
    return answer


def _let_client_in(call: Call, code: str, secret: str) -> None:
    """Identify the client; its credential may also name its sandbox. Raises OAuthRefused."""
    pair = basic(call)
    if pair is not None:
        code, secret = pair
    expected = APP[1] if code == APP[0] else name_sandbox(call, code).sign_key
    if not compare_digest(expected.encode(), secret.encode()):
        raise OAuthRefused("invalid_client")


def name_sandbox(call: Call, client: str) -> Credential:
    """The credential of a client, which also names its sandbox; raises OAuthRefused."""
    credential: Credential | None = call.parties.sandboxes.credential(
        client, to=call.sandbox, named=call.named
    )
    if credential is None:
        raise OAuthRefused("invalid_client")
    call.sandbox = credential.world(call.sandbox)
    call.environ["sim.named"] = True  # from here on only its own sandbox counts
    return credential


def _granted(call: Call, fields: Mapping[str, str]) -> tuple[Shopper | None, set[str]]:
    """Who gets the token, None for a guest, and what it is for if nothing is named; raises OAuthRefused."""
    grant, scopes = fields.get("grant_type", ""), SCOPES
    if grant == "client_credentials":
        return None, {"public"}
    if grant == "password":
        account = by_password(call, fields.get("username", ""), fields.get("password", ""))
    elif grant == "refresh_token":
        # Clients also send the old access token here, and it does not matter.
        old = _of(call, fields.get("refresh_token", ""))
        account = old.account if old and old.kind == REFRESH else None
        call.sandbox = old.sandbox if old else call.sandbox
    elif grant == "authorization_code":
        account, scopes = _exchanged(call, fields)
    else:
        raise OAuthRefused("unsupported_grant_type" if grant else "invalid_request")
    if account is None:
        raise OAuthRefused("invalid_grant")
    return account, scopes


def _exchanged(call: Call, fields: Mapping[str, str]) -> tuple[Shopper | None, set[str]]:
    """The user of an authorization code and the scopes that he allowed; the code is exchanged with that."""
    code, _, letters = fields.get("code", "").rpartition(".")
    client = (basic(call) or (fields.get("client_id", ""), ""))[0]
    address = f"{fields.get('redirect_uri', '')} {letters}"
    account = authorization_codes.holder(SITE, call, code, client, address)
    if account is None or authorization_codes.is_spent(SITE, call, account, code, client, address):
        return None, set()
    return account, {LETTERS[letter] for letter in letters}


def _presented(call: Call) -> str:
    match = _BEARER.fullmatch(call.headers.get("Authorization", "").strip())
    return match[1].lower() if match else call.query.get("access_token", "")


def _of(call: Call, text: str) -> Token | None:
    """A token's content, if its seal is valid; its sandbox may differ from that of the URL."""
    match = _TOKEN.fullmatch(text)
    if match is None:
        return None
    kind, user_hex, created, tag = match.groups()
    sandbox = _sandbox_of(call, tag)
    if sandbox is None:
        return None
    key = f"{CODE}/{int(user_hex, 16):09}"
    account = None if kind == GUEST else sandbox.ask(Unit.get, kind=Shopper, key=key)
    if account is None and kind != GUEST:
        return None
    instant = int(created, 16)
    if not compare_digest(_issued(sandbox, kind, account, instant), text):
        return None
    return Token(kind, account, instant, sandbox)


def _sandbox_of(call: Call, tag: str) -> Sandbox | None:
    """The call's sandbox, or the one that the token names where the URL named none."""
    names = [call.sandbox.name, *([] if call.named else call.parties.sandboxes.names())]
    named = next((name for name in names if _tag(name) == tag), None)
    return call.parties.sandboxes.get(named) if named is not None else None


def _alive(token: Token) -> bool:
    return 0 <= unix_seconds(token.sandbox.now()) - token.created < LIFETIME


def _issued(sandbox: Sandbox, kind: str, account: Shopper | None, created: int) -> str:
    number = int(account.user) if account else 0
    visible = f"{kind}{number:011x}{created:08x}{_tag(sandbox.name)}"
    about = account.password if account else ""  # a new password ends the tokens of the old one
    return visible + chance.code(HEX, 32, chance.seed_bytes(sandbox.seed), "bukalapak token", visible, about)


def _tag(sandbox: str) -> str:
    return hashlib.sha256(sandbox.encode()).hexdigest()[:12]
