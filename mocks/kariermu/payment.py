"""The payment page: schedule, "Nomor Kartu Prakerja", "Lanjutkan Pembayaran", six boxes for the OTP.

The screens were seen; the wire behind them is inferred.  A seat that is lost after a right OTP is
`Gagal melakukan Booking Quota`, and nothing is paid.
"""

from typing import Any

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.kariermu.fields import Body, Id, Word
from prakerja_sim.mocks.kariermu.programs import course_of, redeem_url
from prakerja_sim.mocks.kariermu.words import MARKETPLACE, answer
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.simulator.marketplace import orders, vouchers
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Voucher
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

INFERRED = Provenance.INFERRED
VOUCHER_FORM = "KRM????????"
STATES = {
    OrderStatus.WAITING_CARD: "menunggu_pembayaran",
    OrderStatus.WAITING_OTP: "menunggu_otp",
    OrderStatus.PENDING: "diproses",
    OrderStatus.ISSUED: "berhasil",
    OrderStatus.REFUNDED: "dikembalikan",
}
CLOSED = (Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED)
AT_ORDER = (
    Reason.PHONE_UNVERIFIED,
    Reason.COURSE_UNKNOWN,
    Reason.SCHEDULE_OF_OTHER_COURSE,
    Reason.QUOTA_EXHAUSTED,
    Reason.PROMO_UNKNOWN,
)
AT_RESEND = (
    *CLOSED,
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
AT_OTP = (
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


class Chosen(Body):
    """The program that is wanted, its schedule, and a promo code if any."""

    slug: Id
    schedule_id: Id | None = None
    promo_code: Word = ""


class Promo(Body):
    """A promo code, tried on a program."""

    slug: Id
    promo_code: Word


class Which(Body):
    """Which order is meant."""

    order_id: Id


class Card(Which):
    """The card that is to pay."""

    card_number: Word


class Otp(Which):
    """The six digits."""

    otp: Word


def order(call: Call, body: Chosen) -> Reply:
    """Choose a schedule and go to the payment."""
    course = course_of(call, body.slug)
    placed: Order = call.do(
        orders.order_now,
        shopper=call.sender,
        course=course.code,
        schedule=body.schedule_id,
        promo=body.promo_code or None,
        prefix="KRM/",
        form="##########",
    )
    return answer(shown(call, placed))


def promo(call: Call, body: Promo) -> Reply:
    """Try a promo code; it counts when it goes with the order."""
    course = course_of(call, body.slug)
    discount = call.ask(orders.discount_of, course=course.code, promo=body.promo_code)
    return answer({"promo_code": body.promo_code, "discount": discount.amount})


def methods(call: Call, body: Which) -> Reply:
    """The way to pay: only the card."""
    found = own(call, body.order_id)
    if found.status not in (OrderStatus.WAITING_CARD, OrderStatus.WAITING_OTP):
        raise Rejected(Reason.ORDER_CLOSED)
    return answer([{"group": "Program Pemerintah", "name": "Kartu Prakerja", "code": "prakerja"}])


def card(call: Call, body: Card) -> Reply:
    """Enter the card number ("Lanjutkan Pembayaran"); Prakerja checks the purchase and sends the OTP."""
    return _sent(call, settled(call, own(call, body.order_id)), body.card_number)


def resend(call: Call, body: Which) -> Reply:
    """Have another OTP sent, which replaces the older one."""
    found = settled(call, own(call, body.order_id))
    if found.card is None:
        raise Rejected(Reason.ORDER_CLOSED, status=found.status)
    return _sent(call, found, found.card)


def otp(call: Call, body: Otp) -> Reply:
    """Enter the OTP and pay; asked again for a paid order, it answers as it did."""
    found = own(call, body.order_id)
    try:
        with checkout.prakerja_asked():
            checkout.enter_otp(
                call,
                found,
                body.otp,
                form=VOUCHER_FORM,
                title=MARKETPLACE.title,
                invoice_url=f"https://prakerja.karier.mu/invoice/{found.id}",
            )
    except Rejected as refused:
        if refused.reason is not Reason.NO_REPLY:
            raise
        return answer(shown(call, own(call, found.id)), "Pembayaran sedang diproses", 202)
    return answer(shown(call, own(call, found.id)), "Pembayaran berhasil")


def own(call: Call, wanted: str) -> Order:
    """An order of who is logged in."""
    about = {"marketplace": MARKETPLACE.code, "shopper": call.sender, "order": wanted}
    found: Order = call.ask(orders.order_of, **about)
    return found


def settled(call: Call, found: Order) -> Order:
    """The order as Prakerja knows it, if it was pending."""
    return checkout.settle(call, found, form=VOUCHER_FORM, title=MARKETPLACE.title)


def shown(call: Call, found: Order) -> dict[str, Any]:
    """An order as its buyer sees it on the transaction card."""
    course: Course = call.ask(Unit.need, kind=Course, key=found.course)
    voucher: Voucher | None = call.ask(vouchers.voucher_of, order=found.id)
    return {
        "order_id": found.id,
        "invoice": found.invoice,
        "status": STATES[found.status],
        "slug": course.code,
        "name": course.title,
        "total": found.total.amount,
        "created_at": found.ordered_at.isoformat(),
        "voucher_code": voucher.code if voucher else None,
        "voucher_expired_at": voucher.valid_until.isoformat() if voucher else None,
        "redeem_url": redeem_url(course.institution) if voucher else None,
    }


def add_to(face: Face) -> None:
    """Mount the payment's paths."""
    at = "/payment/prakerja"
    for path, body, refuses, handler in (
        ("/order", Chosen, AT_ORDER, order),
        ("/promo", Promo, (Reason.COURSE_UNKNOWN, Reason.PROMO_UNKNOWN), promo),
        ("/methods", Which, CLOSED, methods),
        ("/card", Card, (Reason.CARD_MALFORMED, *AT_RESEND), card),
        ("/otp/resend", Which, AT_RESEND, resend),
        ("/otp", Otp, AT_OTP, otp),
    ):
        face.endpoint("POST", f"{at}{path}", provenance=INFERRED, body=body, refuses=refuses)(handler)


def _sent(call: Call, found: Order, number: str) -> Reply:
    with checkout.prakerja_asked():
        checkout.enter_card(call, found, number)
    settings = call.sandbox.settings
    return answer(
        {"order_id": found.id, "otp_length": settings.otp_digits, "expires_in": settings.otp_lifetime}
    )
