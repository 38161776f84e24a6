"""Buying a class: "Beli Sekarang" and its e-mail, the card, "Kirim OTP", and the payment.

The order's e-mail leaves before anything is paid (seen); the wire is inferred.
"""

from typing import Any

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.pijar.catalogue import class_id, course_of, redeem_url
from prakerja_sim.mocks.pijar.fields import Body, Id, Query, Word, asked
from prakerja_sim.mocks.pijar.words import MARKETPLACE, success
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.simulator.marketplace import number_formats, orders, vouchers
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Shopper, Voucher
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

INFERRED, SEEN = Provenance.INFERRED, Provenance.SEEN
VOUCHER_FORM = "PJR#########"
STATES = {
    OrderStatus.WAITING_CARD: "WAITING_PAYMENT",
    OrderStatus.WAITING_OTP: "WAITING_OTP",
    OrderStatus.PENDING: "PROCESSING",
    OrderStatus.ISSUED: "PAID",
    OrderStatus.REFUNDED: "REFUNDED",
}
PAYABLE = (OrderStatus.WAITING_CARD, OrderStatus.WAITING_OTP)
AT_ORDER = (
    Reason.PHONE_UNVERIFIED,
    Reason.COURSE_UNKNOWN,
    Reason.SCHEDULE_OF_OTHER_COURSE,
    Reason.QUOTA_EXHAUSTED,
    Reason.PROMO_UNKNOWN,
)
AT_CARD = (Reason.CARD_MALFORMED, Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED)
AT_OTP = (
    *AT_CARD,
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
AT_VERIFY = (
    Reason.ORDER_UNKNOWN,
    Reason.ORDER_CLOSED,
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
    """The class that is wanted."""

    classId: Id  # noqa: N815  # the wire's names, here and below
    scheduleId: Id | None = None  # noqa: N815
    promoCode: Word | None = None  # noqa: N815


class PromoTry(Body):
    """A promo code, tried on a class."""

    classId: Id  # noqa: N815
    promoCode: Word  # noqa: N815


class OrderQuery(Query):
    """Which order is meant."""

    orderId: Id  # noqa: N815


class Card(Body):
    """The card that is to pay."""

    cardNumber: Word  # noqa: N815


class OtpWish(Body):
    """The card, which may be left out when the OTP is sent again."""

    cardNumber: Word | None = None  # noqa: N815


class OtpEntry(Body):
    """The OTP that came."""

    otp: Word


@command("pijar.place")
def place(world: Unit, *, shopper: str, course: str, schedule: str | None, promo: str | None) -> Order:
    """Order a class, and tell the buyer by e-mail before he pays."""
    prefix = world.now.strftime("PM/%Y%m%d/")
    about = {"shopper": shopper, "course": course, "schedule": schedule, "promo": promo}
    order = orders.order_now(world, prefix=prefix, form=number_formats.UUID, **about)  # type: ignore[arg-type]
    account = world.need(Shopper, shopper)
    told = f"Nomor pesanan: {order.invoice}\nTotal: {order.total}\nStatus: menunggu pembayaran"
    messages.mail(world, account.email, MARKETPLACE.title, "Status pesanan Anda", told)
    return order


def order(call: Call, body: NewOrder) -> Reply:
    """Order a class ("Beli Sekarang"); the order's e-mail leaves at once."""
    course = course_of(call, body.classId)
    wanted = {"course": course.code, "schedule": body.scheduleId, "promo": body.promoCode or None}
    placed: Order = call.do(place, shopper=call.sender, **wanted)
    return success(shown(call, placed), "Pesanan dibuat. Silakan lanjutkan pembayaran.", 201)


def promo(call: Call, body: PromoTry) -> Reply:
    """Try a promo code; it counts when it goes with the order."""
    course = course_of(call, body.classId)
    discount = call.ask(orders.discount_of, course=course.code, promo=body.promoCode)
    told = {
        "promoCode": body.promoCode,
        "discount": discount.amount,
        "total": (course.price - discount).amount,
    }
    return success(told, "Kode promo dapat digunakan.")


def methods(call: Call) -> Reply:
    """The ways to pay; training of the programme is paid for with its card only."""
    found = own(call, asked(call, OrderQuery).orderId)
    if found.status not in PAYABLE:
        raise Rejected(Reason.ORDER_CLOSED)
    card = {
        "code": "KARTU_PRAKERJA",
        "name": "Kartu Prakerja",
        "group": "Program Pemerintah",
        "enabled": True,
    }
    bank = {"code": "VA", "name": "Virtual Account", "group": "Transfer Bank", "enabled": False}
    return success([card, bank])


def card(call: Call, body: Card) -> Reply:
    """Enter the card number; only its form is looked at, Prakerja is asked by "Kirim OTP"."""
    orders.check_card_form(body.cardNumber)
    found = settled(call, own(call, call.path["order_id"]))
    if found.status not in PAYABLE:
        raise Rejected(Reason.ORDER_CLOSED)
    return success({"orderId": found.id, "total": found.total.amount}, "Tekan Kirim OTP.")


def otp(call: Call, body: OtpWish) -> Reply:
    """Have the OTP sent ("Kirim OTP"), the first or another one; Prakerja checks the purchase."""
    found = settled(call, own(call, call.path["order_id"]))
    number = body.cardNumber if body.cardNumber is not None else found.card or ""
    with checkout.prakerja_asked():
        checkout.enter_card(call, found, number)
    settings = call.sandbox.settings
    told = {"orderId": found.id, "otpDigit": settings.otp_digits, "expiresIn": settings.otp_lifetime}
    return success(told, "OTP dikirim ke nomor HP yang terdaftar di Prakerja.")


def verify(call: Call, body: OtpEntry) -> Reply:
    """Enter the OTP and pay; asked again for a paid order, it answers as it did."""
    found = own(call, call.path["order_id"])
    try:
        with checkout.prakerja_asked():
            checkout.enter_otp(
                call,
                found,
                body.otp,
                form=VOUCHER_FORM,
                title=MARKETPLACE.title,
                invoice_url=f"https://pijarmahir.id/invoice/{found.id}",
            )
    except Rejected as refused:
        if refused.reason is not Reason.NO_REPLY:
            raise
        return success(shown(call, own(call, found.id)), "Pembayaran sedang diproses.", 202)
    return success(shown(call, own(call, found.id)), "Pembayaran Berhasil")


def own(call: Call, wanted: str) -> Order:
    """An order of who is logged in."""
    about = {"marketplace": MARKETPLACE.code, "shopper": call.sender, "order": wanted}
    found: Order = call.ask(orders.order_of, **about)
    return found


def settled(call: Call, found: Order) -> Order:
    """The order as Prakerja knows it, if it was pending."""
    return checkout.settle(call, found, form=VOUCHER_FORM, title=MARKETPLACE.title)


def shown(call: Call, found: Order) -> dict[str, Any]:
    """An order as its buyer sees it, with the voucher or, for a class held here, its address."""
    course: Course = call.ask(Unit.need, kind=Course, key=found.course)
    voucher: Voucher | None = call.ask(vouchers.voucher_of, order=found.id)
    hosted = vouchers.is_hosted(MARKETPLACE.code, course)
    return {
        "orderId": found.id,
        "orderNo": found.invoice,
        "status": STATES[found.status],
        "classId": class_id(call, course.code),
        "prakerjaCode": course.code,
        "title": course.title,
        "institution": course.institution,
        "price": found.price.amount,
        "discount": found.discount.amount,
        "total": found.total.amount,
        "createdAt": found.ordered_at.isoformat(),
        "paidAt": found.paid_at.isoformat() if found.paid_at else None,
        "voucherCode": voucher.code if voucher and not hosted else None,
        "voucherStatus": voucher.status.value if voucher else None,
        "validUntil": voucher.valid_until.isoformat() if voucher else None,
        "redeemUrl": redeem_url(course.institution) if voucher and not hosted else None,
        "learnUrl": learn_url(voucher) if voucher and hosted else None,
    }


def learn_url(voucher: Voucher) -> str:
    """Where a class that is held here is learnt."""
    return f"https://pijarmahir.id/belajar/{voucher.code}"


def add_to(face: Face) -> None:
    """Mount the order's and the payment's paths."""
    at = "/api/v1/orders"
    face.endpoint("POST", at, provenance=INFERRED, body=NewOrder, refuses=AT_ORDER)(order)
    tried = face.endpoint(
        "POST",
        "/api/v1/promos/check",
        provenance=INFERRED,
        body=PromoTry,
        refuses=(Reason.COURSE_UNKNOWN, Reason.PROMO_UNKNOWN),
    )
    tried(promo)
    offered = face.endpoint(
        "GET",
        "/api/v1/payment-methods",
        provenance=INFERRED,
        body=OrderQuery,
        raw=True,
        refuses=(Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED),
    )
    offered(methods)
    pay = f"{at}/<order_id>/prakerja"
    face.endpoint("POST", pay, provenance=INFERRED, body=Card, refuses=AT_CARD)(card)
    face.endpoint("POST", f"{pay}/otp", provenance=INFERRED, body=OtpWish, refuses=AT_OTP)(otp)
    face.endpoint("POST", f"{pay}/verify", provenance=INFERRED, body=OtpEntry, refuses=AT_VERIFY)(verify)
