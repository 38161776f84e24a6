"""Completion: the institution's report, the certificate on the dashboard, rating and review.

A report goes from institution to marketplace to programme and is then checked; each step
takes working days (R32).  A low score never matters (R31).
"""

from datetime import timedelta

from prakerja_sim.simulator.programme import lifecycle, notices
from prakerja_sim.simulator.programme.cohorts import RATED_ON_DASHBOARD_FROM
from prakerja_sim.simulator.programme.enrolment import next_unfinished, subject
from prakerja_sim.simulator.programme.incentive_rules import Rating
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Invoice, Participant, Payment
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.holidays import working_days_later
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import check, refuses
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit


@command("completion.report")
@refuses(Reason.PAYMENT_UNKNOWN, Reason.NAME_DIFFERS, Reason.TOO_LATE_TO_FINISH)
def report(world: Unit, *, marketplace: PartyCode, invoice: str, name: str, score: int) -> Training:
    """A marketplace reports that an institution has certified somebody.

    The name must be the participant's to the letter (F25, R32), and the cohort's last day to
    finish must not have passed (R39).  No score is refused (R31).
    """
    training = _training_of(world, marketplace, invoice)
    if training is None:
        raise Rejected(Reason.PAYMENT_UNKNOWN, invoice=invoice)
    if training.status is not TrainingStatus.BOUGHT:
        return training
    participant = world.need(Participant, training.card)
    if name != participant.name:
        raise Rejected(Reason.NAME_DIFFERS, name=name, unsaid={"registered": participant.name})
    until = wave(participant.wave).finish_until
    if world.now > until:
        raise Rejected(Reason.TOO_LATE_TO_FINISH, finish_until=until, reported_at=world.now)

    world.subject = subject(training.card)
    reported = training.but(
        status=lifecycle.TRAINING[training.status, Event.REPORT],
        finished_at=world.now,
        score=score,
    )
    world.put(reported)
    settings = world.settings
    under_way = max(0, settings.report_working_days - settings.institution_report_working_days)
    days = under_way + settings.check_working_days
    schedule.schedule(world, working_days_later(world.now, days), "certificate", training.transaction)
    return reported


@due_event(
    "certificate",
    about="transaction",
    rules=("R32",),
    done="the report went its way and was checked: the certificate shows",
)
def certify(world: Unit, *, transaction: str) -> None:
    """The certificate appears on the dashboard (R32); a review that was written before counts from now on."""
    training = world.need(Training, transaction)

    world.subject = subject(training.card)
    status = lifecycle.TRAINING[training.status, Event.CERTIFY]
    certified = training.but(status=status, certified_at=world.now)
    world.put(certified)
    notices.certified(world, certified)
    if training.rating is not None:
        _rated(world, certified)


@refuses(Rating)
def check_rating(world: Unit, *, card: str, transaction: str) -> None:
    """Whether a participant may rate a training now."""
    participant = world.need(Participant, card)
    check(Rating(world.now, card, wave(participant.wave), world.get(Training, transaction)))


@command("completion.rate")
@refuses(check_rating)
def rate(world: Unit, *, card: str, transaction: str, stars: int, review: str) -> None:
    """Give stars (1 to 5) and a review on the dashboard, once (R33).

    It allows the next purchase; for the first training only, it also starts the incentives (R21, R22).
    """
    check_rating(world, card=card, transaction=transaction)
    training = world.need(Training, transaction)

    world.subject = subject(training.card)
    _rated(world, training.but(rating=stars, review=review))


@command("completion.take_review")
@refuses(Reason.PAYMENT_UNKNOWN)
def take_review(world: Unit, *, marketplace: PartyCode, invoice: str, stars: int, review: str) -> None:
    """A marketplace reports a review that was written there; before 18 March 2021 it is the rating (R33).

    A review that comes before the certificate counts as soon as the certificate appears.  From
    that day on, and after a first review, a review changes nothing.
    """
    training = _training_of(world, marketplace, invoice)
    if training is None:
        raise Rejected(Reason.PAYMENT_UNKNOWN, invoice=invoice)
    if training.rating is not None or world.now >= RATED_ON_DASHBOARD_FROM:
        return

    world.subject = subject(training.card)
    reviewed = training.but(rating=stars, review=review)
    if training.status is TrainingStatus.CERTIFIED:
        _rated(world, reviewed)
    else:
        world.put(reviewed)


def _training_of(world: Unit, marketplace: PartyCode, invoice: str) -> Training | None:
    """The training of an invoice that was paid and not voided."""
    record = world.get(Invoice, f"{marketplace}/{invoice}")
    transaction = world.need(Payment, record.token).transaction if record else None
    training = world.get(Training, transaction) if transaction else None
    return None if training is None or training.status is TrainingStatus.VOIDED else training


def _rated(world: Unit, training: Training) -> None:
    """Allow the next purchase, and start the incentives after the first training (R16, R21, R22)."""
    participant = world.need(Participant, training.card)
    status = lifecycle.TRAINING[training.status, Event.RATE]
    world.put(training.but(status=status, rated_at=world.now))
    if participant.unfinished == training.transaction:
        unfinished = next_unfinished(world, training.card, training.transaction)
        world.put(participant.but(unfinished=unfinished))
    if participant.first != training.transaction:
        return
    sync = timedelta(seconds=world.settings.incentive_sync)
    schedule.schedule(world, world.now + sync, "incentive_plan", participant.card)
    round_ = wave(participant.wave)
    if round_.scheme.remainder_days is not None:
        remainder_ends = round_.remainder_until(world.now) + SECOND
        schedule.schedule(world, remainder_ends, "spending_cut_off", participant.card)
