"""What each party keeps of a purchase, for reconciliation: the marketplace's orders and vouchers, Prakerja's
payments and trainings, the institution's learners, and the books.
"""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

import orjson
from msgspec import Struct

from prakerja_sim.simulator.institution.records import Enrolment
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.programme.records import Course, Payment
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Due, Entry
from prakerja_sim.simulator.world.schedule import EVENTS
from prakerja_sim.simulator.world.store import Unit


class PartyRecords(Struct, frozen=True):
    """All parties' records, read once; orders and payments by (marketplace, invoice)."""

    orders: dict[tuple[str, str], Order]
    payments: dict[tuple[str, str], Payment]
    vouchers: dict[str, list[Voucher]]
    """By order."""
    opened: dict[str, Enrolment]
    """By voucher."""
    trainings: dict[tuple[str, str], Training]
    redeemed: Counter[str]
    """How often each voucher was redeemed, as the journal has it."""
    booked: Counter[tuple[str, str]]
    """What cards paid for each invoice of a marketplace, less what they got back, as the journal has it."""
    waits: dict[str, datetime]
    """Until when whoever asked another party about an order or a voucher waits, before it asks again."""
    prices: dict[str, Rupiah]
    """What each course costs, by its code."""
    balances: dict[str, int]
    """The balances of the books."""

    @property
    def selling(self) -> set[str]:
        """The marketplaces that keep orders here."""
        return {marketplace for marketplace, _ in self.orders}

    @property
    def by_id(self) -> dict[str, Order]:
        """All orders by their number."""
        return {order.id: order for order in self.orders.values()}

    @property
    def codes(self) -> dict[str, Voucher]:
        """All vouchers by their code."""
        return {voucher.code: voucher for held in self.vouchers.values() for voucher in held}

    @property
    def teaching(self) -> set[str]:
        """The institutions that keep learners here."""
        return {one.institution for one in self.opened.values()}


def read(world: Unit) -> PartyRecords:
    """Read all records once."""
    vouchers: defaultdict[str, list[Voucher]] = defaultdict(list)
    for voucher in world.find(Voucher):
        vouchers[voucher.order].append(voucher)
    invoiced = ((one, one.invoice) for one in world.find(Payment))
    entries = world.log(Entry)
    return PartyRecords(
        orders={(order.marketplace, order.invoice): order for order in world.find(Order)},
        payments={(one.marketplace, invoice): one for one, invoice in invoiced if invoice is not None},
        vouchers=vouchers,
        opened={one.key: one for one in world.find(Enrolment)},
        trainings={(one.marketplace, one.invoice): one for one in world.find(Training)},
        redeemed=_redeemed(entries),
        booked=_booked(entries),
        waits={due.about: due.at for due in world.find(Due, done=False) if EVENTS[due.event].resumes},
        prices={course.code: course.price for course in world.find(Course)},
        balances={account.name: account.balance for account in world.find(Account)},
    )


def _redeemed(entries: list[Entry]) -> Counter[str]:
    """How often each voucher went into an account of redeemed ones, by the command that did it."""
    times: Counter[str] = Counter()
    for entry in entries:
        if '"redeemed:' in entry.transfers:
            arguments: dict[str, Any] = orjson.loads(entry.arguments)
            times[str(arguments.get("code"))] += 1
    return times


def _booked(entries: list[Entry]) -> Counter[tuple[str, str]]:
    """What went from a card to a marketplace and back, by the invoice that the command named."""
    paid: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        if '"purchase"' not in entry.transfers and '"void"' not in entry.transfers:
            continue
        arguments: dict[str, Any] = orjson.loads(entry.arguments)
        key = str(arguments.get("marketplace")), str(arguments.get("invoice"))
        for _, source, target, amount in orjson.loads(entry.transfers):
            if source.startswith("card:") and target.startswith("platform:"):
                paid[key] += amount
            elif source.startswith("platform:") and target.startswith("card:"):
                paid[key] -= amount
    return paid
