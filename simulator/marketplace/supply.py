"""A paid order's voucher that its institution is to supply: asked for, asked about, retried, else paid back.

A failed call is made again up to five times or for ninety minutes, then the buyer gets his money back
at once (documented).  Suppliers are asked every five minutes whether they are there, if it is set.
"""

import re
from datetime import timedelta

from prakerja_sim.simulator.marketplace import lifecycle
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
FORM = re.compile(r"[A-Za-z0-9-]{4,64}")
"""What a supplier's voucher may look like; anything else cannot be shown to a buyer."""
MOST_OF_AN_ANSWER = 200


@command("supplies.want")
def want(world: Unit, *, order: str, transaction: str) -> Supply:
    """A paid order needs its voucher from now on."""
    found = world.need(Order, order)
    course = world.need(Course, found.course)

    world.subject = f"shopper:{found.shopper}"
    wanted = Supply(
        found.id,
        course.institution,
        TransactionCode(transaction),
        SupplyStatus.WANTED,
        world.now,
        world.now,
    )
    world.put(wanted)
    if world.settings.supplier_health_checks and world.get(SupplierHealth, course.institution) is None:
        world.put(SupplierHealth(course.institution, world.now + AGAIN))
        schedule.schedule(world, world.now + AGAIN, "supplier_health_check", course.institution)
    return wanted


@command("supplies.note")
def note(world: Unit, *, order: str, code: str, message: str, voucher: str, paid: bool) -> Supply:
    """Note what the supplier said, and when to ask again; what has ended stays as it is."""
    kept = world.need(Supply, order)
    if kept.status not in OPEN:
        return kept

    world.subject = f"shopper:{world.need(Order, order).shopper}"
    attempts = kept.attempts + paid
    age = world.now - kept.wanted_at
    if code == UNDER_WAY:
        over = age >= timedelta(seconds=world.settings.supplier_patience)
    else:
        over = attempts >= MOST_ATTEMPTS or age >= LONGEST
    event = _event(code, good=_is_free(world, voucher), over=over)
    status = lifecycle.SUPPLY[kept.status, event]
    noted = kept.but(
        status=status,
        attempts=attempts,
        next_at=world.now + (LATER if code == UNDER_WAY and age >= GROWS_AFTER else AGAIN),
        told=f"{code} {message}"[:MOST_OF_AN_ANSWER],
        voucher=VoucherCode(voucher) if event is Event.DELIVER else None,
    )
    world.put(noted)
    if event is not Event.DELIVER:
        schedule.schedule(world, noted.next_at, "supply_inquiry", order)
    return noted


def due(world: Unit, *, order: str) -> Order | None:
    """The paid order, if its supplier, or its refund, is to be asked for again now."""
    kept, found = world.need(Supply, order), world.need(Order, order)
    return found if kept.next_at <= world.now and found.status is OrderStatus.PENDING else None


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
    """Whether a supplier is to be asked now whether it is there."""
    return world.need(SupplierHealth, institution).next_at <= world.now


@command("supplier_health.note")
def note_health(world: Unit, *, institution: str, told: str) -> SupplierHealth:
    """Note what was said, and when to ask again."""
    kept = world.need(SupplierHealth, institution)

    world.subject = f"supplier:{institution}"
    noted = kept.but(checked_at=world.now, next_at=world.now + AGAIN, told=told)
    world.put(noted)
    schedule.schedule(world, noted.next_at, "supplier_health_check", institution)
    return noted


def _event(code: str, *, good: bool, over: bool) -> Event:
    """What a response code makes of a supply; a voucher that cannot be handed out is none."""
    if code == SUCCESS and good:
        return Event.DELIVER
    if over or code not in (SUCCESS, UNDER_WAY, *TRIED_AGAIN):
        return Event.GIVE_UP
    return Event.TAKE_UP if code == UNDER_WAY else Event.MISS


def _is_free(world: Unit, voucher: str) -> bool:
    return bool(FORM.fullmatch(voucher)) and world.get(Voucher, voucher) is None


schedule.job("supply_inquiry", done="a voucher's supplier, or Prakerja for its refund, is asked again")
schedule.job("supplier_health_check", done="a supplier is asked whether it is there")
