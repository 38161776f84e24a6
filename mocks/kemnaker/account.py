"""The account of the ministry's single sign-on ("Naco"): opening it, its profile, its phone.

Bearer tokens follow from the sandbox's seed and the account, so none is kept and none expires.
"""

import hmac
from typing import Any

from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.kemnaker.fields import Body, Email, Password, Phone, Text, Word
from prakerja_sim.mocks.kemnaker.words import MARKETPLACE, Said, answer, refusal
from prakerja_sim.simulator.marketplace import accounts
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import HEX, PartyCode
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED
CODE = PartyCode(MARKETPLACE.code)
USED = {
    "phone": Said("Nomor telepon sudah digunakan.", 422, "phone"),
    "email": Said("E-mail sudah digunakan.", 422, "email"),
}
CODES = (Reason.CODE_EXPIRED, Reason.CODE_TRIES_EXHAUSTED, Reason.CODE_WRONG)


class NewUser(Body):
    """Who opens an account."""

    name: Text
    email: Email
    phone: Phone
    password: Password


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
    """Establish the user from the bearer token; raises Unauthorized."""
    given = call.headers.get("Authorization", "").removeprefix("Bearer ")
    user = given.partition("|")[0]
    account: Shopper | None = call.ask(Unit.get, kind=Shopper, key=f"{CODE}/{user}")
    if account is None or not hmac.compare_digest(secret(call, "access", user).encode(), given.encode()):
        raise Unauthorized("no valid bearer token")
    call.sender = account.key


def secret(call: Call, kind: str, whose: str, *about: str | int) -> str:
    """A token of that kind: whose it is, and what only this site can have written."""
    seed = chance.seed_bytes(call.sandbox.seed)
    return f"{whose}|{chance.code(HEX, 32, seed, 'kemnaker', kind, call.sandbox.name, whose, *about)}"


def credential_of(call: Call, client_id: str) -> Credential | None:
    """The partner's credential in this sandbox, by its client code or by an institution's own code."""
    sandboxes = call.parties.sandboxes
    named: Credential | None = sandboxes.credential(client_id)
    if named is not None:
        return named if named.sandbox is call.sandbox else None
    # Only for an institution that teaches something is a credential made here, not for any text.
    known = any(one.party == client_id for one in sandboxes.credentials(call.sandbox))
    if not known and not call.ask(Unit.find, kind=Course, institution=client_id, limit=1):
        return None
    made: Credential = sandboxes.credential_of(call.sandbox, client_id)
    return made


def new_user(call: Call, body: NewUser) -> Reply:
    """Open an account; phone and e-mail must be new."""
    for name in ("phone", "email"):
        given = {name: getattr(body, name)}
        if call.ask(Unit.find, kind=Shopper, marketplace=CODE, limit=1, **given):
            return refusal(USED[name])
    account: Shopper = call.do(
        accounts.sign_up,
        marketplace=CODE,
        name=body.name,
        phone=body.phone,
        email=body.email,
        password=digest(call, body.email, body.password),
    )
    return answer(shown(account, call), 201)


def me(call: Call) -> Reply:
    """Who is logged in."""
    return answer(shown(account_of(call), call))


def phone_otp(call: Call) -> Reply:
    """Send a code to the phone of who is logged in."""
    account: Shopper = call.do(accounts.send_code, shopper=call.sender, sender=MARKETPLACE.title)
    return answer({"phone": account.phone, "expires_in": int(accounts.CODE_LIFETIME.total_seconds())})


def phone_verify(call: Call, body: CodeEntry) -> Reply:
    """Enter the code: the phone is verified."""
    verified: Shopper = call.do(accounts.verify_phone, shopper=call.sender, code=body.code)
    return answer(shown(verified, call))


def forgot(call: Call, body: Forgotten) -> Reply:
    """Send a code to the e-mail of an account whose password was forgotten."""
    account: Shopper = call.ask(accounts.find_account, marketplace=CODE, login=body.email)
    call.do(accounts.send_code, shopper=account.key, sender=MARKETPLACE.title, by="mail")
    return answer({"email": body.email})


def reset(call: Call, body: Reset) -> Reply:
    """Set a new password with that code."""
    account: Shopper = call.ask(accounts.find_account, marketplace=CODE, login=body.email)
    told = {"shopper": account.key, "code": body.code, "password": digest(call, body.email, body.password)}
    return answer(shown(call.do(accounts.change_password, **told), call))


def account_of(call: Call) -> Shopper:
    """The account that is logged in."""
    found: Shopper = call.ask(Unit.need, kind=Shopper, key=call.sender)
    return found


def digest(call: Call, email: str, password: str) -> str:
    """What is kept of a password, so that no journal holds it."""
    return chance.code(HEX, 32, chance.seed_bytes(call.sandbox.seed), "kemnaker password", email, password)


def shown(account: Shopper, call: Call) -> dict[str, Any]:
    """The profile as the sign-on shows it; that `username` is the e-mail is inferred."""
    return {
        "id": account.user,
        "username": account.email,
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "phone_verified": account.phone_verified,
        "status": "active",
        "updated_at": call.sandbox.now().isoformat(),
        "roles": [{"id": 1, "name": "user", "label": "Pencari Kerja"}],
    }


def add_to(face: Face) -> None:
    """Mount the account's paths."""
    at = "/account/api/v1"
    unknown = (Reason.ACCOUNT_UNKNOWN,)
    for path, body, refuses, handler in (
        ("/users", NewUser, (), new_user),
        ("/password/forgot", Forgotten, unknown, forgot),
        ("/password/reset", Reset, (*unknown, *CODES), reset),
    ):
        opened = face.endpoint(
            "POST", f"{at}{path}", provenance=SIMULATED, body=body, refuses=refuses, open_to_all=True
        )
        opened(handler)
    face.endpoint("GET", f"{at}/users/me", provenance=SEEN)(me)
    face.endpoint("POST", f"{at}/users/me/phone/otp", provenance=INFERRED)(phone_otp)
    verified = face.endpoint(
        "POST", f"{at}/users/me/phone/verify", provenance=INFERRED, body=CodeEntry, refuses=CODES
    )
    verified(phone_verify)
