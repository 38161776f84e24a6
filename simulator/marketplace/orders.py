"""Cart and order: the core that all marketplaces share.

The marketplaces only translate: their envelope, their words, their codes.  Paying by card uses
Prakerja's signed API in three steps; no unit of work is open while Prakerja is asked.  An order is
pending from before the request until its answer, or Prakerja's status, says what happened; the due
event `payment_inquiry` asks for the status of one whose answer was lost, or cut off by a kill.
"""

from collections.abc import Mapping

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.marketplace import vouchers, webhooks_outbox
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.lifecycle import ATTEMPT, ORDER
from prakerja_sim.simulator.marketplace.number_formats import filled
from prakerja_sim.simulator.marketplace.records import (
    Attempt,
    AttemptStatus,
    Cart,
    Order,
    OrderStatus,
    Shopper,
    Voucher,
)
from prakerja_sim.simulator.programme.records import Course, Schedule
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import (
    UNAMBIGUOUS,
    CardNumber,
    InvoiceCode,
    OrderId,
    PaymentToken,
    TransactionCode,
    is_card_number,
)
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

PROMOS: Mapping[str, int] = {"BELAJAR50": 50_000, "PRAKERJA10": 10_000}
"""Promo codes and what they take off, in rupiah (simulated)."""


@command("orders.add_to_cart")
@refuses(Reason.PHONE_UNVERIFIED, Reason.COURSE_UNKNOWN, Reason.QUOTA_EXHAUSTED)
def add_to_cart(world: Unit, *, shopper: str, course: str, instant: bool = False) -> Cart:
    """Put a course into the cart, in place of what was in it."""
    account = world.need(Shopper, shopper)
    if not account.phone_verified:
        raise Rejected(Reason.PHONE_UNVERIFIED)
    if world.get(Course, course) is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)
    schedule = world.find(Schedule, course=course, limit=1)[0]
    if ledger.balance(world, bookings.seats(schedule.code)) < 1:
        raise Rejected(Reason.QUOTA_EXHAUSTED)

    world.subject = subject(shopper)
    before = world.get(Cart, shopper)
    ordered = before.orders if before else 0
    cart = Cart(shopper, schedule.course, schedule.code, orders=ordered, instant=instant)
    world.put(cart)
    return cart


@refuses(Reason.CART_EMPTY)
def filled_cart(world: Unit, *, shopper: str) -> Cart:
    """The cart, which must hold something."""
    cart = world.get(Cart, shopper)
    if cart is None or not cart.course:
        raise Rejected(Reason.CART_EMPTY)
    return cart


@refuses(Reason.PROMO_UNKNOWN)
def discount_of(world: Unit, *, course: str, promo: str) -> Rupiah:
    """What a promo code takes off a course; it never makes one free."""
    if promo not in PROMOS or PROMOS[promo] >= world.need(Course, course).price.amount:
        raise Rejected(Reason.PROMO_UNKNOWN)
    return Rupiah(PROMOS[promo])


@command("orders.apply_promo")
@refuses(filled_cart, discount_of)
def apply_promo(world: Unit, *, shopper: str, promo: str) -> Cart:
    """Enter a promo code; it never makes a course free."""
    cart = filled_cart(world, shopper=shopper)
    discount = discount_of(world, course=cart.course, promo=promo)

    world.subject = subject(shopper)
    changed = cart.but(promo=promo, discount=discount)
    world.put(changed)
    return changed


@command("orders.cancel_promo")
@refuses(filled_cart)
def cancel_promo(world: Unit, *, shopper: str) -> Cart:
    """Take the promo code out again."""
    cart = filled_cart(world, shopper=shopper)

    world.subject = subject(shopper)
    changed = cart.but(promo=None, discount=Rupiah(0))
    world.put(changed)
    return changed


@command("orders.drop_cart")
@refuses(filled_cart)
def drop_cart(world: Unit, *, shopper: str) -> None:
    """Empty the cart."""
    cart = filled_cart(world, shopper=shopper)

    world.subject = subject(shopper)
    world.put(_emptied(cart))


