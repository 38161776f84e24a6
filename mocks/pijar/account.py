"""The buyer's account: the registration form, its phone, and the JSON web token of the login.

A token follows from the sandbox's seed and from whether the phone is verified, so none is kept
and verifying ends the token of the registration.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Annotated, Any, Literal

import orjson
from pydantic import StringConstraints

from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.pijar.fields import PRINTABLE, Body, Email, Phone, Text, Word
from prakerja_sim.mocks.pijar.words import MARKETPLACE, Said, refusal, success
from prakerja_sim.simulator.marketplace import accounts
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX, PartyCode
from prakerja_sim.simulator.world.store import Unit

INFERRED, SEEN = Provenance.INFERRED, Provenance.SEEN
CODE = PartyCode(MARKETPLACE.code)
PHONE_USED = Said("ERR_PHONE_USED", "Nomor HP sudah terdaftar. Silakan masuk dengan OTP.", 409)
EMAIL_USED = Said("ERR_EMAIL_USED", "E-mail sudah digunakan.", 409)
PHONE_UNKNOWN = Said("ERR_PHONE_UNKNOWN", "Nomor HP belum terdaftar.", 404)
SHORTEST_PASSWORD = 8
Password = Annotated[str, StringConstraints(max_length=128, pattern=PRINTABLE)]


class Register(Body):
    """The registration form; the phone without its leading 0."""

    email: Email
    phone: Phone
    fullname: Text
    password: Password
    consent: Literal[True]


class Login(Body):
    """E-mail and password of an account."""

    email: Email
    password: Password


class Forgotten(Body):
    """The e-mail of an account whose password was forgotten."""

    email: Email


class Reset(Login):
    """The code that came by e-mail, and the new password."""

    otp: Word


class OtpWish(Body):
    """The phone that a code is wanted for."""

    phone: Phone


class OtpEntry(OtpWish):
    """The code that came."""

    otp: Word


def log_in(call: Call) -> None:
    """Establish the buyer from the bearer token; raises Unauthorized."""
    given = call.headers.get("Authorization", "").removeprefix("Bearer ")
    account: Shopper | None = call.ask(Unit.get, kind=Shopper, key=f"{CODE}/{_user_of(given)}")
    if account is None or not hmac.compare_digest(token(call, account).encode(), given.encode()):
        raise Unauthorized("no valid bearer token")
    call.sender = account.key


def token(call: Call, account: Shopper) -> str:
    """The account's JSON web token (HS256), which says whether the phone is verified."""
    claims = {"sub": account.user, "phoneVerified": account.phone_verified}
    signed = b".".join((_encoded({"alg": "HS256", "typ": "JWT"}), _encoded(claims)))
    key = chance.code(HEX, 32, chance.seed_bytes(call.sandbox.seed), "pijar token", call.sandbox.name)
    return (signed + b"." + _base64(hmac.digest(key.encode(), signed, "sha256"))).decode()


def register(call: Call, body: Register) -> Reply:
    """Open an account; the token that comes back is good until the phone is verified."""
    password = _digest(call, body.email, body.password)
    if _account_of(call, body.phone) is not None:
        return refusal(PHONE_USED)
    if call.ask(Unit.find, kind=Shopper, marketplace=CODE, email=body.email, limit=1):
        return refusal(EMAIL_USED)
    told = {"marketplace": CODE, "name": body.fullname, "phone": body.phone, "email": body.email}
    account: Shopper = call.do(accounts.sign_up, password=password, **told)
    return success(_logged_in(call, account), "Pendaftaran berhasil. Verifikasi nomor HP Anda.", 201)


def login(call: Call, body: Login) -> Reply:
    """Log in with e-mail and password; a wrong one and an unknown e-mail are told alike."""
    found = call.ask(Unit.find, kind=Shopper, marketplace=CODE, email=body.email, limit=1)
    expected = found[0].password if found else ""
    given = _digest(call, body.email, body.password, short=True)
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Rejected(Reason.LOGIN_REFUSED)
    return success(_logged_in(call, found[0]), "Selamat datang kembali.")


def forgot(call: Call, body: Forgotten) -> Reply:
    """Send a code to the e-mail of an account whose password was forgotten."""
    account: Shopper = call.ask(accounts.find_account, marketplace=CODE, login=body.email)
    call.do(accounts.send_code, shopper=account.key, sender=MARKETPLACE.title, by="mail")
    return success({"email": body.email}, "Kode dikirim ke e-mail Anda.")


