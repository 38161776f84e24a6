"""Ordering: the `YA` on the terms, the promo code, the invoice; and "Detail Tagihan" afterwards.

A transaction is the order of one course, an invoice its bill; ids of both, and of the payment,
follow from the order's.  Whoever looks at a pending order settles it.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from prakerja_sim.mocks.bukalapak.catalogue import course_of, redeem_url
from prakerja_sim.mocks.bukalapak.fields import Body, Id, Short, page, paged, utc
from prakerja_sim.mocks.bukalapak.words import MARKETPLACE, VERTICAL, done
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.simulator.marketplace import orders, vouchers
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Voucher, VoucherStatus
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED
ORDER_FORM = "2#########"
INVOICE_PREFIX = "BL-"
VOUCHER_FORM = "BLPK-????-????"
INVOICES = "https://www.bukalapak.com/invoices/"
BILL, PAYMENT = "8", "BLP"
"""What stands before an order's id in its invoice's and its payment's."""
PAYABLE = (OrderStatus.WAITING_CARD, OrderStatus.WAITING_OTP)
STATES = {
    OrderStatus.WAITING_CARD: "pending",
    OrderStatus.WAITING_OTP: "otp_required",
    OrderStatus.PENDING: "processing",
    OrderStatus.ISSUED: "paid",
    OrderStatus.REFUNDED: "refunded",
}
AT_ORDER = (
    Reason.TERMS_NOT_ACCEPTED,
    Reason.PHONE_UNVERIFIED,
    Reason.COURSE_UNKNOWN,
    Reason.SCHEDULE_UNKNOWN,
    Reason.QUOTA_EXHAUSTED,
    Reason.PROMO_UNKNOWN,
)


class NewTransaction(Body):
    """The course that is wanted, on the terms that were read."""

    course_id: Id
    schedule_id: Id | None = None
    tnc_accepted: bool = False
    voucher_code: Short = ""


class Ordered(Body):
    """A transaction by its id."""

    id: Id
    type: Literal["prakerja"]


class Wanted(Body):
    """A transaction by its id, or the course that is still to be ordered."""

    id: Id | None = None
    course_id: Id | None = None
    type: Literal["prakerja"]


class Promo(Body):
    """A promo code, and what it is meant for."""

    voucher_code: Short
    transactions: Annotated[list[Wanted], Field(min_length=1, max_length=1)]


class NewInvoice(Body):
    """What is to be paid, and how."""

    transactions: Annotated[list[Ordered], Field(min_length=1, max_length=1)]
    payment_type: Literal["prakerja"]


def order_course(call: Call, body: NewTransaction) -> Reply:
    """Press "YA" on the terms: order the course."""
    if not body.tnc_accepted:
        raise Rejected(Reason.TERMS_NOT_ACCEPTED)
    told = {"course": body.course_id, "schedule": body.schedule_id, "promo": body.voucher_code}
    order: Order = call.do(place, shopper=call.sender, **told)
    return done(_transaction(call, order), 201)


def transaction(call: Call) -> Reply:
    """An order, with the ids of its invoice and its payment."""
    return done(_transaction(call, settled(call, order_of(call, call.path["transaction"]))))


def validate_voucher(call: Call, body: Promo) -> Reply:
    """Try a promo code; nothing is kept of it until the course is ordered."""
    wanted = body.transactions[0]
    if wanted.id is not None:
        course = order_of(call, wanted.id).course
    elif wanted.course_id is not None:
        course = course_of(call, wanted.course_id).code
    else:
        raise Malformed("transactions.0: needs id or course_id")
    discount: Rupiah = call.ask(orders.discount_of, course=course, promo=body.voucher_code)
    return done({"discount": discount.amount, "message": "Voucher berhasil digunakan"})


def create_invoice(call: Call, body: NewInvoice) -> Reply:
    """Make the bill of a transaction; asked again for an unpaid one, it is the same bill."""
    order = order_of(call, body.transactions[0].id)
    if order.status not in PAYABLE:
        raise Rejected(Reason.ORDER_CLOSED, status=order.status)
    return done(shown(call, order), 201)


def invoices(call: Call) -> Reply:
    """All bills, the newest first."""
    limit, offset = paged(call)
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    some, meta = page(mine, limit, offset)
    return done([shown(call, settled(call, order)) for order in some], **meta)


def invoice(call: Call) -> Reply:
    """Open "Detail Tagihan": a bill with its coupon, once it is paid."""
    return done(shown(call, settled(call, billed(call))))


