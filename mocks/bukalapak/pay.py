"""Paying with the Kartu Prakerja: the card is checked before, the OTP comes after (B5 to B7).

The check looks at the number and at whether this account has paid with another card; "Bayar"
asks Prakerja, which sends the OTP; the same request with `Bukalapak-OTP-Key` is "Verifikasi".
Without an answer of Prakerja the payment is being processed, and nobody is told that it failed.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from pydantic import StringConstraints

from prakerja_sim.mocks.bukalapak import buying
from prakerja_sim.mocks.bukalapak.account import otp_key
from prakerja_sim.mocks.bukalapak.buying import PAYABLE, PAYMENT, VOUCHER_FORM
from prakerja_sim.mocks.bukalapak.fields import PRINTABLE, Body, utc
from prakerja_sim.mocks.bukalapak.words import MARKETPLACE, SEAT_LOST, done, refusal
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.mocks.shop.checkout import prakerja_asked
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.marketplace import orders
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.values.errors import Reason, Rejected

INFERRED, SIMULATED = Provenance.INFERRED, Provenance.SIMULATED
AT_CHECK = (Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED, Reason.CARD_MALFORMED, Reason.ACCOUNT_BOUND)
AT_PAY = (
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
    Reason.COURSE_BOUGHT_BEFORE,
    Reason.BALANCE_TOO_LOW,
    Reason.OTP_TOO_SOON,
    Reason.OTP_REQUESTS_EXHAUSTED,
    Reason.NO_REPLY,
    Reason.SERVICE_UNAVAILABLE,
)
AT_VERIFY = (
    Reason.TOKEN_UNKNOWN,
    Reason.OTP_TRIES_EXHAUSTED,
    Reason.OTP_EXPIRED,
    Reason.OTP_WRONG,
    Reason.INVOICE_USED,
)
WHY_CLOSED = "Kursus Prakerja hanya dapat dibayar dengan Kartu Prakerja"


class Card(Body):
    """The card that is to pay."""

    card_number: Annotated[str, StringConstraints(max_length=64, pattern=PRINTABLE)]


def methods(call: Call) -> Reply:
    """The ways to pay, by group; a course is paid for with the card only."""
    order = _order(call)
    if order.status not in PAYABLE:
        raise Rejected(Reason.ORDER_CLOSED, status=order.status)
    return done(
        [
            {"group": "Program Pemerintah", "methods": [_method("prakerja", "Kartu Prakerja", "")]},
            {"group": "Dompet Digital", "methods": [_method("wallet", "Dompet Digital", WHY_CLOSED)]},
        ]
    )


def check_card(call: Call, body: Card) -> Reply:
    """Check the card number: its form, and that this account has not paid with another."""
    _check(call, _order(call), body.card_number)
    return done({"state": "card_verified", "card_number": f"{'*' * 12}{body.card_number[-4:]}"})


def pay(call: Call, body: Card) -> Reply:
    """Press "Bayar", and with the OTP in the headers "Verifikasi"; asked again once paid, it is paid."""
    order, otp = _order(call), otp_key(call)
    if otp:
        return _told(lambda: _verified(call, order, body.card_number, otp))
    return _told(lambda: _asked(call, order, body.card_number))


def resend_otp(call: Call) -> Reply:
    """Ask for another OTP, which replaces the older one."""
    order = _order(call)
    if order.card is None:
        raise Rejected(Reason.TOKEN_UNKNOWN)
    card = order.card
    return _told(lambda: _asked(call, order, card))


def add_to(face: Face) -> None:
    """Mount the payment."""
    at = "/api/payments/<payment>"
    closed = (Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED)
    face.endpoint("GET", f"{at}/methods", provenance=INFERRED, refuses=closed)(methods)
    checked = face.endpoint("POST", f"{at}/prakerja/cards", provenance=SIMULATED, body=Card, refuses=AT_CHECK)
    checked(check_card)
    paid = face.endpoint(
        "POST", f"{at}/prakerja", provenance=INFERRED, body=Card, refuses=AT_CHECK + AT_PAY + AT_VERIFY
    )
    paid(pay)
    again = face.endpoint(
        "POST", f"{at}/otp", provenance=INFERRED, refuses=(*AT_CHECK, *AT_PAY, Reason.TOKEN_UNKNOWN)
    )
    again(resend_otp)


def _asked(call: Call, order: Order, card: str) -> Reply:
    order = buying.settled(call, order)
    _check(call, order, card)
    with prakerja_asked():
        checkout.enter_card(call, order, card)
    expires = call.sandbox.now() + timedelta(seconds=call.sandbox.settings.otp_lifetime)
    # Prakerja's answer does not say to which phone the OTP went, so neither can this.
    return done({"state": "otp_required", "masked_phone": "", "expired_at": utc(expires)}, 202)


def _verified(call: Call, order: Order, card: str, otp: str) -> Reply:
    if order.card != card:
        raise Rejected(Reason.TOKEN_UNKNOWN)
    try:
        checkout.enter_otp(
            call,
            order,
            otp,
            form=VOUCHER_FORM,
            title=MARKETPLACE.title,
            invoice_url=buying.INVOICES + order.invoice,
        )
    except NoReply:
        return done({"state": "processing"}, 202)
    except Refused as refused:
        raise Rejected(refused.reason) from None
    return done(buying.shown(call, _order(call)))


def _told(act: Callable[[], Reply]) -> Reply:
    """A seat that is lost while paying has words of its own."""
    try:
        return act()
    except Rejected as refused:
        if refused.reason is not Reason.QUOTA_EXHAUSTED:
            raise
        return refusal(SEAT_LOST)


def _check(call: Call, order: Order, card: str) -> None:
    orders.check_card_form(card)
    if order.status not in PAYABLE:
        raise Rejected(Reason.ORDER_CLOSED, status=order.status)
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    if any(one.paid_at and one.card != card for one in mine):
        raise Rejected(Reason.ACCOUNT_BOUND)


def _order(call: Call) -> Order:
    number = call.path["payment"]
    return buying.order_of(call, number[len(PAYMENT) :] if number.startswith(PAYMENT) else "")


def _method(code: str, name: str, why_not: str) -> dict[str, object]:
    return {"id": code, "name": name, "enabled": not why_not, "reason": why_not}