@command("orders.checkout")
@refuses(filled_cart)
def checkout(world: Unit, *, shopper: str, prefix: str, form: str = "##########") -> Order:
    """Make an order of the cart; its id has that number format, its invoice code begins with the prefix."""
    cart = filled_cart(world, shopper=shopper)
    course = world.need(Course, cart.course)
    account = world.need(Shopper, shopper)

    world.subject = subject(shopper)
    number = cart.orders + 1
    order = Order(
        OrderId(filled(form, world.now, world.seed, "order", shopper, number)),
        account.marketplace,
        shopper,
        cart.course,
        cart.schedule,
        course.price,
        cart.discount,
        InvoiceCode(prefix + chance.code(UNAMBIGUOUS, 13, world.seed, "invoice", shopper, number)),
        OrderStatus.WAITING_CARD,
        world.now,
    )
    world.put(order)
    world.put(_emptied(cart).but(orders=number))
    webhooks_outbox.tell(world, order, "order.created")
    return order


@command("orders.order_now")
@refuses(add_to_cart, Reason.SCHEDULE_OF_OTHER_COURSE, discount_of)
def order_now(
    world: Unit,
    *,
    shopper: str,
    course: str,
    prefix: str,
    form: str,
    schedule: str | None = None,
    promo: str | None = None,
) -> Order:
    """Order a course in one step, for a site without a cart; all of it happens or nothing."""
    chosen = add_to_cart(world, shopper=shopper, course=course)
    if schedule is not None and schedule != chosen.schedule:
        raise Rejected(Reason.SCHEDULE_OF_OTHER_COURSE)
    if promo is not None:
        apply_promo(world, shopper=shopper, promo=promo)
    return checkout(world, shopper=shopper, prefix=prefix, form=form)


@refuses(Reason.ORDER_UNKNOWN)
def order_of(world: Unit, *, marketplace: str, shopper: str, order: str) -> Order:
    """An order of this shopper; another shopper's order is unknown to him."""
    record = world.get(Order, order)
    if record is None or record.marketplace != marketplace or record.shopper != shopper:
        raise Rejected(Reason.ORDER_UNKNOWN)
    return record


def history(world: Unit, *, shopper: str) -> list[Order]:
    """A shopper's orders, the newest first."""
    return sorted(world.find(Order, shopper=shopper), key=lambda o: (o.ordered_at, o.id), reverse=True)


# Paying; `mocks.shop.checkout` asks Prakerja between these


@command("orders.take_card")
@refuses(Reason.ORDER_CLOSED)
def take_card(world: Unit, *, order: str, card: str, token: PaymentToken) -> Order:
    """Prakerja accepted the card and sent the OTP; too late for an order that is being paid meanwhile."""
    record = world.need(Order, order)
    if (record.status, "card") not in ORDER:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status)

    world.subject = subject(record.shopper)
    if record.token is not None and record.token != token:
        _attempted(world, record, "replace")
    status = ORDER[record.status, "card"]
    changed = record.but(status=status, card=CardNumber(card), token=token)
    world.put(changed)
    opened = Attempt(f"{order}/{token}", record.id, token, CardNumber(card), AttemptStatus.OPENED, world.now)
    world.put(opened)
    return changed


@command("orders.ask_payment")
@refuses(Reason.ORDER_CLOSED)
def ask_payment(world: Unit, *, order: str) -> Order:
    """The marketplace is going to ask Prakerja for the money; from now on the result may be unknown."""
    record = world.need(Order, order)
    if (record.status, "ask") not in ORDER:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status)

    world.subject = subject(record.shopper)
    changed = planned(world, record.but(status=ORDER[record.status, "ask"], asks=record.asks + 1))
    _attempted(world, changed, "ask")
    return changed


@command("orders.refuse_payment")
def refuse_payment(world: Unit, *, order: str) -> Order:
    """Prakerja did not take the money.

    If another request is on its way, or its answer was lost, the clock still asks what became of it.
    """
    record = world.need(Order, order)
    if unresolved(world, order=order) is None:
        return record

    world.subject = subject(record.shopper)
    others = max(record.asks - 1, 0)
    return _refused(world, record.but(asks=others) if others else answered(world, record))


