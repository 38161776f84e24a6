"""The password of a Prakerja account: made with the account, or set anew by its owner ("Lupa Password").

That the site asks for the e-mail, the NIK or the phone is known; that a link goes to the account's e-mail,
how long it is valid and that a new password ends every older login is simulated.
"""

from datetime import timedelta
from hmac import compare_digest

from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.records import AccountPassword, Participant
from prakerja_sim.simulator.values import chance, emails, phones
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX, UNAMBIGUOUS, CardNumber
from prakerja_sim.simulator.world import logins, messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

SENDER = "PRAKERJA"


def login_of(card: str) -> str:
    """How the logins of a participant's account are named; see `simulator.world.logins`."""
    return f"prakerja/{card}"


def first_password(world: Unit, *, card: str) -> str:
    """The password that a synthetic participant's account began with."""
    return chance.code(UNAMBIGUOUS, 10, world.seed, "password", card)


def known_password(world: Unit, *, card: str) -> str | None:
    """The password of an account for its tester; None if its owner has set another one."""
    kept = world.get(AccountPassword, card)
    return None if kept is not None and kept.digest else first_password(world, card=card)


def of_email(world: Unit, *, email: str) -> Participant | None:
    """Whose account an e-mail is, in any spelling; of several enrolments the latest."""
    return _latest(world.find(Participant, email=emails.canonical(email)))


def is_right(world: Unit, *, card: str, password: str) -> bool:
    """Whether that is the account's password now; for a card that is none it takes the same time."""
    kept = world.get(AccountPassword, card)
    first = logins.digest(world, account=card, password=first_password(world, card=card))
    right = kept.digest if kept is not None and kept.digest else first
    return compare_digest(right, logins.digest(world, account=card, password=password))


@command("account_password.send_link")
def send_link(world: Unit, *, account: str, page: str) -> None:
    """Mail a link to a new password to the owner of an e-mail, NIK or phone; it replaces any older link.

    Whoever is not known gets nothing.
    """
    participant = _named(world, account)
    if participant is None:
        return
    kept = world.get(AccountPassword, participant.card) or AccountPassword(participant.card)

    world.subject = subject(participant.card)
    life = timedelta(seconds=world.settings.reset_link_lifetime)
    kept = kept.but(links=kept.links + 1, link_until=world.now + life)
    world.put(kept)
    messages.mail(
        world,
        participant.email,
        SENDER,
        "Lupa password akun Prakerja",
        f"Halo {participant.name},\nBuka tautan ini untuk membuat password baru: "
        f"{page}?kode={_code(world, kept)}\n"
        f"Berlaku {life // timedelta(minutes=1)} menit dan hanya sekali. Abaikan e-mail ini jika Anda tidak "
        "memintanya.",
    )


@refuses(Reason.RESET_LINK_OVER)
def holder_of_link(world: Unit, *, code: str) -> AccountPassword:
    """The account of a link; raises RESET_LINK_OVER for an unknown, used, replaced or expired one."""
    kept = world.get(AccountPassword, code.partition(".")[0])
    if kept is None or kept.link_until is None or world.now > kept.link_until:
        until = kept.link_until if kept is not None else None
        raise Rejected(Reason.RESET_LINK_OVER, unsaid={"valid_until": until, "opened_at": world.now})
    if not compare_digest(_code(world, kept).encode(), code.encode()):
        raise Rejected(Reason.RESET_LINK_OVER, unsaid={"link": "not the last one that was sent"})
    return kept


@command("account_password.change")
@refuses(holder_of_link)
def change(world: Unit, *, code: str, password: str) -> CardNumber:
    """Replace a forgotten password with a digest's, by a link's code; every login of the account ends."""
    kept = holder_of_link(world, code=code)

    logins.end(world, holder=login_of(kept.card))
    world.subject = subject(kept.card)
    world.put(kept.but(digest=password, link_until=None))
    return kept.card


def _named(world: Unit, account: str) -> Participant | None:
    """Whose e-mail, NIK or phone that is, in any spelling; of several enrolments the latest."""
    by_nik = world.find(Participant, nik=account)
    by_phone = world.find(Participant, phone=phones.national(account))
    return of_email(world, email=account) or _latest(by_nik or by_phone)


def _latest(people: list[Participant]) -> Participant | None:
    return max(people, key=lambda one: (one.enrolled_at, one.card)) if people else None


def _code(world: Unit, kept: AccountPassword) -> str:
    return f"{kept.card}.{chance.code(HEX, 32, world.seed, 'account link', kept.card, kept.links)}"
