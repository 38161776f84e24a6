"""Buying: the order with its promo code and terms, the ways to pay, the card, the OTP."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from prakerja_sim.mocks.http.face import Malformed, Reply
from prakerja_sim.mocks.shop.buyer import CardCheck, OtpSent
from prakerja_sim.mocks.shop.pages.session import Waiting
from prakerja_sim.mocks.shop.pages.visit import Visit
from prakerja_sim.simulator.values.clock import parse_instant

PAYABLE = ("waiting_card", "waiting_otp")


def chosen_page(visit: Visit) -> Reply:
    """What is about to be ordered, with its terms."""
    if not visit.session.chosen:
        return visit.to("/kelas")
    course = visit.shopper.look(visit.session.chosen)
    total = course.price - visit.session.discount
    return visit.page("chosen.html", course=course, total=total, promo=visit.typed("promo"))


def order(visit: Visit) -> Reply:
    """Enter a promo code, or order: then to the payment."""
    me = visit.session
    if not me.chosen:
        return visit.to("/kelas")
    if visit.typed("do") == "promo":
        me.discount = visit.shopper.enter_promo(visit.typed("promo"))
        return chosen_page(visit)
    placed = visit.shopper.check_out()
    me.chosen, me.discount = "", 0
    return visit.to(_at(placed, "" if visit.labels.methods else "/kartu"))


def payment_page(visit: Visit) -> Reply:
    """What is to be paid, and where to choose how."""
    return _payable(visit, "payment.html")


def methods_page(visit: Visit) -> Reply:
    """All ways to pay, by group."""
    number = visit.named("order")
    return visit.page("methods.html", order=number, methods=visit.shopper.payment_methods(number))


def card_page(visit: Visit) -> Reply:
    """The form for the card's number; where the site checks it first, the button for paying comes after."""
    number = visit.named("order")
    checks = isinstance(visit.shopper, CardCheck)
    return _payable(visit, "card.html", checks=checks, checked=number in visit.session.cards)


def enter_card(visit: Visit) -> Reply:
    """Check the card where the site does, or pay with it: an OTP is sent."""
    number, me, step = visit.named("order"), visit.session, visit.typed("do")
    card = me.cards.get(number, "") if step == "pay" else visit.typed("card_number")
    if not card or len(card) > 64:
        raise Malformed("card_number: from 1 to 64 characters")
    if step == "other":
        me.cards.pop(number, None)
    elif step != "pay" and isinstance(visit.shopper, CardCheck):
        visit.shopper.check_card(number, card)
        me.cards[number] = card
    else:
        _sent(visit, visit.shopper.enter_card(number, card))
        me.cards.pop(number, None)
        return visit.to(_at(number, "/otp"))
    return visit.to(_at(number, "/kartu"))


def otp_page(visit: Visit) -> Reply:
    """The form for the OTP: until when it counts, and from when another one may be asked for."""
    waiting = visit.session.otps.get(visit.named("order"))
    return _payable(
        visit,
        "otp.html",
        digits=waiting.sent.digits if waiting else None,
        until=_until(waiting) if waiting else None,
        again_at=_again_at(visit, waiting) if waiting else None,
    )


def enter_otp(visit: Visit) -> Reply:
    """Confirm the payment, or have another OTP sent."""
    number = visit.named("order")
    if visit.typed("do") == "resend":
        _sent(visit, visit.shopper.resend_otp(number))
        return visit.to(_at(number, "/otp"))
    visit.shopper.enter_otp(number, visit.typed("otp"))
    visit.session.otps.pop(number, None)
    return visit.to(f"/pesanan/{quote(number, safe='')}")


def _sent(visit: Visit, sent: OtpSent) -> None:
    visit.session.otps[visit.named("order")] = Waiting(sent, visit.now)


def _until(waiting: Waiting) -> datetime | None:
    """Until when the code counts, as the site says."""
    if waiting.sent.until is not None:
        return parse_instant(waiting.sent.until)
    return waiting.at + timedelta(seconds=waiting.sent.seconds) if waiting.sent.seconds else None


def _again_at(visit: Visit, waiting: Waiting) -> datetime:
    """From when another code may be asked for; no site says so, the programme decides it."""
    return waiting.at + timedelta(seconds=visit.call.sandbox.settings.otp_resend_after)


def _payable(visit: Visit, template: str, **facts: Any) -> Reply:
    """A page of the payment; an order that is paid or pending has nothing to pay."""
    order = visit.shopper.order(visit.named("order"))
    if order.status not in PAYABLE and visit.problem is None:
        return visit.to(f"/pesanan/{quote(order.order, safe='')}")
    return visit.page(template, order=order, **facts)


def _at(order: str, step: str) -> str:
    return f"/bayar/{quote(order, safe='')}{step}"
