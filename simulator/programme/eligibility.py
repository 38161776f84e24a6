"""What the rules of a purchase are judged by, and how they judge it before anything is sent."""

from datetime import timedelta
from itertools import islice

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.programme import catalogue, rules
from prakerja_sim.simulator.programme.records import BoundAccount, Course, Participant, Schedule
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.ids import CourseCode, PartyCode, ScheduleCode
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.refusals import Judged, broken, judged
from prakerja_sim.simulator.world.store import Unit


def may_buy(
    world: Unit, *, marketplace: PartyCode, card: str, user: str, course: str, schedule: str, amount: int
) -> list[Judged]:
    """How every rule of a purchase judges it as things stand now; nothing is sent."""
    participant = world.get(Participant, card)
    return judged(facts(world, marketplace, participant, user, course, schedule, amount))


def buyers(world: Unit, *, most: int | None = None) -> list[Participant]:
    """Who could pay for some course now, at its price; no more than `most` of them."""
    offers = [(run.course, run.code, world.need(Course, run.course).price) for run in world.find(Schedule)]
    able = (one for one in world.find(Participant) if _can_buy(world, one, offers))
    return list(islice(able, most))


def _can_buy(
    world: Unit, participant: Participant, offers: list[tuple[CourseCode, ScheduleCode, Rupiah]]
) -> bool:
    left = ledger.balance(world, bookings.card(participant.card))
    affordable = (offer for offer in offers if offer[2].amount <= left)  # most people have nothing left
    return any(
        broken(facts(world, PartyCode(""), participant, "", course, run, price.amount)) is None
        for course, run, price in affordable
    )


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
