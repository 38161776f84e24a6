"""Cart and order: the core that all marketplaces share.

The marketplaces only translate: their envelope, their words, their codes.
"""

from collections.abc import Mapping

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.number_formats import filled
from prakerja_sim.simulator.marketplace.records import (
    Cart,
    Order,
    OrderStatus,
    Shopper,
)
from prakerja_sim.simulator.programme.records import Course, Schedule
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import (
    UNAMBIGUOUS,
    InvoiceCode,
    OrderId,
)
from prakerja_sim.simulator.values.money import Rupiah
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
        raise Rejected(Reason.PHONE_UNVERIFIED, phone=account.phone)
    if world.get(Course, course) is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)
    schedule = world.find(Schedule, course=course, limit=1)[0]
    left = ledger.balance(world, bookings.seats(schedule.code))
    if left < 1:
        raise Rejected(Reason.QUOTA_EXHAUSTED, schedule_code=schedule.code, seats_left=left)

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
        raise Rejected(Reason.CART_EMPTY, courses=0)
    return cart


@refuses(Reason.PROMO_UNKNOWN)
def discount_of(world: Unit, *, course: str, promo: str) -> Rupiah:
    """What a promo code takes off a course; it never makes one free."""
    price = world.need(Course, course).price
    if promo not in PROMOS or PROMOS[promo] >= price.amount:
        raise Rejected(Reason.PROMO_UNKNOWN, promo=promo, takes_off=PROMOS.get(promo), price=price)
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
        raise Rejected(Reason.SCHEDULE_OF_OTHER_COURSE, schedule_code=schedule, of_the_course=chosen.schedule)
    if promo is not None:
        apply_promo(world, shopper=shopper, promo=promo)
    return checkout(world, shopper=shopper, prefix=prefix, form=form)


@refuses(Reason.ORDER_UNKNOWN)
def order_of(world: Unit, *, marketplace: str, shopper: str, order: str) -> Order:
    """An order of this shopper; another shopper's order is unknown to him."""
    record = world.get(Order, order)
    if record is None or record.marketplace != marketplace or record.shopper != shopper:
        raise Rejected(Reason.ORDER_UNKNOWN, order=order, unsaid={"of_another": record is not None})
    return record


def history(world: Unit, *, shopper: str) -> list[Order]:
    """A shopper's orders, the newest first."""
    return sorted(world.find(Order, shopper=shopper), key=lambda o: (o.ordered_at, o.id), reverse=True)


def _emptied(cart: Cart) -> Cart:
    return Cart(cart.shopper, type(cart.course)(""), type(cart.schedule)(""), orders=cart.orders)
