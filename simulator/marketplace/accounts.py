"""Accounts at a marketplace: opened by phone, verified by a code, recovered when the password is lost.

A site that asks for a password stores its digest; whoever forgot it sets a new one with a code that
goes to the account's phone or e-mail (article, step 9).
"""

from datetime import timedelta
from hmac import compare_digest

from prakerja_sim.simulator.marketplace.records import ChosenName, Shopper
from prakerja_sim.simulator.values import chance, emails, phones
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import DIGITS, PartyCode, Phone
from prakerja_sim.simulator.values.phones import Fate
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

CODE_LIFETIME = timedelta(minutes=5)
CODE_TRIES = 5


def subject(shopper: str) -> str:
    """The journal's chain of a shopper, who is named MARKETPLACE/USER."""
    return f"shopper:{shopper}"


@command("accounts.sign_up")
def sign_up(
    world: Unit, *, marketplace: PartyCode, name: str, phone: str, email: str, password: str = ""
) -> Shopper:
    """Open an account; a phone has one account at a marketplace, so the second time returns the first one.

    The password comes as a digest; it is empty at a site where people log in by phone.
    """
    accounts = world.find(Shopper, marketplace=marketplace, phone=phone, limit=1)
    if accounts:
        return accounts[0]

    user = chance.code(DIGITS, 9, world.seed, "user", marketplace, phone)
    key = f"{marketplace}/{user}"
    world.subject = subject(key)
    shopper = Shopper(key, marketplace, user, name, Phone(phone), email, password=password)
    world.put(shopper)
    return shopper


def name_key(marketplace: str, username: str) -> str:
    """Under what a chosen user name is kept: whatever its capitals, there is one."""
    return f"{marketplace}/{username.lower()}"


@refuses(Reason.ACCOUNT_UNKNOWN)
def find_account(world: Unit, *, marketplace: str, login: str) -> Shopper:
    """The account with this phone, e-mail or user name, in any spelling, or user number.

    Raises ACCOUNT_UNKNOWN.
    """
    for name, spelling in (("phone", phones.national(login)), ("email", emails.canonical(login))):
        accounts = world.find(Shopper, marketplace=marketplace, limit=1, **{name: spelling})
        if accounts:
            return accounts[0]
    named = world.get(ChosenName, name_key(marketplace, login))
    account = world.get(Shopper, named.shopper if named else f"{marketplace}/{login}")
    if account is None:
        raise Rejected(Reason.ACCOUNT_UNKNOWN, login=login)
    return account


@command("accounts.send_code")
def send_code(world: Unit, *, shopper: str, sender: str, by: str = "sms") -> Shopper:
    """Send a code to the account's phone (`sms`) or e-mail (`mail`); it replaces any older code."""
    account = world.need(Shopper, shopper)

    world.subject = subject(shopper)
    sent = account.codes_sent + 1
    code = chance.code(DIGITS, 6, world.seed, "phone code", shopper, sent)
    account = account.but(code=code, code_sent_at=world.now, codes_sent=sent, wrong_codes=0)
    world.put(account)
    seconds = int(CODE_LIFETIME.total_seconds())
    if by == "mail":
        text = f"Kode verifikasi: {code}\nBerlaku {seconds // 60} menit. Jangan berikan kepada siapa pun."
        messages.mail(world, account.email, sender, "Kode verifikasi", text)
    else:
        messages.otp_text(world, account.phone, sender, code, seconds)
    return account


@refuses(Reason.CODE_EXPIRED, Reason.CODE_TRIES_EXHAUSTED, Reason.CODE_WRONG)
def _with_code(world: Unit, shopper: str, code: str) -> Shopper:
    """The account, if that is the code that was sent to it."""
    account = world.need(Shopper, shopper)
    if account.code is None or account.code_sent_at is None:
        raise Rejected(Reason.CODE_EXPIRED, sent_at=None)
    fate = phones.fate(account.phone, magic=world.settings.magic)
    if account.wrong_codes >= CODE_TRIES or fate is Fate.NO_TRIES:
        raise Rejected(
            Reason.CODE_TRIES_EXHAUSTED, wrong_codes=account.wrong_codes, most=CODE_TRIES, phone_means=fate
        )
    if world.now - account.code_sent_at > CODE_LIFETIME or fate is Fate.EXPIRED:
        valid_until = account.code_sent_at + CODE_LIFETIME
        raise Rejected(Reason.CODE_EXPIRED, valid_until=valid_until, entered_at=world.now, phone_means=fate)
    world.subject = subject(shopper)
    if not compare_digest(code.encode(), account.code.encode()) or fate is Fate.WRONG:
        world.put(account.but(wrong_codes=account.wrong_codes + 1))
        wrong = account.wrong_codes + 1
        raise Rejected(Reason.CODE_WRONG, counts=True, wrong_codes=wrong, most=CODE_TRIES, phone_means=fate)
    return account


@command("accounts.verify_phone")
@refuses(_with_code)
def verify_phone(world: Unit, *, shopper: str, code: str) -> Shopper:
    """Enter the code; a wrong code counts, and after too many the code is not valid any more."""
    account = _with_code(world, shopper, code)

    verified = account.but(phone_verified=True, code=None, code_sent_at=None)
    world.put(verified)
    return verified


@command("accounts.change_password")
@refuses(_with_code)
def change_password(world: Unit, *, shopper: str, code: str, password: str) -> Shopper:
    """Replace a forgotten password with a new one, given as a digest, with a code that was sent."""
    account = _with_code(world, shopper, code)

    changed = account.but(password=password, code=None, code_sent_at=None)
    world.put(changed)
    return changed
