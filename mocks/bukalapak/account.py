"""The account: opening it, `/me`, its phone's activation, a forgotten password.

What needs an OTP is asked for twice: the first time the code is sent and the answer is 401, the
second time the same request carries it in `Bukalapak-OTP-Key`.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from prakerja_sim.mocks.bukalapak import tokens
from prakerja_sim.mocks.bukalapak.fields import Body, Email, Password, Phone, Text
from prakerja_sim.mocks.bukalapak.tokens import CODE
from prakerja_sim.mocks.bukalapak.words import MARKETPLACE, OTP_NEEDED, done, refusal
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.simulator.marketplace import accounts
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED
METHODS = ("sms", "whatsapp", "email")
AT_CODE = (Reason.CODE_WRONG, Reason.CODE_EXPIRED, Reason.CODE_TRIES_EXHAUSTED)


class NewUser(Body):
    """Whose account is to be opened."""

    name: Text
    phone: Phone
    email: Email
    password: Password


class TfaStatus(Body):
    """The phone is to be activated."""

    state: Literal["active"]


class NewPassword(Body):
    """Whose password was forgotten, and the new one."""

    phone: Phone
    password: Password


def register(call: Call, body: NewUser) -> Reply:
    """Open an account, with its phone not yet confirmed."""
    digest = tokens.digest_of(body.phone, body.password)
    account = call.do(open_account, name=body.name, phone=body.phone, email=body.email, password=digest)
    return done(_profile(account), 201)


def me(call: Call) -> Reply:
    """Who is logged in."""
    return done(_profile(tokens.account_of(call)))


def activate(call: Call, body: TfaStatus) -> Reply:
    """Confirm the account's phone with the OTP that is sent there."""
    account = tokens.account_of(call)

    def confirm(code: str) -> None:
        call.do(accounts.verify_phone, shopper=account.key, code=code)

    return _with_otp(call, account, confirm, {"state": body.state})


def reset_password(call: Call, body: NewPassword) -> Reply:
    """Put another password in a forgotten one's place, with an OTP; logins with the old one end."""
    account: Shopper = call.ask(accounts.find_account, marketplace=CODE, login=body.phone)
    digest = tokens.digest_of(body.phone, body.password)

    def change(code: str) -> None:
        call.do(accounts.change_password, shopper=account.key, code=code, password=digest)

    return _with_otp(call, account, change, {"phone": masked(account.phone)})


def otp_key(call: Call) -> str:
    """The OTP in the headers, empty if there is none; raises Malformed."""
    given = call.headers.get("Bukalapak-OTP-Key", "").strip()
    if not re.fullmatch(r"[\x21-\x7e]{0,64}", given):
        raise Malformed("Bukalapak-OTP-Key: at most 64 printable characters")
    method = call.headers.get("Bukalapak-OTP-Method", METHODS[0])
    if method not in METHODS:
        raise Malformed(f"Bukalapak-OTP-Method: one of {', '.join(METHODS)}")
    return given


def masked(phone: str) -> str:
    """A phone as pages show it."""
    return f"{phone[:4]}****{phone[-3:]}"


@command("bukalapak.open_account")
def open_account(world: Unit, *, name: str, phone: str, email: str, password: str) -> Shopper:
    """Open an account for a phone and an e-mail that have none."""
    for login in ({"phone": phone}, {"email": email}):
        if world.find(Shopper, marketplace=CODE, limit=1, **login):
            raise Rejected(Reason.ACCOUNT_TAKEN)

    return accounts.sign_up(world, marketplace=CODE, name=name, phone=phone, email=email, password=password)


def add_to(face: Face) -> None:
    """Mount the account's paths."""
    guest = partial(face.endpoint, provenance=SIMULATED, sender=tokens.anyone)
    unfound = (*AT_CODE, Reason.ACCOUNT_UNKNOWN)
    guest("POST", "/api/users", body=NewUser, refuses=(Reason.ACCOUNT_TAKEN,))(register)
    guest("PUT", "/api/users/passwords", body=NewPassword, refuses=unfound)(reset_password)
    face.endpoint("GET", "/api/me", provenance=INFERRED)(me)
    face.endpoint("PUT", "/api/users/tfa-status", provenance=SEEN, body=TfaStatus, refuses=AT_CODE)(activate)


def _with_otp(call: Call, account: Shopper, act: Callable[[str], Any], told: dict[str, str]) -> Reply:
    """Send a code, or do what the code that came allows."""
    code = otp_key(call)
    if not code:
        by = "mail" if call.headers.get("Bukalapak-OTP-Method") == "email" else "sms"
        call.do(accounts.send_code, shopper=account.key, sender=MARKETPLACE.title, by=by)
        return refusal(OTP_NEEDED)
    act(code)
    return done(told)


def _profile(account: Shopper) -> dict[str, Any]:
    return {
        "id": int(account.user),
        "username": account.user,
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "phone_confirmed": account.phone_verified,
        "tfa_status": "active" if account.phone_verified else "inactive",
    }
