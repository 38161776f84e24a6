"""What the clock does after a participant's last day: it revokes the membership or closes the balance."""

from datetime import datetime, timedelta

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.programme import enrolment, lifecycle, notices
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Membership, Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import last_second_of
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit


def buy_first_until(participant: Participant) -> datetime:
    """The last second for the first purchase: the wave's (R06), or a later one after a void (F18)."""
    return participant.rebuy_until or wave(participant.wave).buy_first_until


def after_void(world: Unit, participant: Participant, transaction: str) -> Participant:
    """The participant after a void; for a first training the days to buy one are lengthened (F18)."""
    if participant.unfinished == transaction:
        unfinished = enrolment.next_unfinished(world, participant.card, participant.unfinished)
        participant = participant.but(unfinished=unfinished)
    if participant.first != transaction:
        return participant
    anew = last_second_of(world.now.date() + timedelta(days=world.settings.rebuy_days))
    until = max(buy_first_until(participant), anew)
    return participant.but(first=None, rebuy_until=min(until, wave(participant.wave).spend_until))


@due_event(
    "first_purchase_deadline",
    about="card",
    rules=("R06", "R07"),
    done="no training was bought by the last second: the card is off and the balance goes back",
    nothing="the first training was bought in time: the membership stays",
)
def first_purchase_deadline(world: Unit, *, card: str) -> None:
    """Revoke a participant who bought nothing in time; the money on the card goes back (R07).

    A participant who bought in time and had it taken back stays a member (F18, F42).
    """
    participant = world.need(Participant, card)
    world.subject = subject(participant.card)
    never_bought = participant.first is None and participant.rebuy_until is None
    if never_bought and participant.status is Membership.ACTIVE:
        status = lifecycle.MEMBERSHIP[participant.status, Event.REVOKE]
        participant = participant.but(status=status)
        world.put(participant)
        _lapse(world, participant)
        notices.revoked(world, participant, buy_first_until(participant))
        enrolment.free_place(world, participant.wave)


@due_event(
    "spending_cut_off",
    about="card",
    rules=("R08", "R09"),
    done="the last day to use the balance is over: what is left goes back to the programme",
    nothing="the balance was closed before",
)
def spending_cut_off(world: Unit, *, card: str) -> None:
    """Close the balance; the rest of the money goes back, and the membership stays (R08)."""
    participant = world.need(Participant, card)
    world.subject = subject(participant.card)
    if not participant.balance_closed:
        participant = participant.but(balance_closed=True)
        world.put(participant)
        left = _lapse(world, participant)
        if left and participant.status is Membership.ACTIVE:
            notices.balance_lapsed(world, participant, left)


def _lapse(world: Unit, participant: Participant) -> int:
    """Take back what is left on the card; returns how much that was."""
    left = ledger.balance(world, bookings.card(participant.card))
    if left:
        ledger.book(world, "lapse", bookings.lapse(participant.wave, participant.card, left))
    return left
