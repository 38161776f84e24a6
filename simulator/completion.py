"""Finishing: the institution's report, the certificate on the dashboard, rating and review.

A report travels from institution to marketplace to programme and is then checked; each leg
takes working days (R32).  A poor score never matters (R31).
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from simulator import calendar, lifecycle, rules
from simulator.clock import SECOND
from simulator.enrolment import subject
from simulator.errors import Reason, Rejected
from simulator.holidays import working_days_later
from simulator.ids import PartyCode
from simulator.incentive_rules import Rating
from simulator.lifecycle import Event
from simulator.records import Invoice, Participant, Payment, Training, TrainingStatus
from simulator.waves import wave

if TYPE_CHECKING:
    from simulator.store import Unit


def report(world: "Unit", *, marketplace: PartyCode, invoice: str, name: str, score: int) -> Training:
    """A marketplace passes on that an institution has certified somebody.

    The name must be the participant's to the letter (F25), and the cohort's last day to finish
    must not have passed (R39).
    """
    known = world.get(Invoice, f"{marketplace}/{invoice}")
    transaction = world.need(Payment, known.token).transaction if known else None
    training = world.get(Training, transaction) if transaction else None
    if training is None or training.status is TrainingStatus.VOIDED:
        raise Rejected(Reason.PAYMENT_UNKNOWN, invoice=invoice)
    if training.status is not TrainingStatus.BOUGHT:
        return training
    participant = world.need(Participant, training.card)
    if name != participant.name:
        raise Rejected(Reason.NAME_DIFFERS)
    if world.now > wave(participant.wave).finish_until:
        raise Rejected(Reason.TOO_LATE_TO_FINISH)

    world.subject = subject(training.card)
    reported = training.but(
        status=lifecycle.TRAINING[training.status, Event.REPORT],
        finished_at=world.now,
        score=score,
    )
    world.put(reported)
    days = world.settings.report_working_days + world.settings.check_working_days
    calendar.schedule(world, working_days_later(world.now, days), "certificate", training.transaction)
    return reported


def certify(world: "Unit", *, transaction: str) -> None:
    """The certificate shows on the dashboard; from now on the training can be rated."""
    training = world.need(Training, transaction)

    world.subject = subject(training.card)
    status = lifecycle.TRAINING[training.status, Event.CERTIFY]
    world.put(training.but(status=status, certified_at=world.now))


def rate(world: "Unit", *, card: str, transaction: str, stars: int, review: str) -> None:
    """Give stars (1 to 5) and a review on the dashboard, once (R33).

    It opens the next purchase and, for the first training, the way to the incentive.
    """
    participant = world.need(Participant, card)
    training = world.get(Training, transaction)
    rules.check(Rating(world.now, card, wave(participant.wave), training))
    assert training is not None

    world.subject = subject(participant.card)
    status = lifecycle.TRAINING[training.status, Event.RATE]
    world.put(training.but(status=status, rating=stars, review=review, rated_at=world.now))
    world.put(participant.but(unfinished=None))
    if participant.first == transaction:
        round_ = wave(participant.wave)
        if round_.scheme.remainder_days is not None:
            remainder_ends = round_.remainder_until(world.now) + SECOND
            calendar.schedule(world, remainder_ends, "spending_cut_off", participant.card)
        sync = timedelta(seconds=world.settings.incentive_sync)
        calendar.schedule(world, world.now + sync, "incentive_plan", participant.card)
