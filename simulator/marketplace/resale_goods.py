"""The goods that distributors resell: training classes, and the goods of the public sandbox.

A class's product code is `prakerja-` and the course's code (inferred).  The other goods, and the customers'
numbers with a meaning, are those of the real playground, as public clients expect them (seen).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from prakerja_sim.simulator.programme import catalogue
from prakerja_sim.simulator.programme.records import Course, Schedule
from prakerja_sim.simulator.values.money import ZERO, Rupiah
from prakerja_sim.simulator.world.store import Unit

CLASS_PREFIX = "prakerja-"


class Kind(StrEnum):
    """What a good is, and so what its buyer gets."""

    CLASS = "class"
    TOP_UP = "top_up"
    TOKEN = "token"
    """For an electricity meter: twenty digits that are typed in."""
    BILL = "bill"
    """Its amount is the customer's; any amount is taken, and a fee is part of it."""


@dataclass(frozen=True, slots=True)
class Good:
    """Something that a distributor may order."""

    code: str
    name: str
    kind: Kind
    price: Rupiah
    """Of a bill: with its fee, when nobody says another amount."""
    admin_fee: Rupiah = ZERO
    """The part of a bill that its biller does not get."""
    partner_fee: Rupiah = ZERO
    """What the distributor earns, as the answers tell it; the books know no such fee (simulated)."""
    course: Course | None = None
    schedule: Schedule | None = None

    @property
    def is_bill(self) -> bool:
        """Whether its amount depends on the customer."""
        return self.kind is Kind.BILL


BILL, FEE = Rupiah(27_500), Rupiah(2_500)
"""What every bill comes to, and the fee in it (seen for electricity)."""
SANDBOX: Mapping[str, Good] = {
    good.code: good
    for good in (
        Good("25k-xl", "XL 25,000", Kind.TOP_UP, Rupiah(24_913)),
        Good("25k-three", "Three 25,000", Kind.TOP_UP, Rupiah(25_100)),
        # The price of the largest token is seen, those of the others follow from it.
        Good("pln-prepaid-token-50k", "Token Listrik PLN 50,000", Kind.TOKEN, Rupiah(52_500)),
        Good("pln-prepaid-token-50k-sat", "Token Listrik PLN 50,000 SAT", Kind.TOKEN, Rupiah(52_500)),
        Good("pln-prepaid-token-100k", "Token Listrik PLN 100,000", Kind.TOKEN, Rupiah(102_500)),
        Good("pln-postpaid", "PLN Pascabayar", Kind.BILL, BILL, FEE, Rupiah(1_000)),
        Good("speedy-indihome", "IndiHome", Kind.BILL, BILL, FEE, Rupiah(2_000)),
    )
}
"""The goods of the public sandbox by their codes, as it lists them."""
FAILING = frozenset({("pln-postpaid", "2121212")})
"""Good and customer's number whose orders fail."""
BROKEN = frozenset({("speedy-indihome", "102111496000")})
"""Good and customer's number about which an inquiry breaks the service."""


def find(world: Unit, *, code: str) -> Good | None:
    """The good of that code."""
    if not code.startswith(CLASS_PREFIX):
        return SANDBOX.get(code)
    course = world.get(Course, code.removeprefix(CLASS_PREFIX))
    return _class(world, course) if course is not None else None


def all_of(world: Unit) -> list[Good]:
    """All goods, those of the public sandbox first."""
    return [*SANDBOX.values(), *(_class(world, course) for course in world.find(Course))]


def is_open(world: Unit, good: Good) -> bool:
    """Whether a class has a free seat and has not begun; what is no class always is."""
    if good.schedule is None:
        return good.course is None
    begun = good.schedule.starts is not None and world.now >= good.schedule.starts
    return not begun and catalogue.free_seats(world, good.schedule.code) > 0


def has_meaning(world: Unit, numbers: frozenset[tuple[str, str]], good: str, client_number: str) -> bool:
    """Whether good and number are among these; with the setting `magic` off none has a meaning."""
    return world.settings.magic and (good, client_number) in numbers


def _class(world: Unit, course: Course) -> Good:
    schedule = catalogue.schedule_of(world, course=course.code)
    code = CLASS_PREFIX + course.code
    return Good(code, course.title, Kind.CLASS, course.price, course=course, schedule=schedule)