def billed(call: Call) -> Order:
    """The order of the invoice in the path."""
    number = call.path["invoice"]
    return order_of(call, number[len(BILL) :] if number.startswith(BILL) else "")


def order_of(call: Call, number: str) -> Order:
    """An order of who is logged in."""
    found: Order = call.ask(orders.order_of, marketplace=MARKETPLACE.code, shopper=call.sender, order=number)
    return found


def settled(call: Call, order: Order) -> Order:
    """The order as Prakerja knows it, if it was pending."""
    return checkout.settle(call, order, form=VOUCHER_FORM, title=MARKETPLACE.title)


def shown(call: Call, order: Order) -> dict[str, Any]:
    """A bill."""
    course: Course = call.ask(Unit.need, kind=Course, key=order.course)
    return {
        "id": int(BILL + order.id),
        "invoice_no": order.invoice,
        "payment_id": PAYMENT + order.id,
        "payment_type": VERTICAL,
        "amount": order.total.amount,
        "state": STATES[order.status],
        "created_at": utc(order.ordered_at),
        "paid_at": utc(order.paid_at) if order.paid_at else None,
        "url": INVOICES + order.invoice,
        "transactions": [
            {
                "id": int(order.id),
                "type": VERTICAL,
                "remote_transaction_id": order.id,
                "amount": order.total.amount,
                "state": STATES[order.status],
                "course": {"id": course.code, "title": course.title, "provider": course.institution},
                "coupon": coupon(call, order),
            }
        ],
    }


def coupon(call: Call, order: Order) -> dict[str, Any] | None:
    """The code that opens the course at its provider; there is none before the payment."""
    found: Voucher | None = call.ask(vouchers.voucher_of, order=order.id)
    if found is None:
        return None
    return {
        "code": found.code,
        "valid_until": utc(found.valid_until),
        "state": coupon_state(call, found),
        "redeem_url": redeem_url(found.institution),
    }


def coupon_state(call: Call, voucher: Voucher) -> str:
    """What has become of a coupon."""
    over = voucher.status is VoucherStatus.ISSUED and call.sandbox.now() > voucher.valid_until
    return "expired" if over else voucher.status.value


@command("bukalapak.place")
def place(world: Unit, *, shopper: str, course: str, schedule: str | None, promo: str) -> Order:
    """Order a course at once: the site has no cart."""
    cart = orders.add_to_cart(world, shopper=shopper, course=course)
    if schedule not in (None, cart.schedule):
        raise Rejected(Reason.SCHEDULE_UNKNOWN)
    if promo:
        orders.apply_promo(world, shopper=shopper, promo=promo)

    return orders.checkout(world, shopper=shopper, prefix=INVOICE_PREFIX, form=ORDER_FORM)


def add_to(face: Face) -> None:
    """Mount the paths of ordering."""
    unknown = (Reason.ORDER_UNKNOWN,)
    ordered = face.endpoint(
        "POST", "/api/prakerja/transactions", provenance=INFERRED, body=NewTransaction, refuses=AT_ORDER
    )
    ordered(order_course)
    at = "/api/prakerja/transactions/<transaction>"
    face.endpoint("GET", at, provenance=SIMULATED, refuses=unknown)(transaction)
    about_promos = (Reason.PROMO_UNKNOWN, Reason.COURSE_UNKNOWN, Reason.ORDER_UNKNOWN)
    tried = face.endpoint(
        "POST", "/api/vouchers/validate", provenance=INFERRED, body=Promo, refuses=about_promos
    )
    tried(validate_voucher)
    made = face.endpoint(
        "POST",
        "/api/invoices",
        provenance=SEEN,
        body=NewInvoice,
        refuses=(Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED),
    )
    made(create_invoice)
    face.endpoint("GET", "/api/invoices", provenance=SEEN)(invoices)
    face.endpoint("GET", "/api/invoices/<invoice>", provenance=SEEN, refuses=unknown)(invoice)


def _transaction(call: Call, order: Order) -> dict[str, Any]:
    discount: Rupiah = order.discount
    return {
        "id": int(order.id),
        "remote_transaction_id": order.id,
        "invoice_id": int(BILL + order.id),
        "payment_id": PAYMENT + order.id,
        "amount": order.total.amount,
        "discount": discount.amount,
        "state": STATES[order.status],
        "created_at": utc(order.ordered_at),
        "expired_at": None,
        "schedule_id": order.schedule,
        "coupon": coupon(call, order),
    }
