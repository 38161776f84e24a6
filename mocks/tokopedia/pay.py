"""The payment page: grouped methods, the card number, the OTP (no public wire is known; inferred).

What Prakerja refuses comes back in this site's codes.  When Prakerja does not answer, the
payment is pending: it may have happened, so nobody is told that it failed.
"""

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout, registry
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.mocks.tokopedia.cart import INVOICES
from prakerja_sim.mocks.tokopedia.graphql import PRINTABLE, Id, from_query
from prakerja_sim.mocks.tokopedia.words import MARKETPLACE, from_prakerja, paid, refusal, said
from prakerja_sim.simulator.marketplace import orders
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus
from prakerja_sim.simulator.values.errors import Reason, Rejected

INFERRED = Provenance.INFERRED
VOUCHER_FORM = "TKPD??????????"
INQUIRY_PREFIX = "PKJ"
PAYABLE = (OrderStatus.WAITING_CARD, OrderStatus.WAITING_OTP)

AT_INQUIRY = (
    Reason.CARD_MALFORMED,
    Reason.ORDER_UNKNOWN,
    Reason.ORDER_CLOSED,
    Reason.SCHEDULE_UNKNOWN,
    Reason.SCHEDULE_OF_OTHER_COURSE,
    Reason.COURSE_STARTED,
    Reason.QUOTA_EXHAUSTED,
    Reason.CARD_UNKNOWN,
    Reason.CARD_INACTIVE,
    Reason.AGE_UNFIT,
    Reason.EDUCATION_UNFIT,
    Reason.VIDEOS_NOT_WATCHED,
    Reason.BALANCE_CLOSED,
    Reason.PREVIOUS_UNFINISHED,
    Reason.COURSE_BOUGHT_BEFORE,
    Reason.BALANCE_TOO_LOW,
    Reason.ACCOUNT_BOUND,
    Reason.OTP_TOO_SOON,
    Reason.OTP_REQUESTS_EXHAUSTED,
    Reason.NO_REPLY,
)
AT_CONFIRM = (
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
)

Digits = Annotated[str, StringConstraints(max_length=64, pattern=PRINTABLE)]


class _Body(BaseModel):
    """A request body: exact types, unknown fields ignored."""

    model_config = ConfigDict(strict=True, frozen=True)


class CardInquiry(_Body):
    """The card that is to pay."""

    transaction_id: Id
    card_number: Digits


class OtpResend(_Body):
    """For which card entry another OTP is wanted."""

    inquiry_id: Id


class OtpConfirm(OtpResend):
    """The OTP that came."""

    otp: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)]


def methods(call: Call) -> Reply:
    """The ways to pay ("Lihat Semua"), grouped; training is paid for with the card only."""
    order = _order(call, from_query(call, "transaction_id"))
    if order.status not in PAYABLE:
        raise Rejected(Reason.ORDER_CLOSED)
    why = "Kelas Prakerja hanya dapat dibayar dengan Kartu Prakerja."
    return paid(
        [
            {
                "group": "Program Pemerintah",
                "methods": [
                    {"gateway_code": "PRAKERJA", "name": "Kartu Prakerja", "enabled": True, "reason": ""}
                ],
            },
            {
                "group": "Transfer Virtual Account",
                "methods": [
                    {"gateway_code": "VA", "name": "Virtual Account", "enabled": False, "reason": why}
                ],
            },
        ]
    )


def inquiry(call: Call, body: CardInquiry) -> Reply:
    """Enter the card number; Prakerja checks the purchase and sends the OTP by text message."""
    order = settled(call, _order(call, body.transaction_id))
    return _asked(call, order, body.card_number)


def resend(call: Call, body: OtpResend) -> Reply:
    """Ask for another OTP, which replaces the older one."""
    order = settled(call, _order_of_inquiry(call, body.inquiry_id))
    assert order.card is not None
    return _asked(call, order, order.card)


def confirm(call: Call, body: OtpConfirm) -> Reply:
    """Enter the OTP and pay; asked again for a paid order, it answers as it did."""
    order = _order_of_inquiry(call, body.inquiry_id)

    def pay() -> Reply:
        checkout.enter_otp(
            call,
            order,
            body.otp,
            form=VOUCHER_FORM,
            title=MARKETPLACE.title,
            invoice_url=INVOICES + order.invoice,
            supply=_supply(call),
        )
        return paid({"status": "PAID", "order_id": order.id})

    return _told(pay, {"status": "PENDING", "order_id": order.id})


def settled(call: Call, order: Order) -> Order:
    """The order as Prakerja knows it, if it was pending."""
    told = {"form": VOUCHER_FORM, "title": MARKETPLACE.title}
    return checkout.settle(call, order, supply=_supply(call), **told)


def add_to(face: Face) -> None:
    """Mount the payment page."""
    at = "/pay/v2"
    closed = (Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED)
    face.endpoint("GET", f"{at}/methods", provenance=INFERRED, refuses=closed)(methods)
    asked = face.endpoint(
        "POST", f"{at}/prakerja/inquiry", provenance=INFERRED, body=CardInquiry, refuses=AT_INQUIRY
    )
    asked(inquiry)
    again = face.endpoint(
        "POST", f"{at}/prakerja/otp/resend", provenance=INFERRED, body=OtpResend, refuses=AT_INQUIRY
    )
    again(resend)
    confirmed = face.endpoint(
        "POST", f"{at}/prakerja/confirm", provenance=INFERRED, body=OtpConfirm, refuses=AT_CONFIRM
    )
    confirmed(confirm)


def _supply(call: Call) -> checkout.Supply | None:
    """Who supplies the voucher: its institution, or with None a pool of our own."""
    business = registry.business(MARKETPLACE.code)
    return business.supply if business is not None and call.sandbox.settings.live_suppliers else None


def _asked(call: Call, order: Order, card: str) -> Reply:
    def ask() -> Reply:
        checkout.enter_card(call, order, card)
        settings = call.sandbox.settings
        told = {
            "inquiry_id": INQUIRY_PREFIX + order.id,
            # Prakerja's answer does not say to which phone the OTP went, so neither can the page.
            "masked_phone": "",
            "otp_digit": settings.otp_digits,
            "expires_in": settings.otp_lifetime,
        }
        return paid(told)

    return _told(ask, None)


def _told(act: Callable[[], Reply], pending: dict[str, str] | None) -> Reply:
    """What came of asking Prakerja, in this site's words; no answer is 202 when money may have moved."""
    try:
        return act()
    except Refused as refused:
        return refusal(from_prakerja(refused.code))
    except NoReply:
        lost = refusal(said(Reason.NO_REPLY))
        return lost if pending is None else Reply({**lost.body, "data": pending}, 202)


def _order(call: Call, order: str) -> Order:
    found: Order = call.ask(orders.order_of, marketplace=MARKETPLACE.code, shopper=call.sender, order=order)
    return found


def _order_of_inquiry(call: Call, inquiry_id: str) -> Order:
    if not inquiry_id.startswith(INQUIRY_PREFIX):
        raise Rejected(Reason.ORDER_UNKNOWN)
    found = _order(call, inquiry_id.removeprefix(INQUIRY_PREFIX))
    if found.card is None:
        raise Rejected(Reason.ORDER_UNKNOWN)
    return found
