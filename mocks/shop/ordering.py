"""Buying a course at whichever marketplace: promo code, order, card, OTP; the order afterwards.

Reading a pending order settles it: the shop asks Prakerja for the payment's status.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prakerja_sim.mocks.http.due_events import carries
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop import catalogue, checkout, registry
from prakerja_sim.mocks.shop.site import Page, Site, named, page_of
from prakerja_sim.simulator.marketplace import orders, paying, vouchers
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Shopper, Voucher, VoucherStatus
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

PAYABLE = (OrderStatus.WAITING_CARD, OrderStatus.WAITING_OTP)


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order as its buyer may see it."""

    order: Order
    course: Course
    course_id: str
    """What the site calls the course."""
    voucher: Voucher | None
    hosted: bool
    """Whether the site holds the class itself, so that it needs no voucher."""
    at: datetime

    @property
    def pending(self) -> bool:
        """Whether nobody knows yet if it was paid."""
        return self.order.status is OrderStatus.PENDING

    @property
    def lapsed(self) -> bool:
        """Whether its voucher was never used and is not valid any more."""
        voucher = self.voucher
        return (
            voucher is not None and voucher.status is VoucherStatus.ISSUED and self.at > voucher.valid_until
        )


@dataclass(frozen=True, slots=True)
class Discount:
    """What a promo code takes off a course."""

    promo: str
    amount: Rupiah
    total: Rupiah


@dataclass(frozen=True, slots=True)
class Sent:
    """An OTP is on its way to the phone on the Prakerja account."""

    order: Order
    digits: int
    seconds: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Mailed:
    """A voucher's e-mail was sent again, and when that may be asked for once more."""

    order: Order
    email: str
    again_at: datetime


@refuses(Reason.COURSE_UNKNOWN, orders.order_now)
def order(site: Site, call: Call, body: Any) -> Purchase:
    """Order a course; it is paid for with the order."""
    if body.promo_code and not site.promos:
        raise Rejected(Reason.PROMO_UNKNOWN, promo=body.promo_code, promos_here=False)
    course = catalogue.course_of(site, call, body.course_id)
    arguments: dict[str, Any] = {"shopper": call.sender, "course": course.code, "schedule": body.schedule_id}
    if site.promos:
        arguments["promo"] = body.promo_code or None
    if site.place is not None:
        return purchase(site, call, call.do(site.place, **arguments))
    numbers = {"prefix": site.invoice_prefix, "form": site.order_number}
    return purchase(site, call, call.do(orders.order_now, **arguments, **numbers))


@refuses(Reason.COURSE_UNKNOWN, orders.discount_of)
def promo(site: Site, call: Call, body: Any) -> Discount:
    """Try a promo code; it counts when it goes with the order."""
    course = catalogue.course_of(site, call, body.course_id)
    amount: Rupiah = call.ask(orders.discount_of, course=course.code, promo=body.promo_code)
    return Discount(body.promo_code, amount, course.price - amount)


@refuses(orders.order_of, Reason.ORDER_CLOSED)
def methods(site: Site, call: Call, body: Any = None) -> Order:
    """The ways to pay, by group; training of the programme is paid for with its card only."""
    return payable(own(site, call, body))


@refuses(orders.order_of, checkout.enter_card)
def card(site: Site, call: Call, body: Any) -> Sent:
    """Enter the card number; Prakerja checks the purchase and sends the OTP."""
    return send_otp(site, call, own(site, call, body), body.card_number)


@refuses(orders.order_of, checkout.enter_card)
def resend(site: Site, call: Call, body: Any = None) -> Sent:
    """Have another OTP sent, which replaces the older one."""
    order = settled(site, call, own(site, call, body))
    if order.card is None:
        raise Rejected(Reason.ORDER_CLOSED, status=order.status)
    return send_otp(site, call, order, order.card)


@refuses(orders.order_of, checkout.enter_otp)
def pay(site: Site, call: Call, body: Any) -> Purchase:
    """Enter the OTP and pay; asked again for a paid order, it answers as it did."""
    return paid(site, call, own(site, call, body), body.otp)


def history(site: Site, call: Call, body: Any = None) -> Page[Purchase]:
    """The buyer's orders, the newest first; a pending one is settled by the look."""
    return page_of(call, mine(site, call), body).of(lambda one: purchase(site, call, one))


