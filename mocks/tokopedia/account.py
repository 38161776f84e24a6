"""The shopper's account: opened by phone, which a code verifies; the token that comes back is the login.

Whoever opens an account is logged in with its phone unverified; verifying gives another token and ends
that one.
"""

import re
from typing import Any

from prakerja_sim.mocks.http.face import Call, Unauthorized
from prakerja_sim.mocks.shop.account import Profile, profile, same
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.mocks.tokopedia.codes import SITE
from prakerja_sim.mocks.tokopedia.fields import Nothing, OtpModes, Register
from prakerja_sim.simulator.marketplace import accounts
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.world.store import Unit

_TOKEN = re.compile(r"(?:Bearer )?([0-9]{1,20})\.([0-9a-f]{32})")


def log_in(call: Call) -> None:
    """Establish the shopper from the bearer token; raises Unauthorized."""
    account = holder(SITE, call)
    if account is None:
        raise Unauthorized("no valid bearer token")
    call.sender = account.key


def holder(site: Site, call: Call, _: Nothing | None = None) -> Shopper | None:
    """Who is logged in, and whether his phone is verified."""
    match = _TOKEN.fullmatch(call.headers.get("Authorization", ""))
    account: Shopper | None = (
        call.ask(Unit.get, kind=Shopper, key=f"{site.code}/{match[1]}") if match else None
    )
    valid = (
        match is not None and account is not None and same(site.token(call, account), match[0].split()[-1])
    )
    return account if valid else None


def register(site: Site, call: Call, body: Register) -> Profile:
    """Open an account; a phone that has one and is verified gets no token, but is told to ask for a code."""
    about = {"name": body.fullname, "phone": body.phone, "email": body.email}
    return profile(site, call, call.do(accounts.sign_up, marketplace=site.code, **about))


def modes(_: Site, __: Call, body: OtpModes) -> str:
    """The ways in which a code can come: by text message."""
    return masked(body.phone)


def masked(phone: str) -> str:
    """A phone as pages show it."""
    return f"{phone[:2]}xx****{phone[-4:]}"


def registered(session: Profile) -> dict[str, Any]:
    """A new account, or the one of this phone."""
    account = session.account
    token = "" if account.phone_verified else session.token
    return {"success": True, "message": "", "userID": account.user, "accessToken": token}


def mode_list(phone: str) -> dict[str, Any]:
    """The only way for a code to come."""
    text = f"Melalui SMS ke {phone}"
    mode = {"modeCode": 1, "modeText": "sms", "otpListText": text, "countdown": 0, "otpDigit": 6}
    return {"success": True, "message": "", "errorMessage": "", "modeLists": [mode]}


def requested(account: Shopper) -> dict[str, Any]:
    """A code is on its way."""
    return {
        "success": True,
        "message": "Kode verifikasi telah dikirim.",
        "errorMessage": "",
        "error_code": "",
        "message_title": "Masukkan Kode Verifikasi",
        "message_sub_title": masked(account.phone),
        "prefixMisscall": "",
    }


def validated(session: Profile) -> dict[str, Any]:
    """The phone is verified; here is the login."""
    well = {"success": True, "message": "", "errorMessage": "", "error_code": ""}
    return {**well, "validateToken": session.token, "cookieList": []}


def authenticated(account: Shopper | None) -> dict[str, Any]:
    """Whether somebody is logged in."""
    return {
        "isLoggedIn": account is not None,
        "userID": account.user if account else "",
        "msisdn": account.phone if account else "",
        "isMsisdnVerified": account is not None and account.phone_verified,
        "email": account.email if account else "",
    }
