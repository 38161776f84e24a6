"""Accounts at whichever marketplace: opened with a password, verified by phone, found again by e-mail.

The stored digest of a password depends on the sandbox's seed, so no journal holds the password.  Tokens
follow from the seed too, so none is stored.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prakerja_sim.mocks.http.face import Call, Sender, Unauthorized
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.marketplace import accounts
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.values import chance, emails, phones
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

SPELT: Mapping[str, Callable[[str], str]] = {"phone": phones.national, "email": emails.canonical}
TAKEN = {"phone": Reason.PHONE_TAKEN, "email": Reason.EMAIL_TAKEN}
CODE_SECONDS = int(accounts.CODE_LIFETIME.total_seconds())


@dataclass(frozen=True, slots=True)
class Profile:
    """An account, and the token of its login."""

    account: Shopper
    token: str
    at: datetime


@refuses(Reason.PHONE_TAKEN, Reason.EMAIL_TAKEN)
def register(site: Site, call: Call, body: Any) -> Profile:
    """Open an account; phone and e-mail must be new."""
    for name, reason in TAKEN.items():
        if find(site, call, **{name: getattr(body, name)}) is not None:
            raise Rejected(reason, unsaid={name: getattr(body, name)})
    details = {"name": body.fullname, "phone": body.phone, "email": body.email}
    password = digest(site, call, body.email, body.password)
    return profile(site, call, call.do(accounts.sign_up, marketplace=site.code, password=password, **details))


@refuses(Reason.LOGIN_REFUSED)
def login(site: Site, call: Call, body: Any) -> Profile:
    """Log in with e-mail and password; a wrong one and an unknown e-mail are told alike."""
    account = find(site, call, email=body.email)
    return profile(site, call, checked(site, call, account, body.password))


def me(site: Site, call: Call) -> Profile:
    """Who is logged in."""
    return profile(site, call, account_of(call))


def send_code(site: Site, call: Call) -> Shopper:
    """Send a code to the phone of who is logged in."""
    account: Shopper = call.do(accounts.send_code, shopper=call.sender, sender=site.title)
    return account


@refuses(accounts.verify_phone)
def verify(site: Site, call: Call, body: Any) -> Profile:
    """Enter the code: the phone is verified."""
    return profile(site, call, call.do(accounts.verify_phone, shopper=call.sender, code=body.code))


@refuses(Reason.PHONE_UNKNOWN)
def phone_otp(site: Site, call: Call, body: Any) -> Shopper:
    """Send a code to an account's phone, in place of any older one."""
    account = of_phone(site, call, body.phone)
    call.do(accounts.send_code, shopper=account.key, sender=site.title)
    return account


@refuses(Reason.PHONE_UNKNOWN, accounts.verify_phone)
def phone_verify(site: Site, call: Call, body: Any) -> Profile:
    """Enter the code: the phone is verified, and the buyer is logged in."""
    account = of_phone(site, call, body.phone)
    return profile(site, call, call.do(accounts.verify_phone, shopper=account.key, code=body.code))


@refuses(accounts.find_account)
def forgot(site: Site, call: Call, body: Any) -> Shopper:
    """Send a code to the e-mail of an account whose password was forgotten."""
    account: Shopper = call.ask(accounts.find_account, marketplace=site.code, login=body.email)
    call.do(accounts.send_code, shopper=account.key, sender=site.title, by="mail")
    return account


@refuses(accounts.find_account, accounts.change_password)
def reset(site: Site, call: Call, body: Any) -> Profile:
    """Set a new password with that code; the buyer is logged in."""
    account: Shopper = call.ask(accounts.find_account, marketplace=site.code, login=body.email)
    change = {"code": body.code, "password": digest(site, call, body.email, body.password)}
    return profile(site, call, call.do(accounts.change_password, shopper=account.key, **change))


def log_in(site: Site, user_of: Callable[[str], str]) -> Sender:
    """The check that establishes the buyer from the token in `Authorization`, with or without "Bearer".

    `user_of` reads the user from a token.
    """

    def check(call: Call) -> None:
        token = call.headers.get("Authorization", "").removeprefix("Bearer ")
        key = f"{site.code}/{user_of(token)}"
        account: Shopper | None = call.ask(Unit.get, kind=Shopper, key=key)
        if account is None or not same(site.token(call, account), token):
            raise Unauthorized("no valid token")
        call.sender = account.key

    return check


def find(site: Site, call: Call, **by: str) -> Shopper | None:
    """The account of a `phone` or an `email`, in any spelling."""
    of = {name: SPELT[name](value) for name, value in by.items()}
    rows: list[Shopper] = call.ask(Unit.find, kind=Shopper, marketplace=site.code, limit=1, **of)
    return rows[0] if rows else None


def of_phone(site: Site, call: Call, phone: str) -> Shopper:
    """The account of a phone; raises Rejected if there is none."""
    account = find(site, call, phone=phone)
    if account is None:
        raise Rejected(Reason.PHONE_UNKNOWN, phone=phone)
    return account


def account_of(call: Call) -> Shopper:
    """The account that is logged in."""
    account: Shopper = call.ask(Unit.need, kind=Shopper, key=call.sender)
    return account


def checked(site: Site, call: Call, account: Shopper | None, password: str) -> Shopper:
    """The account, if the password is its own; an unknown account takes the same time."""
    presented = digest(site, call, account.email if account else "", password)
    if not same(presented, account.password if account else "") or account is None:
        known = account is not None
        raise Rejected(Reason.LOGIN_REFUSED, unsaid={"account_known": known, "password_right": False})
    return account


def digest(site: Site, call: Call, email: str, password: str) -> str:
    """The digest that is stored for a password."""
    return drawn(call, f"{site.code} password", email, password)


def drawn(call: Call, *about: str | int) -> str:
    """Thirty-two hexadecimal digits that only this sandbox can have drawn."""
    return chance.code(HEX, 32, chance.seed_bytes(call.sandbox.seed), *about)


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same; the comparison always takes the same time."""
    return hmac.compare_digest(one.encode(), other.encode())


def profile(site: Site, call: Call, account: Shopper) -> Profile:
    """An account as its owner sees it after login."""
    return Profile(account, site.token(call, account), call.sandbox.now())
