"""What the rules of a purchase are judged by, and how they judge it before anything is sent."""

from datetime import timedelta

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.programme import catalogue, rules
from prakerja_sim.simulator.programme.records import BoundAccount, Course, Participant, Schedule
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world.refusals import Judged, broken, judged
from prakerja_sim.simulator.world.store import Unit


def may_buy(
    world: Unit, *, marketplace: PartyCode, card: str, user: str, course: str, schedule: str, amount: int
) -> list[Judged]:
    """How every rule of a purchase judges it as things stand now; nothing is sent."""
    participant = world.get(Participant, card)
    return judged(facts(world, marketplace, participant, user, course, schedule, amount))


def can_buy(world: Unit, *, card: str) -> bool:
    """Whether there is a course that this card could pay for now, at its price."""
    participant = world.get(Participant, card)
    for run in world.find(Schedule):
        course = world.need(Course, run.course)
        about = (PartyCode(""), participant, "", run.course, run.code, course.price.amount)
        if broken(facts(world, *about)) is None:
            return True
    return False


def facts(
    world: Unit,
    marketplace: PartyCode,
    participant: Participant | None,
    user: str,
    course: str,
    schedule: str,
    amount: int,
) -> rules.Purchase:
    """All that the rules of a purchase look at, as things stand now."""
    trainings = world.find(Training, card=participant.card) if participant else []
    bound = world.get(BoundAccount, f"{marketplace}/{user}")
    return rules.Purchase(
        now=world.now,
        course=world.get(Course, course),
        schedule=world.get(Schedule, schedule),
        course_code=course,
        free_seats=catalogue.free_seats(world, schedule),
        participant=participant,
        wave=wave(participant.wave) if participant else None,
        amount=amount,
        balance=ledger.balance(world, bookings.card(participant.card)) if participant else 0,
        bought_before=any(t.course == course and t.status is not TrainingStatus.VOIDED for t in trainings),
        bound_to=bound.card if bound else None,
        sync=timedelta(seconds=world.settings.platform_sync),
        price_check=world.settings.price_check,
        buy_ahead=world.settings.buy_ahead,
    )
