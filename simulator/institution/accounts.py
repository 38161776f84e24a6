"""A learner's account at an institution: opened, logged in to, and found again when its password is lost.

A link to a new password goes by e-mail, lives for a while by the sandbox's clock and is good once;
whether an address has an account is told to nobody who cannot read its mail.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from hashlib import blake2b
from hmac import compare_digest

from prakerja_sim.simulator.institution.records import Enrolment, Learner
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX, PartyCode
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


def subject(learner: str) -> str:
    """The journal's chain of a learner, who is named INSTITUTION/EMAIL."""
    return f"learner:{learner}"


def key_of(institution: str, email: str) -> str:
    """How a learner's account is named."""
    return f"{institution}/{email.strip().casefold()}"


def digest(world: Unit, *, learner: str, password: str) -> str:
    """What is kept of a password."""
    return blake2b(f"{learner}|{password}".encode(), digest_size=32, key=world.seed).hexdigest()


@command("institution_accounts.register")
@refuses(Reason.EMAIL_TAKEN)
def register(world: Unit, *, institution: str, email: str, name: str, password: str) -> Learner:
    """Open an account; the password comes as a digest, so that no journal holds it."""
    key = key_of(institution, email)
    if world.get(Learner, key) is not None:
        raise Rejected(Reason.EMAIL_TAKEN)

    world.subject = subject(key)
    address = key.partition("/")[2]
    learner = Learner(key, PartyCode(institution), address, name, password, world.now)
    world.put(learner)
    return learner


@refuses(Reason.LOGIN_REFUSED)
def logged_in(world: Unit, *, institution: str, email: str, password: str) -> Learner:
    """Whose account it is; an unknown address and a wrong password are told alike."""
    key = key_of(institution, email)
    learner = world.get(Learner, key)
    kept = learner.password if learner is not None else ""
    right = compare_digest(kept, digest(world, learner=key, password=password))
    if learner is None or not right:
        raise Rejected(Reason.LOGIN_REFUSED)
    return learner


def token_of(world: Unit, *, learner: Learner) -> str:
    """What a logged-in browser shows; another password makes it worthless."""
    seal = chance.code(HEX, 32, world.seed, "learner session", learner.key, learner.password)
    return f"{_shown(learner.email)}.{seal}"


def holder_of(world: Unit, *, institution: str, token: str) -> Learner | None:
    """Whom a token names at this institution."""
    learner = world.get(Learner, key_of(institution, _read(token)))
    if learner is None:
        return None
    shown = token_of(world, learner=learner)
    return learner if compare_digest(shown.encode(), token.encode()) else None


@command("institution_accounts.send_link")
def send_link(world: Unit, *, institution: str, email: str, page: str) -> None:
    """Send a link to a new password, in place of any older one; nothing at all to an unknown address."""
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
    """Whose link it is; raises RESET_LINK_OVER for an unknown, used, replaced or expired one."""
    learner = world.get(Learner, key_of(institution, _read(code)))
    if learner is None or learner.reset_until is None or world.now > learner.reset_until:
        raise Rejected(Reason.RESET_LINK_OVER)
    if not compare_digest(_reset_code(world, learner).encode(), code.encode()):
        raise Rejected(Reason.RESET_LINK_OVER)
    return learner


@command("institution_accounts.change_password")
@refuses(holder_of_link)
def change_password(world: Unit, *, institution: str, code: str, password: str) -> Learner:
    """Give a forgotten password's place to another; the code is the link's, the password a digest's text."""
    learner = holder_of_link(world, institution=institution, code=code)

    world.subject = subject(learner.key)
    changed = learner.but(password=password, reset_until=None)
    world.put(changed)
    return changed


def classes_of(world: Unit, *, learner: Learner) -> list[Enrolment]:
    """The learner's classes at this institution, in the order in which they were opened."""
    found = world.find(Enrolment, institution=learner.institution, learner=learner.email)
    return sorted(found, key=lambda enrolment: (enrolment.opened_at, enrolment.key))


def _reset_code(world: Unit, learner: Learner) -> str:
    seal = chance.code(HEX, 32, world.seed, "password link", learner.key, learner.resets)
    return f"{_shown(learner.email)}.{seal}"


def _shown(email: str) -> str:
    """An e-mail as it may stand in a header or a link, whatever letters it has."""
    return urlsafe_b64encode(email.encode()).decode().rstrip("=")


def _read(token: str) -> str:
    """The e-mail of a token; nobody's if it is none."""
    shown = token.partition(".")[0]
    try:
        return urlsafe_b64decode(shown + "=" * (-len(shown) % 4)).decode()
    except ValueError:
        return ""