@command("orders.not_paid")
def not_paid(world: Unit, *, order: str) -> Order:
    """Prakerja's status says that nothing was paid: the buyer may try again.

    A request may still be on its way, so the clock asks for the status once more in its time.
    """
    record = world.need(Order, order)
    if unresolved(world, order=order) is None:
        return record

    world.subject = subject(record.shopper)
    over = record.asked_at is not None and world.now >= record.asked_at + schedule.PATIENCE
    return _refused(world, answered(world, record) if over else record)


def unresolved(world: Unit, *, order: str) -> Order | None:
    """The order, if Prakerja was asked for its money and may have taken it without a voucher being issued."""
    record = world.need(Order, order)
    open_ = record.status in (OrderStatus.PENDING, OrderStatus.WAITING_OTP)
    return record if open_ and record.asked_at is not None else None


@command("orders.ask_later")
def ask_later(world: Unit, *, order: str) -> None:
    """Prakerja did not say what became of the money, or the supplier has no voucher: ask once more later."""
    record = unresolved(world, order=order)
    if record is not None:
        world.subject = subject(record.shopper)
        planned(world, record)


@command("orders.issue_voucher")
def issue_voucher(world: Unit, *, order: str, transaction: str, form: str, title: str) -> Voucher:
    """Prakerja took the money: issue the voucher, once; the buyer gets it in the history and by e-mail.

    Its code has the marketplace's number format (see `simulator.marketplace.number_formats`).
    """
    record = world.need(Order, order)
    issued = vouchers.voucher_of(world, order=order)
    if issued is not None:
        return issued
    course = world.need(Course, record.course)
    schedule = world.need(Schedule, record.schedule)
    account = world.need(Shopper, record.shopper)

    world.subject = subject(record.shopper)
    voucher = vouchers.issue(world, order=record, course=course, schedule=schedule, number_format=form)
    paid = answered(world, record).but(
        status=ORDER[record.status, "pay"],
        transaction=TransactionCode(transaction),
        paid_at=world.now,
        voucher=voucher.code,
    )
    world.put(paid)
    _attempted(world, paid, "pay")
    webhooks_outbox.tell(world, paid, "order.paid", voucher)
    vouchers.mail_voucher(world, order=record.id, address=account.email, title=title, voucher=voucher.code)
    return voucher


@refuses(Reason.CARD_MALFORMED)
def check_card_form(card: str) -> None:
    """Sixteen digits, refused before Prakerja is asked (R01, F01)."""
    if not is_card_number(card):
        raise Rejected(Reason.CARD_MALFORMED)


def answered(world: Unit, order: Order) -> Order:
    """The order, once it is known what Prakerja did; it need not be asked any more."""
    if order.asked_at is not None:
        schedule.cancel(world, order.asked_at + schedule.PATIENCE, "payment_inquiry", order.id)
    return order.but(asks=0, asked_at=None)


def planned(world: Unit, order: Order) -> Order:
    """The order, about which Prakerja is asked again later, if there is no answer before."""
    asked = answered(world, order).but(asks=order.asks, asked_at=world.now)
    world.put(asked)
    schedule.schedule(world, world.now + schedule.PATIENCE, "payment_inquiry", order.id)
    return asked


def _refused(world: Unit, order: Order) -> Order:
    if order.status is OrderStatus.PENDING:
        order = order.but(status=ORDER[order.status, "refuse"])
        _attempted(world, order, "refuse")
    world.put(order)
    return order


def _attempted(world: Unit, order: Order, event: str) -> None:
    """Move the order's attempt to pay."""
    attempt = world.need(Attempt, f"{order.id}/{order.token}")
    status = ATTEMPT[attempt.status, event]
    over = status in (AttemptStatus.PAID, AttemptStatus.REPLACED)
    world.put(attempt.but(status=status, closed_at=world.now if over else None))


def _emptied(cart: Cart) -> Cart:
    return Cart(cart.shopper, type(cart.course)(""), type(cart.schedule)(""), orders=cart.orders)


schedule.job("payment_inquiry", done="Prakerja is asked what became of a payment", resumes=True)
