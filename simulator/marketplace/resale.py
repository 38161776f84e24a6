"""A distributor's order: paid from his deposit at once; a little later it succeeds, or the money goes back.

A class takes a seat when it is ordered and gives a voucher when the order succeeds.  The programme has
no part in it, so no card is debited and Prakerja gets no certificate.
"""

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.marketplace import deposits, lifecycle, resale_goods, vouchers, webhooks_outbox
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Shopper, Voucher
from prakerja_sim.simulator.marketplace.resale_goods import Kind
from prakerja_sim.simulator.marketplace.supply_records import Resale, ResaleStatus
from prakerja_sim.simulator.marketplace.webhook_records import WebhookTarget
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Schedule
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import (
    ALPHANUMERIC,
    DIGITS,
    InvoiceCode,
    OrderId,
    PartyCode,
    Phone,
    ScheduleCode,
    VoucherCode,
)
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit

HERE = PartyCode("tokopedia")
"""The one marketplace that is known to sell to distributors; what its vouchers and invoices look like."""
VOUCHER_FORMAT = "TKPD??????????"
INVOICE_PREFIX = "TOKPED-SAT-"
EVENT = "sat.order"
"""What its webhooks call the end of a distributor's order."""


@command("resale.place")
@refuses(Reason.REQUEST_REPEATED, Reason.COURSE_UNKNOWN, Reason.AMOUNT_UNFIT, Reason.DEPOSIT_TOO_LOW)
def place(
    world: Unit, *, distributor: str, request: str, product: str, client_number: str, fields: str, amount: int
) -> Resale:
    """Order a good and pay for it; whether the order succeeds is known when it ends.

    An amount of 0 accepts the current price.  Any other amount is what is paid of a bill, and must be equal
    to the price of all other goods.
    """
    key = f"{distributor}/{request}"
    if world.get(Resale, key) is not None:
        raise Rejected(Reason.REQUEST_REPEATED, request=request)
    good = resale_goods.find(world, code=product)
    if good is None:
        raise Rejected(Reason.COURSE_UNKNOWN, product_code=product)
    price = Rupiah(amount) if amount else good.price
    if price != good.price and not good.is_bill:
        raise Rejected(Reason.AMOUNT_UNFIT, amount=price, price=good.price)
    deposit = deposits.balance(world, distributor=distributor)
    if deposit < price.amount:
        raise Rejected(Reason.DEPOSIT_TOO_LOW, deposit=deposit, price=price)

    world.subject = deposits.subject(distributor)
    seat = good.schedule.code if good.schedule is not None and resale_goods.is_open(world, good) else None
    sold = Resale(
        key,
        PartyCode(distributor),
        HERE,
        request,
        product,
        client_number,
        fields,
        price,
        ResaleStatus.PENDING,
        world.now,
        world.now + world.settings.resale_delay * SECOND,
        seat,
    )
    world.put(sold)
    ledger.book(world, "resale", *bookings.resale(*_booked(sold)))
    schedule.schedule(world, sold.ends_at, "resale_end", key)
    return sold


@due_event("resale_end", about="key", done="a distributor's order ends")
@command("resale.end")
def end(world: Unit, *, key: str) -> Resale:
    """End the order once: give what was ordered, or give the money back."""
    sold = world.need(Resale, key)
    if sold.status is not ResaleStatus.PENDING:
        return sold
    good = resale_goods.find(world, code=sold.product)
    assert good is not None, sold.product

    world.subject = deposits.subject(sold.distributor)
    seatless = good.kind is Kind.CLASS and not sold.seat
    magic = resale_goods.has_meaning(world, resale_goods.FAILING, sold.product, sold.client_number)
    failed = seatless or magic
    event = Event.FAIL if failed else Event.PAY
    ended = sold.but(status=lifecycle.RESALE[sold.status, event], ended_at=world.now)
    if failed:
        ledger.book(world, "resale_failed", *bookings.resale_failed(*_booked(sold)))
    elif good.kind is not Kind.CLASS:
        digits = 20 if good.kind is Kind.TOKEN else 16
        ended = ended.but(serial_number=chance.code(DIGITS, digits, world.seed, "serial number", key))
    else:
        voucher = _voucher(world, sold, good)
        ended = ended.but(order=voucher.order, voucher=voucher.code)
    world.put(ended)
    schedule.cancel(world, sold.ends_at, "resale_end", key)
    target = world.get(WebhookTarget, f"{HERE}/{target_name(sold.distributor)}")
    if target is not None and not target.stopped:
        webhooks_outbox.promise(world, target, EVENT, key, 1, facts(world, sold=ended))
    return ended


@refuses(Reason.ORDER_UNKNOWN)
def order_of(world: Unit, *, distributor: str, request: str) -> Resale:
    """An order of this distributor; another distributor's order is unknown to him."""
    sold = world.get(Resale, f"{distributor}/{request}")
    if sold is None:
        raise Rejected(Reason.ORDER_UNKNOWN, request=request)
    return sold


def target_name(distributor: str) -> str:
    """The name of a distributor's callback among the webhook targets."""
    return f"sat-{distributor}"


def facts(world: Unit, *, sold: Resale) -> dict[str, str | int]:
    """The fields of an order for its answers and its callback; what is missing so far is empty."""
    voucher = world.need(Voucher, sold.voucher) if sold.voucher is not None else None
    good = resale_goods.find(world, code=sold.product)
    assert good is not None, sold.product
    return {
        "event": EVENT,
        "request": sold.request,
        "product": sold.product,
        "client_number": sold.client_number,
        "fields": sold.fields,
        "kind": good.kind.value,
        "price": sold.price.amount,
        "admin_fee": good.admin_fee.amount,
        "partner_fee": good.partner_fee.amount,
        "status": sold.status.value,
        "ended_at": sold.ended_at.isoformat() if sold.ended_at else "",
        "serial_number": sold.serial_number,
        "voucher": voucher.code if voucher else "",
        "valid_until": voucher.valid_until.isoformat() if voucher else "",
    }


def _voucher(world: Unit, sold: Resale, good: resale_goods.Good) -> Voucher:
    """The class's voucher, which belongs to an order of its own at the marketplace."""
    course, schedule = good.course, world.need(Schedule, sold.seat or "")
    assert course is not None, sold.product
    buyer = Shopper(
        f"{HERE}/sat-{sold.distributor}", HERE, f"sat-{sold.distributor}", sold.distributor, Phone(""), ""
    )
    if world.get(Shopper, buyer.key) is None:
        world.put(buyer)
    order = Order(
        OrderId(chance.code(DIGITS, 10, world.seed, "resold order", sold.key)),
        HERE,
        buyer.key,
        course.code,
        schedule.code,
        sold.price,
        Rupiah(0),
        InvoiceCode(INVOICE_PREFIX + chance.code(ALPHANUMERIC, 13, world.seed, "resold invoice", sold.key)),
        OrderStatus.ISSUED,
        sold.ordered_at,
        paid_at=sold.ordered_at,
    )
    voucher = vouchers.issue(
        world, order=order, course=course, schedule=schedule, number_format=VOUCHER_FORMAT
    )
    world.put(order.but(voucher=VoucherCode(voucher.code)))
    return voucher


def _booked(sold: Resale) -> tuple[PartyCode, PartyCode, Rupiah, ScheduleCode | None]:
    return sold.distributor, sold.marketplace, sold.price, sold.seat
