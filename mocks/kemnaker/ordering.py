"""Ordering a training and paying for it with the card: order, methods, card, OTP, confirmation.

All of it is inferred in the style of the ministry's other services.  A state platform sells without
promo codes.
"""

from typing import Any

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.kemnaker.catalogue import course_of, redeem_url, training_id
from prakerja_sim.mocks.kemnaker.fields import Body, Id, Paged, Word, asked, paginated
from prakerja_sim.mocks.kemnaker.words import MARKETPLACE, answer
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.simulator.marketplace import number_formats, orders, vouchers
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Voucher
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

INFERRED = Provenance.INFERRED
AT = "/skillhub/order/v1/orders"
VOUCHER_FORM = "SNK-%Y-??????"
STATES = {
    OrderStatus.WAITING_CARD: "menunggu_pembayaran",
    OrderStatus.WAITING_OTP: "menunggu_otp",
    OrderStatus.PENDING: "diproses",
    OrderStatus.ISSUED: "lunas",
    OrderStatus.REFUNDED: "dikembalikan",
}
PAYABLE = (OrderStatus.WAITING_CARD, OrderStatus.WAITING_OTP)
CLOSED = (Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED)
AT_ORDER = (
    Reason.PROMO_UNKNOWN,
    Reason.PHONE_UNVERIFIED,
    Reason.COURSE_UNKNOWN,
    Reason.SCHEDULE_OF_OTHER_COURSE,
    Reason.QUOTA_EXHAUSTED,
)
AT_RESEND = (
    *CLOSED,
    Reason.SCHEDULE_UNKNOWN,
    Reason.COURSE_STARTED,
    Reason.QUOTA_EXHAUSTED,
    Reason.CARD_UNKNOWN,
    Reason.CARD_INACTIVE,
    Reason.AGE_UNFIT,
    Reason.EDUCATION_UNFIT,
    Reason.VIDEOS_NOT_WATCHED,
    Reason.BALANCE_CLOSED,
    Reason.PREVIOUS_UNFINISHED,
    Reason.BALANCE_TOO_LOW,
    Reason.ACCOUNT_BOUND,
    Reason.OTP_TOO_SOON,
    Reason.NO_REPLY,
    Reason.SERVICE_UNAVAILABLE,
)
AT_CONFIRM = (
    *CLOSED,
    Reason.TOKEN_UNKNOWN,
    Reason.OTP_TRIES_EXHAUSTED,
    Reason.OTP_EXPIRED,
    Reason.OTP_WRONG,
    Reason.INVOICE_USED,
    Reason.QUOTA_EXHAUSTED,
    Reason.CARD_INACTIVE,
    Reason.BALANCE_CLOSED,
    Reason.BALANCE_TOO_LOW,
    Reason.PREVIOUS_UNFINISHED,
    Reason.SERVICE_UNAVAILABLE,
)


class NewOrder(Body):
    """The training that is wanted, and its schedule."""

    training_id: Id
    schedule_id: Id | None = None
    promo_code: Word | None = None


class Card(Body):
    """The card that is to pay."""

    card_number: Word


class Otp(Body):
    """The OTP that came."""

    otp: Word


def order(call: Call, body: NewOrder) -> Reply:
    """Order a training; a promo code is refused, whatever it is."""
    if body.promo_code:
        raise Rejected(Reason.PROMO_UNKNOWN)
    course = course_of(call, body.training_id)
    placed: Order = call.do(
        orders.order_now,
        shopper=call.sender,
        course=course.code,
        schedule=body.schedule_id,
        prefix="SNK/",
        form=number_formats.UUID,
    )
    return answer(shown(call, placed), 201)


def methods(call: Call) -> Reply:
    """The ways to pay: the card, or nothing for trainings that are free."""
    if own(call).status not in PAYABLE:
        raise Rejected(Reason.ORDER_CLOSED)
    card = {"code": "kartu_prakerja", "name": "Kartu Prakerja", "group": "Program Pemerintah", "active": True}
    free = {"code": "gratis", "name": "Gratis", "group": "Program Pemerintah", "active": False}
    return answer([card, free])


def card(call: Call, body: Card) -> Reply:
    """Enter the card number; Prakerja checks the purchase and sends the OTP."""
    return _sent(call, settled(call, own(call)), body.card_number)


def otp(call: Call) -> Reply:
    """Have another OTP sent, which replaces the older one."""
    found = settled(call, own(call))
    if found.card is None:
        raise Rejected(Reason.ORDER_CLOSED, status=found.status)
    return _sent(call, found, found.card)


