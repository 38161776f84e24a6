"""A learner's account at an institution: registration, login, and a new password when the old one is lost.

A link to a new password goes by e-mail.  It is valid once and for a limited time of the sandbox's clock.
Only who can read the e-mail learns whether an address has an account.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hmac import compare_digest

from prakerja_sim.simulator.institution.records import Enrolment, Learner
from prakerja_sim.simulator.values import chance, emails
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX, PartyCode
from prakerja_sim.simulator.world import logins, messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


def subject(learner: str) -> str:
    """The journal's chain of a learner, who is named INSTITUTION/EMAIL."""
    return f"learner:{learner}"


def key_of(institution: str, email: str) -> str:
    """How a learner's account is named."""
    return f"{institution}/{emails.canonical(email)}"


@command("institution_accounts.register")
@refuses(Reason.EMAIL_TAKEN)
def register(world: Unit, *, institution: str, email: str, name: str, password: str) -> Learner:
    """Open an account; the password comes as a digest, so that no journal holds it."""
    key = key_of(institution, email)
    if world.get(Learner, key) is not None:
        raise Rejected(Reason.EMAIL_TAKEN, unsaid={"email": email})

    world.subject = subject(key)
    address = key.partition("/")[2]
    learner = Learner(key, PartyCode(institution), address, name, password, world.now)
    world.put(learner)
    return learner


@refuses(Reason.LOGIN_REFUSED)
def logged_in(world: Unit, *, institution: str, email: str, password: str) -> Learner:
    """The learner; an unknown address and a wrong password get the same refusal."""
    key = key_of(institution, email)
    learner = world.get(Learner, key)
    stored = learner.password if learner is not None else ""
    right = compare_digest(stored, logins.digest(world, account=key, password=password))
    if learner is None or not right:
        known = learner is not None
        raise Rejected(
            Reason.LOGIN_REFUSED, unsaid={"email": email, "account_known": known, "password_right": right}
        )
    return learner


def token_of(world: Unit, *, learner: Learner, sandbox: str) -> str:
    """A session token for a browser; a new password or a logout makes it invalid."""
    seal = logins.secret(world, holder=login_of(learner), sandbox=sandbox, about=learner.password)
    return f"{_encoded(learner.email)}.{seal}"


def login_of(learner: Learner) -> str:
    """How a learner's login is named."""
    return f"institution/{learner.key}"


def holder_of(world: Unit, *, institution: str, token: str, sandbox: str) -> Learner | None:
    """The learner of a token at this institution, None if the token is not valid."""
    learner = world.get(Learner, key_of(institution, _email_of(token)))
    if learner is None:
        return None
    expected = token_of(world, learner=learner, sandbox=sandbox)
    return learner if compare_digest(expected.encode(), token.encode()) else None


@command("institution_accounts.send_link")
def send_link(world: Unit, *, institution: str, email: str, page: str) -> None:
    """Send a link to a new password; it replaces any older link.  An unknown address gets nothing."""
    learner = world.get(Learner, key_of(institution, email))
    if learner is None:
        return

    world.subject = subject(learner.key)
    life = timedelta(seconds=world.settings.reset_link_lifetime)
    learner = learner.but(resets=learner.resets + 1, reset_until=world.now + life)
    world.put(learner)
    messages.mail(
        world,
        learner.email,
        institution,
        "Atur ulang kata sandi",
        f"Halo {learner.name},\nBuka tautan ini untuk membuat kata sandi baru: "
        f"{page}?kode={_reset_code(world, learner)}\n"
        f"Berlaku {life // timedelta(minutes=1)} menit dan hanya sekali.",
    )


@refuses(Reason.RESET_LINK_OVER)
def holder_of_link(world: Unit, *, institution: str, code: str) -> Learner:
    """The learner of a link; raises RESET_LINK_OVER for an unknown, used, replaced or expired one."""
    learner = world.get(Learner, key_of(institution, _email_of(code)))
    if learner is None or learner.reset_until is None or world.now > learner.reset_until:
        until = learner.reset_until if learner is not None else None
        raise Rejected(Reason.RESET_LINK_OVER, unsaid={"valid_until": until, "opened_at": world.now})
    if not compare_digest(_reset_code(world, learner).encode(), code.encode()):
        raise Rejected(Reason.RESET_LINK_OVER, unsaid={"link": "not the last one that was sent"})
    return learner


@command("institution_accounts.change_password")
@refuses(holder_of_link)
def change_password(world: Unit, *, institution: str, code: str, password: str) -> Learner:
    """Replace a forgotten password; the code comes from the link, the password is a digest's text."""
    learner = holder_of_link(world, institution=institution, code=code)

    world.subject = subject(learner.key)
    changed = learner.but(password=password, reset_until=None)
    world.put(changed)
    return changed


def classes_of(world: Unit, *, learner: Learner) -> list[Enrolment]:
    """The learner's classes at this institution, in the order in which they were opened."""
    enrolments = world.find(Enrolment, institution=learner.institution, learner=learner.email)
    return sorted(enrolments, key=lambda enrolment: (enrolment.opened_at, enrolment.key))


def _reset_code(world: Unit, learner: Learner) -> str:
    seal = chance.code(HEX, 32, world.seed, "password link", learner.key, learner.resets)
    return f"{_encoded(learner.email)}.{seal}"


def _encoded(email: str) -> str:
    """An e-mail address in letters that are allowed in a header or a link."""
    return urlsafe_b64encode(email.encode()).decode().rstrip("=")


def _email_of(token: str) -> str:
    """The e-mail address in a token; empty if the text is no token."""
    encoded = token.partition(".")[0]
    try:
        return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except ValueError:
        return ""