@refuses(orders.order_of)
def one_order(site: Site, call: Call, body: Any = None) -> Purchase:
    """One order, with its voucher once it is paid; a pending one is settled by the look."""
    return purchase(site, call, settled(site, call, own(site, call, body)))


@refuses(orders.order_of, vouchers.resend_mail, Reason.MAIL_TOO_SOON)
def resend_mail(site: Site, call: Call) -> Mailed:
    """Send the voucher's e-mail again, at most once in 60 seconds."""
    order = own(site, call)
    wait_until: datetime | None = call.do(vouchers.resend_mail, order=order.id, title=site.title)
    if wait_until is not None:
        raise Rejected(Reason.MAIL_TOO_SOON, over=lambda: wait_until, wait_until=wait_until)
    buyer: Shopper = call.ask(Unit.need, kind=Shopper, key=order.shopper)
    return Mailed(order, buyer.email, call.sandbox.now() + vouchers.MAIL_AFTER)


def own(site: Site, call: Call, body: Any = None) -> Order:
    """The order that the body or the path names, if it belongs to the logged-in buyer."""
    place, number = named(call, body, "order_id")
    prefix = site.prefixes.get(place, "")
    return order_of(site, call, number[len(prefix) :] if number.startswith(prefix) else "")


def order_of(site: Site, call: Call, number: str) -> Order:
    """An order of the logged-in buyer; raises Rejected if there is none."""
    about = {"marketplace": site.code, "shopper": call.sender, "order": number}
    own_order: Order = call.ask(orders.order_of, **about)
    return own_order


def payable(order: Order) -> Order:
    """An order that is certainly not paid; raises Rejected if it is paid or pending."""
    if order.status not in PAYABLE:
        raise Rejected(Reason.ORDER_CLOSED, status=order.status)
    return order


def mine(site: Site, call: Call) -> list[Order]:
    """All orders of the logged-in buyer, settled, the newest first."""
    history: list[Order] = call.ask(orders.history, shopper=call.sender)
    return [settled(site, call, one) for one in history]


def settled(site: Site, call: Call, order: Order) -> Order:
    """The order as Prakerja knows it, if it was pending."""
    return checkout.settle(call, order, **_handing_over(site, call))


@carries("payment_inquiry")
def ask_status(call: Call, order: str) -> None:
    """Ask what became of an order whose payment has no answer; until there is one, later once more."""
    waiting: Order | None = call.ask(paying.unresolved, order=order)
    if waiting is None:
        return
    site = registry.site(waiting.marketplace)
    if not checkout.find_out(call, waiting, **_handing_over(site, call)):
        call.do(paying.ask_later, order=order)


def send_otp(site: Site, call: Call, order: Order, number: str) -> Sent:
    """Have Prakerja check the purchase with that card, and send an OTP."""
    order = settled(site, call, order)
    with checkout.prakerja_refusals():
        sent = checkout.enter_card(call, order, number)
    settings = call.sandbox.settings
    return Sent(sent, settings.otp_digits, settings.otp_lifetime, call.sandbox.now())


def paid(site: Site, call: Call, order: Order, otp: str) -> Purchase:
    """Pay with the OTP; if Prakerja does not answer, the order is pending, not failed."""
    url = site.invoice_url.format(order=order)
    try:
        with checkout.prakerja_refusals():
            checkout.enter_otp(call, order, otp, invoice_url=url, **_handing_over(site, call))
    except Rejected as refused:
        if refused.reason is not Reason.NO_REPLY:
            raise
    return purchase(site, call, order_of(site, call, order.id))


def purchase(site: Site, call: Call, order: Order) -> Purchase:
    """An order with all that its buyer may see of it."""
    course: Course = call.ask(Unit.need, kind=Course, key=order.course)
    voucher: Voucher | None = call.ask(vouchers.voucher_of, order=order.id)
    course_id = catalogue.course_id(site, call, course.code)
    hosted = vouchers.is_hosted(site.code, course)
    return Purchase(order, course, course_id, voucher, hosted, call.sandbox.now())


def _handing_over(site: Site, call: Call) -> Mapping[str, Any]:
    """The form of a voucher's code, and the sender of its e-mail."""
    return {"form": site.voucher_number, "title": site.title, "supply": site.supply(call)}