def reset(call: Call, body: Reset) -> Reply:
    """Set a new password with that code; the buyer is logged in."""
    password = _digest(call, body.email, body.password)
    account: Shopper = call.ask(accounts.find_account, marketplace=CODE, login=body.email)
    changed = call.do(accounts.change_password, shopper=account.key, code=body.otp, password=password)
    return success(_logged_in(call, changed), "Kata sandi diperbarui.")


def phone_otp(call: Call, body: OtpWish) -> Reply:
    """Send a code to an account's phone, in place of any older one."""
    account = _account_of(call, body.phone)
    if account is None:
        return refusal(PHONE_UNKNOWN)
    call.do(accounts.send_code, shopper=account.key, sender=MARKETPLACE.title)
    return success(
        {"phone": body.phone, "expiresIn": int(accounts.CODE_LIFETIME.total_seconds())}, "OTP dikirim."
    )


def phone_verify(call: Call, body: OtpEntry) -> Reply:
    """Enter the code: the phone is verified, and the buyer is logged in."""
    account = _account_of(call, body.phone)
    if account is None:
        return refusal(PHONE_UNKNOWN)
    verified: Shopper = call.do(accounts.verify_phone, shopper=account.key, code=body.otp)
    return success(_logged_in(call, verified), "Nomor HP terverifikasi.")


def me(call: Call) -> Reply:
    """Who is logged in."""
    return success(_shown(account_of(call)))


def account_of(call: Call) -> Shopper:
    """The account that is logged in."""
    found: Shopper = call.ask(Unit.need, kind=Shopper, key=call.sender)
    return found


def add_to(face: Face) -> None:
    """Mount the account's paths."""
    at = "/api/v1/auth"
    face.endpoint("POST", f"{at}/register", provenance=SEEN, body=Register, open_to_all=True)(register)
    told = {"provenance": INFERRED, "open_to_all": True}
    refuses = (Reason.LOGIN_REFUSED,)
    face.endpoint("POST", f"{at}/login", body=Login, refuses=refuses, **told)(login)  # type: ignore[arg-type]
    unknown = (Reason.ACCOUNT_UNKNOWN,)
    asked = face.endpoint("POST", f"{at}/password/forgot", body=Forgotten, refuses=unknown, **told)  # type: ignore[arg-type]
    asked(forgot)
    codes = (Reason.CODE_EXPIRED, Reason.CODE_TRIES_EXHAUSTED, Reason.CODE_WRONG)
    renewed = face.endpoint(
        "POST",
        f"{at}/password/reset",
        body=Reset,
        refuses=(*unknown, *codes),
        **told,  # type: ignore[arg-type]
    )
    renewed(reset)
    face.endpoint("POST", f"{at}/phone/otp", provenance=INFERRED, body=OtpWish, open_to_all=True)(phone_otp)
    verified = face.endpoint(
        "POST",
        f"{at}/phone/verify",
        provenance=INFERRED,
        body=OtpEntry,
        refuses=codes,
        open_to_all=True,
    )
    verified(phone_verify)
    face.endpoint("GET", f"{at}/me", provenance=INFERRED)(me)


def _account_of(call: Call, phone: str) -> Shopper | None:
    found = call.ask(Unit.find, kind=Shopper, marketplace=CODE, phone=phone, limit=1)
    return found[0] if found else None


def _digest(call: Call, email: str, password: str, *, short: bool = False) -> str:
    """What is kept of a password, so that no journal holds it; too short a one is malformed."""
    if len(password) < SHORTEST_PASSWORD and not short:
        raise Malformed(f"password: Minimum {SHORTEST_PASSWORD} karakter")
    return chance.code(HEX, 32, chance.seed_bytes(call.sandbox.seed), "pijar password", email, password)


def _logged_in(call: Call, account: Shopper) -> dict[str, Any]:
    return {"token": token(call, account), "user": _shown(account)}


def _shown(account: Shopper) -> dict[str, Any]:
    return {
        "id": account.user,
        "fullname": account.name,
        "email": account.email,
        "phone": account.phone,
        "phoneVerified": account.phone_verified,
    }


def _user_of(given: str) -> str:
    """Whose token it says that it is; empty if it cannot be read."""
    part = given.encode().split(b".")[1:2]
    try:
        claims = orjson.loads(urlsafe_b64decode(part[0] + b"==")) if part else {}
    except (NotBase64, ValueError):
        return ""
    return str(claims.get("sub", "")) if isinstance(claims, dict) else ""


def _encoded(part: Any) -> bytes:
    return _base64(orjson.dumps(part))


def _base64(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")
