"""What the clock does: revocations, cut-offs, certificates and transfers, in the order of time.

Each event is a unit of work of its own and does nothing when done twice, so a sweep that was
interrupted is simply run again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from prakerja_sim.simulator import (
    bookings,
    calendar,
    complaints,
    completion,
    enrolment,
    explained,
    incentives,
    ledger,
    lifecycle,
    outbox,
    partners,
)
from prakerja_sim.simulator.bookings import Move
from prakerja_sim.simulator.commands import command
from prakerja_sim.simulator.enrolment import subject
from prakerja_sim.simulator.errors import Reason, Rejected
from prakerja_sim.simulator.lifecycle import Event
from prakerja_sim.simulator.records import Clock, Due, Membership, Participant
from prakerja_sim.simulator.store import Unit


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that the clock did."""

    at: datetime
    event: str
    about: str
    whom: str = ""
    """Whose chain of the journal it went into, masked."""
    rules: tuple[str, ...] = ()
    """The ids of the rules that made it happen."""
    why: str = ""
    moved: tuple[Move, ...] = ()
    """From which account to which, and how much; cards masked."""


@command("clock.move")
def move_clock(world: Unit, *, to: datetime) -> None:
    """Set the time; it never goes back."""
    check_forward(world, to)
    clock = world.need(Clock, "clock")
    if to != clock.now:
        world.put(clock.but(now=to))


def check_forward(world: Unit, to: datetime) -> None:
    """Refuse a time that has passed."""
    now = world.now
    if to < now:
        raise Rejected(Reason.CLOCK_FORWARD_ONLY, now=now.isoformat(), asked=to.isoformat())


@command("clock.run")
def run_clock(world: Unit, *, scale: int, wall: datetime) -> None:
    """Let so many sandbox seconds pass in a second of wall time, from now on; 0 freezes the clock."""
    clock = world.need(Clock, "clock")
    running = {"wall": wall, "since": clock.now} if scale else {"wall": None, "since": None}
    world.put(clock.but(scale=scale, **running))


@command("due_events.fire")
def fire(world: Unit, *, key: str) -> Happened | None:
    """Move the clock to a due event and let it happen; None if it has happened already."""
    due = world.need(Due, key)
    if due.done:
        return None

    clock = world.need(Clock, "clock")
    if due.at > clock.now:
        world.put(clock.but(now=due.at))
    world.put(due.but(done=True))
    before = len(world.put_records)
    EVENTS[due.event](world, due.about)
    return _told(world, due, changed=len(world.put_records) > before)


def next_due(world: Unit, *, until: datetime | None) -> Due | None:
    """The next event, up to and including an instant, or however far away."""
    return calendar.first_due(world) if until is None else calendar.next_due(world, until)


def _first_purchase_deadline(world: Unit, card: str) -> None:
    """Revoke who bought nothing in time; what is on the card goes back (R07)."""
    participant = world.need(Participant, card)
    world.subject = subject(participant.card)
    if participant.first is None and participant.status is Membership.ACTIVE:
        status = lifecycle.MEMBERSHIP[participant.status, Event.REVOKE]
        participant = participant.but(status=status)
        world.put(participant)
        _lapse(world, participant)
        enrolment.free_place(world, participant.wave)


def _spending_cut_off(world: Unit, card: str) -> None:
    """Close the balance; what is left goes back, and the membership stays (R08)."""
    participant = world.need(Participant, card)
    world.subject = subject(participant.card)
    if not participant.balance_closed:
        participant = participant.but(balance_closed=True)
        world.put(participant)
        _lapse(world, participant)


def _told(world: Unit, due: Due, *, changed: bool) -> Happened:
    """What happened and why, with what it booked."""
    row = explained.why(due.event)
    moved = tuple((explained.account(s), explained.account(t), amount) for _, s, t, amount in world.booked)
    said = row.done if changed else row.nothing
    return Happened(due.at, due.event, due.about, explained.whom(world.subject), row.rules, said, moved)


def _lapse(world: Unit, participant: Participant) -> None:
    left = ledger.balance(world, bookings.card(participant.card))
    if left:
        ledger.book(world, "lapse", bookings.lapse(participant.wave, participant.card, left))


def _only_an_errand(world: Unit, about: str) -> None:
    """What follows happens outside; see `ERRANDS`."""


EVENTS: Mapping[str, Callable[[Unit, str], object]] = {
    "first_purchase_deadline": _first_purchase_deadline,
    "spending_cut_off": _spending_cut_off,
    "balance_loaded": lambda world, about: enrolment.load_balance(world, card=about),
    "recovery_quota": lambda world, about: enrolment.recover(world, wave=int(about)),
    "certificate": lambda world, about: completion.certify(world, transaction=about),
    "incentive_plan": lambda world, about: incentives.plan(world, card=about),
    "incentive_transfer": lambda world, about: incentives.transfer(world, slot=about),
    "ticket_taken_up": lambda world, about: complaints.take_up(world, ticket=about),
    "ticket_answered": lambda world, about: complaints.answer(world, ticket=about),
    "refund_retry": _only_an_errand,
    "errand": _only_an_errand,
    "webhook_retry": lambda world, about: outbox.retry(world, webhook=about),
    "payout_status": lambda world, about: incentives.ask_status(world, slot=about),
    "payout_step": lambda world, about: incentives.proceed(world, slot=about),
    "payout_close_out": lambda world, about: incentives.close_out(world, card=about),
    "credit": lambda world, about: partners.credit(world, reference=about),
}
ERRANDS = frozenset({"errand", "ticket_answered", "refund_retry", "webhook_retry"})
"""After these something may have to be carried to another party, outside any unit of work."""
