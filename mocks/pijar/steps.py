"""What only Pijar does: a phone as login, the card apart from "Kirim OTP", classes that it holds itself.

Such a class is learnt at Pijar's own learning site, which burns the voucher that its buyer never
sees; the site is an institution like any other and is reached over HTTP.
"""

from typing import Any

import orjson

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.pijar.envelope import learn_url
from prakerja_sim.mocks.shop import account, catalogue, checkout, ordering, support
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.marketplace import orders, paying
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Review
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses


@refuses(Reason.CARD_MALFORMED, orders.order_of, Reason.ORDER_CLOSED)
def card(site: Site, call: Call, body: Any) -> Order:
    """Enter the card number; only its form is looked at, Prakerja is asked by "Kirim OTP"."""
    paying.check_card_form(body.card_number)
    return ordering.payable(ordering.settled(site, call, ordering.own(site, call)))


@refuses(orders.order_of, checkout.enter_card)
def otp(site: Site, call: Call, body: Any) -> ordering.Sent:
    """Have the OTP sent ("Kirim OTP"), the first or another one; Prakerja checks the purchase."""
    order = ordering.settled(site, call, ordering.own(site, call))
    return ordering.send_otp(
        site, call, order, body.card_number if body.card_number is not None else order.card or ""
    )


@refuses(Reason.COURSE_UNKNOWN, orders.order_of, checkout.write_review)
def review(site: Site, call: Call, body: Any) -> Review:
    """Write a review of a class, once it was opened."""
    course = catalogue.course_of(site, call, call.path["class_id"])
    order = ordering.own(site, call, body)
    if order.course != course.code:
        raise Rejected(Reason.ORDER_UNKNOWN, order=order.id, of_course=order.course, course=course.code)
    return support.write_review(call, order, stars=body.rating, text=body.comment)


@refuses(
    orders.order_of,
    Reason.ORDER_CLOSED,
    Reason.COURSE_NOT_HOSTED,
    Reason.PREVIOUS_UNFINISHED,
    Reason.SERVICE_UNAVAILABLE,
)
def start(site: Site, call: Call) -> ordering.Purchase:
    """Open a class that is held here ("Mulai Belajar"); pressed again, it answers the same."""
    purchase = ordering.one_order(site, call)
    if not purchase.hosted:
        raise Rejected(Reason.COURSE_NOT_HOSTED, course=purchase.order.course)
    if purchase.voucher is None or purchase.order.status is not OrderStatus.ISSUED:
        raise Rejected(Reason.ORDER_CLOSED, status=purchase.order.status)
    learner = account.account_of(call)
    about = {"voucher_code": purchase.voucher.code, "marketplace": site.code}
    _learning(call, site, {**about, "email": learner.email, "name": learner.name})
    return purchase


def opened(purchase: ordering.Purchase) -> dict[str, Any]:
    """Where the class is learnt."""
    assert purchase.voucher is not None
    return {"orderId": purchase.order.id, "learnUrl": learn_url(purchase.voucher)}


def _learning(call: Call, site: Site, learner: dict[str, Any]) -> None:
    """Have the learning site open the class; raises Rejected if it does not."""
    transport = call.parties.transport("institution", call.sandbox)
    headers = {"Content-Type": "application/json"}
    try:
        answer = transport.send("POST", f"/{site.code}/vouchers/redeem", headers, orjson.dumps(learner))
    except NoReply as silence:
        raise Rejected(Reason.SERVICE_UNAVAILABLE, lost=str(silence)) from None
    if answer.status == 409 and answer.json()["error"]["code"] == Reason.PREVIOUS_UNFINISHED:
        raise Rejected(Reason.PREVIOUS_UNFINISHED, learning_site=answer.json()["error"]["message"])
    if answer.status != 200:
        raise Rejected(Reason.SERVICE_UNAVAILABLE, status=answer.status)
