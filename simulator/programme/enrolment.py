"""Becoming a participant: a place in a wave, a card number, a training balance.

Also what comes before the first purchase: the induction videos on the dashboard (R05).
"""

from datetime import date, datetime, timedelta

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.programme import notices
from prakerja_sim.simulator.programme.records import Membership, Participant, Recovery
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.programme.waves import Wave, recovering
from prakerja_sim.simulator.programme.waves import wave as wave_numbered
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.clock import SECOND, midnight
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import DIGITS, CardNumber, Nik, Phone, TransactionCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit

CARD_PREFIX = "9900"
"""Issued numbers begin with it (simulated); numbers with 9999 are cards with a meaning."""


def subject(card: CardNumber) -> str:
    """The journal's chain of a participant."""
    return f"participant:{card}"


def next_unfinished(world: Unit, card: CardNumber, done: TransactionCode) -> TransactionCode | None:
    """The training that comes next, once that one is rated or voided: the earliest that is neither."""
    over = (TrainingStatus.RATED, TrainingStatus.VOIDED)
    left = [t for t in world.find(Training, card=card) if t.status not in over and t.transaction != done]
    return min(left, key=lambda t: (t.bought_at, t.transaction)).transaction if left else None


@command("enrolment.enrol")
@refuses(wave_numbered, Reason.ALREADY_ENROLLED, Reason.WAVE_NOT_ANNOUNCED, Reason.WAVE_OVER)
def enrol(
    world: Unit,
    *,
    wave: int,
    name: str,
    nik: str,
    phone: str,
    email: str,
    born: date,
    education: int = 12,
    late: bool = False,
) -> Participant:
    """Take a person into a wave: grant the balance and set the deadlines.

    This happens once in a lifetime: a NIK that ever had a card gets no other one (R03, R07).  Nobody joins a
    wave before it is announced, or after the last day for the first purchase, except `late`: such a
    participant is revoked already (R06).
    """
    round_ = wave_numbered(wave)
    if world.find(Participant, nik=nik, limit=1):
        raise Rejected(Reason.ALREADY_ENROLLED, nik=nik)
    if world.now < round_.announced:
        announced = round_.announced
        known = announced.isoformat()
        raise Rejected(Reason.WAVE_NOT_ANNOUNCED, over=lambda: announced, wave=wave, announced=known)
    if world.now > round_.buy_first_until and not late:
        raise Rejected(Reason.WAVE_OVER, wave=wave, buy_first_until=round_.buy_first_until.isoformat())
    card = _free_card(world, nik)

    world.subject = subject(card)
    status = Membership.REVOKED if world.now > round_.buy_first_until else Membership.ACTIVE
    participant = Participant(
        card, name, Nik(nik), Phone(phone), email, born, education, wave, status, world.now
    )
    world.put(participant)
    _take_place(world, wave)
    if status is Membership.REVOKED:
        free_place(world, wave)
        return participant
    _award(world, participant, round_)
    return participant


@due_event(
    "balance_loaded",
    about="card",
    rules=("R02",),
    done="the training assistance arrives on the card",
    nothing="the card is off by now",
)
def load_balance(world: Unit, *, card: str) -> None:
    """Put the training assistance on the card, unless it was revoked while it waited (R02, F06)."""
    participant = world.need(Participant, card)
    if participant.status is Membership.REVOKED or participant.balance_closed:
        return

    world.subject = subject(participant.card)
    amount = wave_numbered(participant.wave).scheme.training_balance
    ledger.book(world, "grant", bookings.grant(participant.wave, participant.card, amount))


@command("enrolment.watch_videos")
def watch_videos(world: Unit, *, card: CardNumber) -> None:
    """The three induction videos were watched in full (R05)."""
    participant = world.need(Participant, card)

    world.subject = subject(card)
    if not participant.videos_watched:
        world.put(participant.but(videos_watched=True))


def _award(world: Unit, participant: Participant, round_: Wave) -> None:
    """Set the deadlines, tell the participant, and bring the training assistance."""
    schedule.schedule(world, round_.buy_first_until + SECOND, "first_purchase_deadline", participant.card)
    schedule.schedule(world, round_.spend_until + SECOND, "spending_cut_off", participant.card)
    notices.awarded(world, participant, round_)
    if world.settings.credit_delay:
        loaded_at = world.now + timedelta(seconds=world.settings.credit_delay)
        schedule.schedule(world, loaded_at, "balance_loaded", participant.card)
    else:
        load_balance(world, card=participant.card)


def free_place(world: Unit, wave: int) -> None:
    """A place in a wave was revoked: somebody else can have it when the recovery wave opens (R40)."""
    recovery = recovering(wave)
    if recovery is not None and _opens(recovery) > world.now:
        schedule.schedule(world, _opens(recovery), "recovery_quota", str(recovery.number))


def recover(world: Unit, *, wave: int) -> Recovery:
    """Count the revoked places of the waves that a recovery wave recovers (R40).

    Only the places go to new people, with new cards; no rupiah and no seat moves from person
    to person.
    """
    revoked = [
        participant
        for number in wave_numbered(wave).recovers
        for participant in world.find(Participant, wave=number)
        if participant.status is Membership.REVOKED
    ]

    recovery = Recovery(str(wave), len(revoked), world.now)
    world.put(recovery)
    return recovery


def _opens(recovery: Wave) -> datetime:
    return midnight(recovery.opens) if recovery.opens is not None else recovery.announced


def _take_place(world: Unit, wave: int) -> None:
    recovery = world.get(Recovery, str(wave))
    if recovery is not None and recovery.given < recovery.freed:
        world.put(recovery.but(given=recovery.given + 1))


def _free_card(world: Unit, nik: str) -> CardNumber:
    attempt = 0
    while True:
        number = CardNumber(CARD_PREFIX + chance.code(DIGITS, 12, world.seed, "card", nik, attempt))
        if world.get(Participant, number) is None:
            return number
        attempt += 1


@due_event(
    "recovery_quota",
    about="wave",
    rules=("R40",),
    done="registration of a recovery wave opens: revoked places are given out again as new cards",
)
def _recovery_opens(world: Unit, *, wave: str) -> None:
    recover(world, wave=int(wave))