def confirm(call: Call, body: Otp) -> Reply:
    """Enter the OTP and pay; asked again for a paid order, it answers as it did."""
    found, status = own(call), 200
    try:
        with checkout.prakerja_asked():
            checkout.enter_otp(
                call,
                found,
                body.otp,
                form=VOUCHER_FORM,
                title=MARKETPLACE.title,
                invoice_url=f"https://skillhub.kemnaker.go.id/app/pelatihan/{found.id}",
            )
    except Rejected as refused:
        if refused.reason is not Reason.NO_REPLY:
            raise
        status = 202
    return answer(shown(call, own(call)), status)


def history(call: Call) -> Reply:
    """The buyer's orders in pages, the newest first; whoever looks at a pending one settles it."""
    wanted = asked(call, Paged)
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    return paginated([shown(call, settled(call, one)) for one in mine], wanted, AT)


def one_order(call: Call) -> Reply:
    """One order, with its voucher once it is paid."""
    return answer(shown(call, settled(call, own(call))))


def voucher_email(call: Call) -> Reply:
    """Send the voucher's e-mail again, at most once in 60 seconds."""
    found = own(call)
    if call.do(vouchers.resend_mail, order=found.id, title=MARKETPLACE.title) is not None:
        raise Rejected(Reason.MAIL_TOO_SOON)
    return answer({"order_id": found.id, "status": "terkirim"}, 202)


def own(call: Call, wanted: str | None = None) -> Order:
    """An order of who is logged in: that of the path unless another is named."""
    order_id = call.path["order_id"] if wanted is None else wanted
    about = {"marketplace": MARKETPLACE.code, "shopper": call.sender, "order": order_id}
    found: Order = call.ask(orders.order_of, **about)
    return found


def settled(call: Call, found: Order) -> Order:
    """The order as Prakerja knows it, if it was pending."""
    return checkout.settle(call, found, form=VOUCHER_FORM, title=MARKETPLACE.title)


def shown(call: Call, found: Order) -> dict[str, Any]:
    """An order as its buyer sees it."""
    course: Course = call.ask(Unit.need, kind=Course, key=found.course)
    voucher: Voucher | None = call.ask(vouchers.voucher_of, order=found.id)
    told = {
        "id": found.id,
        "number": found.invoice,
        "status": STATES[found.status],
        "training": {"id": training_id(call, course.code), "code": course.code, "title": course.title},
        "institution": course.institution,
        "total": found.total.amount,
        "created_at": found.ordered_at.isoformat(),
        "paid_at": found.paid_at.isoformat() if found.paid_at else None,
        "voucher": None,
    }
    if voucher is not None:
        told["voucher"] = {
            "code": voucher.code,
            "status": voucher.status.value,
            "expires_at": voucher.valid_until.isoformat(),
            "redeem_url": redeem_url(course.institution),
        }
    return told


def add_to(face: Face) -> None:
    """Mount the order's paths."""
    at = f"/api{AT}"
    one = f"{at}/<order_id>"
    pay = f"{one}/payments/prakerja"
    mailed = (*CLOSED, Reason.MAIL_TOO_SOON)
    for method, path, body, refuses, handler in (
        ("POST", at, NewOrder, AT_ORDER, order),
        ("GET", one, None, (Reason.ORDER_UNKNOWN,), one_order),
        ("GET", f"{one}/payment-methods", None, CLOSED, methods),
        ("POST", pay, Card, (Reason.CARD_MALFORMED, *AT_RESEND), card),
        ("POST", f"{pay}/otp", None, AT_RESEND, otp),
        ("POST", f"{pay}/confirm", Otp, AT_CONFIRM, confirm),
        ("POST", f"{one}/voucher-email", None, mailed, voucher_email),
    ):
        face.endpoint(method, path, provenance=INFERRED, body=body, refuses=refuses)(handler)
    face.endpoint("GET", at, provenance=INFERRED, body=Paged, raw=True)(history)


def _sent(call: Call, found: Order, number: str) -> Reply:
    with checkout.prakerja_asked():
        checkout.enter_card(call, found, number)
    settings = call.sandbox.settings
    return answer(
        {
            "order_id": found.id,
            "status": STATES[OrderStatus.WAITING_OTP],
            "otp_digit": settings.otp_digits,
            "expires_in": settings.otp_lifetime,
        }
    )
