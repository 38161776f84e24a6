"""A paid order's voucher that its institution supplies: ordered, asked about, retried, or paid back.

A failed call is made again up to five times or for ninety minutes, then the buyer gets his money back
at once (documented).  If the setting says so, suppliers get a health check every five minutes.
"""

import re
from datetime import timedelta

from prakerja_sim.simulator.marketplace import lifecycle, paying
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Voucher
from prakerja_sim.simulator.marketplace.supply_records import SupplierHealth, Supply, SupplyStatus
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.ids import TransactionCode, VoucherCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

MOST_ATTEMPTS = 5
LONGEST = timedelta(minutes=90)
AGAIN, LATER = timedelta(minutes=5), timedelta(minutes=15)
GROWS_AFTER = timedelta(hours=2)
"""Then an order that is under way is asked about every fifteen minutes ("after some hours")."""
OPEN = (SupplyStatus.WANTED, SupplyStatus.UNDER_WAY)
SUCCESS, UNDER_WAY, UNKNOWN = "00", "01", "12"
"""The supplier's response codes."""
TRIED_AGAIN = ("02", UNKNOWN, "13", "30", "31", "40", "41")
"""After these it is asked again; after any other the money goes back."""
SILENCE = "40"
VOUCHER_PATTERN = re.compile(r"[A-Za-z0-9-]{4,64}")
"""A supplier's voucher must match it; no other text can be shown to a buyer."""
MOST_OF_AN_ANSWER = 200


@command("supplies.want")
def want(world: Unit, *, order: str, transaction: str) -> Supply:
    """A paid order needs its voucher from now on; the clock asks for it if the first call is cut short."""
    record = world.need(Order, order)
    course = world.need(Course, record.course)

    world.subject = f"shopper:{record.shopper}"
    world.put(paying.answered(world, record))
    schedule.schedule(world, world.now + AGAIN, "supply_inquiry", order)
    supply = Supply(
        record.id,
        course.institution,
        TransactionCode(transaction),
        SupplyStatus.WANTED,
        world.now,
        world.now,
    )
    world.put(supply)
    if world.settings.supplier_health_checks and world.get(SupplierHealth, course.institution) is None:
        world.put(SupplierHealth(course.institution, world.now + AGAIN))
        schedule.schedule(world, world.now + AGAIN, "supplier_health_check", course.institution)
    return supply


@command("supplies.note")
def note(world: Unit, *, order: str, code: str, message: str, voucher: str, paid: bool) -> Supply:
    """Note the supplier's answer, and when to ask again; a supply that has ended stays as it is."""
    supply = world.need(Supply, order)
    if supply.status not in OPEN:
        return supply

    world.subject = f"shopper:{world.need(Order, order).shopper}"
    attempts = supply.attempts + paid
    age = world.now - supply.wanted_at
    if code == UNDER_WAY:
        over = age >= timedelta(seconds=world.settings.supplier_patience)
    else:
        over = attempts >= MOST_ATTEMPTS or age >= LONGEST
    event = _event(code, good=_is_free(world, voucher), over=over)
    status = lifecycle.SUPPLY[supply.status, event]
    noted = supply.but(
        status=status,
        attempts=attempts,
        next_at=world.now + (LATER if code == UNDER_WAY and age >= GROWS_AFTER else AGAIN),
        told=f"{code} {message}"[:MOST_OF_AN_ANSWER],
        voucher=VoucherCode(voucher) if event is Event.DELIVER else None,
    )
    world.put(noted)
    schedule.cancel(world, supply.wanted_at + AGAIN, "supply_inquiry", order)
    if event is Event.DELIVER:
        paying.planned(world, world.need(Order, order))  # the voucher is still to be issued
    else:
        schedule.schedule(world, noted.next_at, "supply_inquiry", order)
    return noted


def due(world: Unit, *, order: str) -> Order | None:
    """The paid order, if the marketplace must ask for its voucher, or for its refund, again now."""
    supply, record = world.need(Supply, order), world.need(Order, order)
    return record if supply.next_at <= world.now and record.status is OrderStatus.PENDING else None


@command("supplies.ask_later")
def ask_later(world: Unit, *, order: str) -> None:
    """Ask again later, if nobody answered and the order still waits for its voucher or its refund."""
    if due(world, order=order) is None:
        return

    world.subject = f"shopper:{world.need(Order, order).shopper}"
    later = world.need(Supply, order).but(next_at=world.now + AGAIN)
    world.put(later)
    schedule.schedule(world, later.next_at, "supply_inquiry", order)


def is_health_due(world: Unit, *, institution: str) -> bool:
    """Whether it is time for a supplier's health check."""
    return world.need(SupplierHealth, institution).next_at <= world.now


@command("supplier_health.note")
def note_health(world: Unit, *, institution: str, told: str) -> SupplierHealth:
    """Note a health check's answer, and when to ask again."""
    health = world.need(SupplierHealth, institution)

    world.subject = f"supplier:{institution}"
    noted = health.but(checked_at=world.now, next_at=world.now + AGAIN, told=told)
    world.put(noted)
    schedule.schedule(world, noted.next_at, "supplier_health_check", institution)
    return noted


def _event(code: str, *, good: bool, over: bool) -> Event:
    """The event that a response code stands for; a voucher that cannot be given to a buyer is no voucher."""
    if code == SUCCESS and good:
        return Event.DELIVER
    if over or code not in (SUCCESS, UNDER_WAY, *TRIED_AGAIN):
        return Event.GIVE_UP
    return Event.TAKE_UP if code == UNDER_WAY else Event.MISS


def _is_free(world: Unit, voucher: str) -> bool:
    return bool(VOUCHER_PATTERN.fullmatch(voucher)) and world.get(Voucher, voucher) is None


schedule.job(
    "supply_inquiry",
    done="a voucher's supplier, or Prakerja for its refund, is asked again",
    resumes=True,
)
schedule.job("supplier_health_check", done="a supplier is asked whether it is there")
