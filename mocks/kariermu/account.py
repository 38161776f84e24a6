"""The account: registration, login, the phone's code, a forgotten password.

The token travels in `Authorization` without "Bearer" (seen); with it, it is taken too.  Tokens
follow from the sandbox's seed and the account, so none is kept and none expires.
"""

import hmac
from typing import Any

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.kariermu.fields import Body, Email, Password, Phone, Text, Word
from prakerja_sim.mocks.kariermu.words import MARKETPLACE, Said, answer, refusal
from prakerja_sim.simulator.marketplace import accounts
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX, PartyCode
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED
CODE = PartyCode(MARKETPLACE.code)
CODES = (Reason.CODE_EXPIRED, Reason.CODE_TRIES_EXHAUSTED, Reason.CODE_WRONG)
USED = {
    "phone": Said("Nomor ponsel sudah terdaftar", 409),
    "email": Said("Email sudah terdaftar", 409),
}


class Register(Body):
    """Who opens an account."""

    name: Text
    email: Email
    phone: Phone
    password: Password


class Login(Body):
    """E-mail and password."""

    email: Email
    password: Text


class CodeEntry(Body):
    """The code that came to the phone."""

    code: Word


class Forgotten(Body):
    """The e-mail of an account whose password was forgotten."""

    email: Email


class Reset(Forgotten):
    """The code that came by e-mail, and the new password."""

    code: Word
    password: Password


def log_in(call: Call) -> None:
    """Establish the user from the token, bare or with "Bearer"; raises Unauthorized."""
    given = call.headers.get("Authorization", "").removeprefix("Bearer ")
    user = given.partition(".")[0]
    account: Shopper | None = call.ask(Unit.get, kind=Shopper, key=f"{CODE}/{user}")
    if account is None or not hmac.compare_digest(_token(call, user).encode(), given.encode()):
        raise Unauthorized("no valid token")
    call.sender = account.key


def register(call: Call, body: Register) -> Reply:
    """Open an account; phone and e-mail must be new."""
    for name in ("phone", "email"):
        given = {name: getattr(body, name)}
        if call.ask(Unit.find, kind=Shopper, marketplace=CODE, limit=1, **given):
            return refusal(USED[name])
    told = {"name": body.name, "phone": body.phone, "email": body.email}
    password = _digest(call, body.email, body.password)
    account: Shopper = call.do(accounts.sign_up, marketplace=CODE, password=password, **told)
    return _logged_in(call, account)


def login(call: Call, body: Login) -> Reply:
    """Log in; a wrong password and an unknown e-mail are told alike."""
    found = call.ask(Unit.find, kind=Shopper, marketplace=CODE, email=body.email, limit=1)
    given = _digest(call, body.email, body.password)
    if not hmac.compare_digest(given.encode(), (found[0].password if found else "").encode()):
        raise Rejected(Reason.LOGIN_REFUSED)
    return _logged_in(call, found[0])


def me(call: Call) -> Reply:
    """Who is logged in."""
    return answer(_shown(account_of(call)))


def otp(call: Call) -> Reply:
    """Send a code to the phone of who is logged in."""
    account: Shopper = call.do(accounts.send_code, shopper=call.sender, sender=MARKETPLACE.title)
    return answer({"phone": account.phone})


def verify(call: Call, body: CodeEntry) -> Reply:
    """Enter the code: the phone is verified."""
    return answer(_shown(call.do(accounts.verify_phone, shopper=call.sender, code=body.code)))


def forgot(call: Call, body: Forgotten) -> Reply:
    """Send a code to the e-mail of an account whose password was forgotten."""
    account: Shopper = call.ask(accounts.find_account, marketplace=CODE, login=body.email)
    call.do(accounts.send_code, shopper=account.key, sender=MARKETPLACE.title, by="mail")
    return answer({"email": body.email})


def reset(call: Call, body: Reset) -> Reply:
    """Set a new password with that code; the user is logged in."""
    account: Shopper = call.ask(accounts.find_account, marketplace=CODE, login=body.email)
    told = {"shopper": account.key, "code": body.code, "password": _digest(call, body.email, body.password)}
    return _logged_in(call, call.do(accounts.change_password, **told))


def account_of(call: Call) -> Shopper:
    """The account that is logged in."""
    found: Shopper = call.ask(Unit.need, kind=Shopper, key=call.sender)
    return found


def add_to(face: Face) -> None:
    """Mount the account's paths."""
    at = "/v2/auth"
    unknown = (Reason.ACCOUNT_UNKNOWN,)
    for path, known, body, refuses, handler in (
        ("/register", SIMULATED, Register, (), register),
        ("/login", SEEN, Login, (Reason.LOGIN_REFUSED,), login),
        ("/password/forgot", SIMULATED, Forgotten, unknown, forgot),
        ("/password/reset", SIMULATED, Reset, (*unknown, *CODES), reset),
    ):
        opened = face.endpoint(
            "POST", f"{at}{path}", provenance=known, body=body, refuses=refuses, open_to_all=True
        )
        opened(handler)
    face.endpoint("POST", f"{at}/me-v2", provenance=SEEN)(me)
    face.endpoint("POST", f"{at}/otp", provenance=INFERRED)(otp)
    face.endpoint("POST", f"{at}/otp/verify", provenance=INFERRED, body=CodeEntry, refuses=CODES)(verify)


def _logged_in(call: Call, account: Shopper) -> Reply:
    return answer(_shown(account), token={"token": _token(call, account.user)})


def _shown(account: Shopper) -> dict[str, Any]:
    return {
        "id": account.user,
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "is_phone_verified": account.phone_verified,
    }


def _token(call: Call, user: str) -> str:
    seed = chance.seed_bytes(call.sandbox.seed)
    return f"{user}.{chance.code(HEX, 32, seed, 'kariermu token', call.sandbox.name, user)}"


def _digest(call: Call, email: str, password: str) -> str:
    return chance.code(HEX, 32, chance.seed_bytes(call.sandbox.seed), "kariermu password", email, password)
