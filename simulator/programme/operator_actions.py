"""Actions of the operator or an institution that participants did not ask for.

An account is blocked or freed (F44), a course's content is withdrawn after it was sold (F19), all
payouts pause for an evaluation (F51).
"""

from datetime import datetime

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.records import Course, Participant, Pause
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

PAYOUTS = "payouts"


@command("operator.block")
@refuses(Reason.PERSON_UNKNOWN)
def block(world: Unit, *, card: str, blocked: bool) -> Participant:
    """Block a participant's account, or free it: no login and no purchase, the balance stays (R03)."""
    participant = world.get(Participant, card)
    if participant is None:
        raise Rejected(Reason.PERSON_UNKNOWN, card=card)

    world.subject = subject(participant.card)
    changed = participant.but(blocked=blocked)
    world.put(changed)
    return changed


@command("operator.withdraw_content")
@refuses(Reason.COURSE_UNKNOWN)
def withdraw_content(world: Unit, *, course: str) -> Course:
    """An institution withdraws its lessons; the money that was paid for them does not go back (F19)."""
    record = world.get(Course, course)
    if record is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)

    withdrawn = record.but(withdrawn=True)
    world.put(withdrawn)
    return withdrawn


@command("operator.change_course")
@refuses(Reason.COURSE_UNKNOWN, Reason.QUOTA_EXHAUSTED)
def change_course(
    world: Unit,
    *,
    course: str,
    price: Rupiah | None = None,
    quota: int | None = None,
    withdrawn: bool | None = None,
) -> Course:
    """Change a course on sale: its price from now on, all seats of its schedule, its lessons.

    Fewer seats than are sold are refused; an order that was placed before keeps its price.
    """
    record = world.get(Course, course)
    schedule = catalogue.schedule_of(world, course)
    if record is None or schedule is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)
    free = catalogue.free_seats(world, schedule.code)
    sold = schedule.capacity - free
    if quota is not None and quota < sold:
        raise Rejected(Reason.QUOTA_EXHAUSTED, course=course, quota=quota, sold=sold)

    changed = record.but(
        price=record.price if price is None else price,
        withdrawn=record.withdrawn if withdrawn is None else withdrawn,
    )
    if changed != record:
        world.put(changed)
    more = 0 if quota is None else quota - schedule.capacity
    if more:
        world.put(schedule.but(capacity=schedule.capacity + more))
        move = bookings.listing if more > 0 else bookings.unlisting
        ledger.book(world, "listing", move(schedule.code, abs(more)))
    return changed


@command("operator.pause_payouts")
def pause_payouts(world: Unit, *, until: datetime) -> Pause:
    """From now on no instalment is sent before that time; what is due earlier is sent then (F51)."""
    pause = Pause(PAYOUTS, until)
    world.put(pause)
    return pause
