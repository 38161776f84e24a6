"""Statements of account: what a marketplace sold and an institution taught, period by period.

A balance is what the party holds in the books: a marketplace the commissions that it keeps, an institution
what it got of the payments for its courses.  In each period the opening balance and the movements add up
to the closing balance.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.programme.records import Course, Payment
from prakerja_sim.simulator.programme.training_records import Redeemable, RedeemStatus, Training
from prakerja_sim.simulator.world.records import Transfer
from prakerja_sim.simulator.world.store import Unit

PERIODS: dict[str, Callable[[datetime], str]] = {
    "day": lambda at: f"{at:%Y-%m-%d}",
    "month": lambda at: f"{at:%Y-%m}",
    "year": lambda at: f"{at:%Y}",
}
"""The name of the period in which something happened, in WIB."""


class Moved(Struct):
    """How many, and of how many rupiah together."""

    count: int = 0
    amount: int = 0


class Period(Struct):
    """One row of a statement."""

    period: str
    opening: int
    moved: dict[str, Moved]
    closing: int


class Statement(Struct):
    """One party's periods, oldest first; a period in which nothing happened is left out."""

    party: str
    role: str
    """marketplace or institution."""
    periods: list[Period]


Movement = tuple[datetime, str, int]
"""When, what and how much."""
COLUMNS = {
    "marketplace": ("orders", "payments", "passed_on", "given_back", "voids", "vouchers", "redemptions"),
    "institution": ("sold", "received", "given_back", "voids", "redemptions", "reported"),
}
BALANCED = {
    "marketplace": {"payments": 1, "passed_on": -1, "given_back": 1, "voids": -1},
    "institution": {"received": 1, "given_back": -1},
}
"""What changes a party's balance, and which way."""


AT_MARKETPLACES = {
    "purchase": {"target": "payments"},
    "passed_on": {"source": "passed_on"},
    "given_back": {"target": "given_back"},
    "void": {"source": "voids"},
}
AT_INSTITUTIONS = {"passed_on": {"target": "received"}, "given_back": {"source": "given_back"}}
"""The movement of a transfer of an event, at the owner of its source or target."""


def statements(world: Unit, *, by: str = "month", party: str | None = None) -> list[Statement]:
    """The statements of all parties, or of one, by day, month or year; marketplaces come first."""
    roles = [("marketplace", _marketplaces(world)), ("institution", _institutions(world))]
    return [
        Statement(whose, role, list(_periods(role, movements, PERIODS[by])))
        for role, parties in roles
        for whose, movements in sorted(parties.items())
        if party is None or whose == party
    ]


def _marketplaces(world: Unit) -> dict[str, list[Movement]]:
    """Orders and vouchers as the marketplace keeps them, the money as the books have it."""
    moved: defaultdict[str, list[Movement]] = defaultdict(list)
    totals: dict[str, int] = {}
    for order in world.find(Order):
        totals[order.id] = order.total.amount
        moved[order.marketplace].append((order.ordered_at, "orders", order.total.amount))
    for t in world.log(Transfer):
        for account, what in AT_MARKETPLACES.get(t.event, {}).items():
            family, _, whose = getattr(t, account).partition(":")
            if family == "platform":
                moved[whose].append((t.at, what, t.amount))
    for voucher in world.find(Voucher):
        worth = totals.get(voucher.order, 0)
        moved[voucher.marketplace].append((voucher.issued_at, "vouchers", worth))
        if voucher.redeemed_at is not None:
            moved[voucher.marketplace].append((voucher.redeemed_at, "redemptions", worth))
    return moved


def _institutions(world: Unit) -> dict[str, list[Movement]]:
    """Sales, voids and used redeem codes of an institution's courses at their price, and the money it got."""
    moved: defaultdict[str, list[Movement]] = defaultdict(list)
    teaches: dict[str, str] = {course.code: course.institution for course in world.find(Course)}
    worth: dict[tuple[str, str], int] = {}
    for payment in world.find(Payment):
        if payment.paid_at is None or payment.invoice is None:
            continue
        mine, amount = moved[teaches[payment.course]], payment.amount.amount
        worth[payment.marketplace, payment.invoice] = amount
        mine.append((payment.paid_at, "sold", amount))
        if payment.voided_at is not None:
            mine.append((payment.voided_at, "voids", amount))
    for t in world.log(Transfer):
        for account, what in AT_INSTITUTIONS.get(t.event, {}).items():
            moved[getattr(t, account).partition(":")[2]].append((t.at, what, t.amount))
    for code in world.find(Redeemable):
        used = code.status is RedeemStatus.REDEEMED and code.card is not None
        if used and code.redeemed_at is not None:
            amount = worth[code.marketplace, code.invoice]
            moved[code.institution].append((code.redeemed_at, "redemptions", amount))
    for training in world.find(Training):
        if training.finished_at is not None:
            amount = worth[training.marketplace, training.invoice]
            moved[teaches[training.course]].append((training.finished_at, "reported", amount))
    return moved


def _periods(role: str, movements: Iterable[Movement], called: Callable[[datetime], str]) -> Iterator[Period]:
    rows: dict[str, dict[str, Moved]] = {}
    for at, what, amount in sorted(movements):
        row = rows.setdefault(called(at), {column: Moved() for column in COLUMNS[role]})
        row[what].count += 1
        row[what].amount += amount
    balance = 0
    for period, row in rows.items():
        opening = balance
        balance += sum(row[what].amount * sign for what, sign in BALANCED[role].items())
        yield Period(period, opening, row, balance)
