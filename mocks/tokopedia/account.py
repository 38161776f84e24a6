"""The shopper's account: opening it, verifying its phone, and the login that follows from it.

A login token is worked out anew from the sandbox's seed at each request, so none is kept.
Whoever opens an account is logged in with its phone unverified; verifying gives another token
and ends that one.
"""

import re
from hmac import compare_digest
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, StringConstraints

from prakerja_sim.mocks.http.face import Call, Provenance, Unauthorized
from prakerja_sim.mocks.tokopedia.graphql import PRINTABLE, Short, Text, Variables, operation, unsuccessful
from prakerja_sim.mocks.tokopedia.words import MARKETPLACE, PHONE_UNKNOWN, Said
from prakerja_sim.simulator.marketplace import accounts
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import HEX, PartyCode
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED
CODE = PartyCode(MARKETPLACE.code)

_TOKEN = re.compile(r"(?:Bearer )?([0-9]{1,20})\.([0-9a-f]{32})")
_COUNTRY = re.compile(r"\+?62")


def _national(phone: str) -> str:
    """A phone as people here write it: 0812..., not +62812..."""
    return _COUNTRY.sub("0", phone, count=1) if not phone.startswith("0") else phone


Phone = Annotated[str, StringConstraints(pattern=r"^(\+?62|0)[0-9]{8,13}$"), AfterValidator(_national)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[!-?A-~]+@[!-?A-~]+$")]


class Register(Variables):
    """Whose account is to be opened."""

    name: Text
    email: Email
    msisdn: Phone


class OtpModes(Variables):
    """For which phone a code is wanted."""

    otpType: Literal["112"] = "112"  # noqa: N815  # the wire's names, here and below
    msisdn: Phone
    email: Short = ""


class OtpRequest(OtpModes):
    """A code, by text message."""

    mode: Literal["sms"] = "sms"
    otpDigit: Literal[6] = 6  # noqa: N815


class OtpValidate(OtpModes):
    """The code that came."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=16, pattern=PRINTABLE)]
    mode: Literal["sms"] = "sms"


class Nothing(Variables):
    """No variables."""


def log_in(call: Call) -> None:
    """Establish the shopper from the bearer token; raises Unauthorized."""
    account = _holder(call)
    if account is None:
        raise Unauthorized("no valid bearer token")
    call.sender = account.key


def account_of(call: Call) -> Shopper:
    """The account that is logged in."""
    found: Shopper = call.ask(Unit.need, kind=Shopper, key=call.sender)
    return found


def masked_phone(phone: str) -> str:
    """A phone as pages show it."""
    return f"{phone[:2]}xx****{phone[-4:]}"


def _otp_refused(what: Said) -> dict[str, Any]:
    return {"success": False, "message": "", "errorMessage": what.text, "error_code": what.code}


@operation("register", "register", Register, provenance=INFERRED, refusal=unsuccessful)
def register(call: Call, asked: Register) -> dict[str, Any]:
    """Open an account; a phone that has one and is verified gets no token, but is told to ask for a code."""
    account: Shopper = call.do(
        accounts.sign_up, marketplace=CODE, name=asked.name, phone=asked.msisdn, email=asked.email
    )
    return {
        "success": True,
        "message": "",
        "userID": account.user,
        "accessToken": "" if account.phone_verified else _token(call, account),
    }


@operation("OTPModeList", "OTPModeList", OtpModes, provenance=SEEN, refusal=unsuccessful)
def otp_mode_list(_: Call, asked: OtpModes) -> dict[str, Any]:
    """The ways in which a code can come: by text message."""
    mode = {
        "modeCode": 1,
        "modeText": "sms",
        "otpListText": f"Melalui SMS ke {masked_phone(asked.msisdn)}",
        "countdown": 0,
        "otpDigit": 6,
    }
    return {"success": True, "message": "", "errorMessage": "", "modeLists": [mode]}


@operation("OTPRequest", "OTPRequest", OtpRequest, provenance=SEEN, refusal=_otp_refused)
def otp_request(call: Call, asked: OtpRequest) -> dict[str, Any]:
    """Send a code to the account's phone, in place of any older one."""
    account = _account_of_phone(call, asked.msisdn)
    if account is None:
        return _otp_refused(PHONE_UNKNOWN)
    call.do(accounts.send_code, shopper=account.key, sender=MARKETPLACE.title)
    return {
        "success": True,
        "message": "Kode verifikasi telah dikirim.",
        "errorMessage": "",
        "error_code": "",
        "message_title": "Masukkan Kode Verifikasi",
        "message_sub_title": masked_phone(account.phone),
        "prefixMisscall": "",
    }


@operation(
    "OTPValidate",
    "OTPValidate",
    OtpValidate,
    provenance=SEEN,
    refusal=_otp_refused,
    refuses=(Reason.CODE_EXPIRED, Reason.CODE_TRIES_EXHAUSTED, Reason.CODE_WRONG),
)
def otp_validate(call: Call, asked: OtpValidate) -> dict[str, Any]:
    """Enter the code: the phone is verified, and the token that comes back is the login."""
    account = _account_of_phone(call, asked.msisdn)
    if account is None:
        return _otp_refused(PHONE_UNKNOWN)
    verified: Shopper = call.do(accounts.verify_phone, shopper=account.key, code=asked.code)
    return {
        "success": True,
        "message": "",
        "errorMessage": "",
        "error_code": "",
        "validateToken": _token(call, verified),
        "cookieList": [],
    }


@operation("IsAuthenticated", "isAuthenticated", Nothing, provenance=INFERRED, refusal=unsuccessful)
def is_authenticated(call: Call, _: Nothing) -> dict[str, Any]:
    """Who is logged in, and whether his phone is verified."""
    account = _holder(call)
    return {
        "isLoggedIn": account is not None,
        "userID": account.user if account else "",
        "msisdn": account.phone if account else "",
        "isMsisdnVerified": account is not None and account.phone_verified,
        "email": account.email if account else "",
    }


def _account_of_phone(call: Call, phone: str) -> Shopper | None:
    found = call.ask(Unit.find, kind=Shopper, marketplace=CODE, phone=phone, limit=1)
    return found[0] if found else None


def _holder(call: Call) -> Shopper | None:
    given = _TOKEN.fullmatch(call.headers.get("Authorization", ""))
    account: Shopper | None = call.ask(Unit.get, kind=Shopper, key=f"{CODE}/{given[1]}") if given else None
    if given is None or account is None or not compare_digest(_token(call, account), given[0].split()[-1]):
        return None
    return account


def _token(call: Call, account: Shopper) -> str:
    what = "login" if account.phone_verified else "registration"
    seed = chance.seed_bytes(call.sandbox.seed)
    return f"{account.user}.{chance.code(HEX, 32, seed, 'bearer', what, account.key)}"
