"""The goods that distributors resell: training classes, and two kinds of bills that their tests use.

A class's product code is `prakerja-` and the course's code (inferred).  A bill's amount follows from
the seed and the customer's number; the numbers with a meaning were seen on the real playground.
"""

from dataclasses import dataclass

from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, Schedule
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.store import Unit

CLASS_PREFIX = "prakerja-"
BILLS = {"pln-postpaid": "PLN Pascabayar", "speedy-indihome": "IndiHome"}
FAILING = {("pln-postpaid", "2121212")}
"""Product and customer's number whose orders fail."""


@dataclass(frozen=True, slots=True)
class Good:
    """Something that a distributor may order."""

    code: str
    name: str
    course: Course | None = None
    schedule: Schedule | None = None

    @property
    def is_bill(self) -> bool:
        """Whether its price depends on a customer's number."""
        return self.course is None


def find(world: Unit, *, code: str) -> Good | None:
    """The good of that code."""
    if code in BILLS:
        return Good(code, BILLS[code])
    if not code.startswith(CLASS_PREFIX):
        return None
    course = world.get(Course, code.removeprefix(CLASS_PREFIX))
    return _class(world, course) if course is not None else None


def all_of(world: Unit) -> list[Good]:
    """All goods, bills first."""
    bills = [Good(code, name) for code, name in BILLS.items()]
    return bills + [_class(world, course) for course in world.find(Course)]


def price(world: Unit, good: Good, client_number: str) -> Rupiah:
    """What a good costs for a customer's number."""
    if good.course is not None:
        return good.course.price
    return Rupiah(50_000 + 500 * chance.below(400, world.seed, "bill", good.code, client_number))


def is_open(world: Unit, good: Good) -> bool:
    """Whether a class has a free seat and has not begun; bills always are."""
    if good.schedule is None:
        return good.is_bill
    begun = good.schedule.starts is not None and world.now >= good.schedule.starts
    return not begun and catalogue.free_seats(world, good.schedule.code) > 0


def _class(world: Unit, course: Course) -> Good:
    schedule = catalogue.schedule_of(world, course=course.code)
    return Good(CLASS_PREFIX + course.code, course.title, course, schedule)
