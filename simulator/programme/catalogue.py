"""The courses on offer and their seats; one catalogue for all marketplaces."""

from datetime import datetime, timedelta

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX, CourseCode, PartyCode, ScheduleCode
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

UNLIMITED = 1_000_000
"""The seats of a self-paced course; the documented example answers 999980."""


@command("catalogue.list_course")
@refuses(Reason.ALREADY_LISTED)
def list_course(
    world: Unit,
    *,
    code: str,
    title: str,
    category: str,
    institution: str,
    price: Rupiah,
    kind: int = 1,
    quota: int = UNLIMITED,
    starts: datetime | None = None,
    hours: int = 2,
    min_age: int = 18,
    min_education: int = 0,
) -> Schedule:
    """Put a course on sale with one schedule; a webinar needs a start."""
    if world.get(Course, code) is not None:
        raise Rejected(Reason.ALREADY_LISTED, course=code)

    course = Course(
        CourseCode(code),
        title,
        category,
        PartyCode(institution),
        price,
        CourseKind(kind),
        min_age,
        min_education,
    )
    schedule = Schedule(
        ScheduleCode(chance.code(HEX, 16, world.seed, "schedule", code, 1)),
        course.code,
        quota,
        starts,
        starts + timedelta(hours=hours) if starts is not None else None,
    )
    world.put(course)
    world.put(schedule)
    if quota:
        ledger.book(world, "listing", bookings.listing(schedule.code, quota))
    return schedule


def free_seats(world: Unit, schedule: str) -> int:
    """The seats that are left."""
    account = world.get(Account, f"seats:{schedule}")
    return account.balance if account is not None else 0


def schedule_of(world: Unit, course: str) -> Schedule | None:
    """The first schedule of a course."""
    schedules = world.find(Schedule, course=course, limit=1)
    return schedules[0] if schedules else None


def search(world: Unit, *, category: str | None = None, institution: str | None = None) -> list[Course]:
    """The courses of a category, of an institution, or all, by code."""
    if institution is not None:
        courses = world.find(Course, institution=institution)
        return [course for course in courses if category is None or course.category == category]
    return world.find(Course) if category is None else world.find(Course, category=category)
