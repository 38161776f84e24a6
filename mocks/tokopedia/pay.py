"""The payment page: grouped methods, the card number, the OTP (no public API is known; inferred).

When Prakerja does not answer, the payment is pending: it may have happened, so the answer never says that it
failed.
"""

from prakerja_sim.mocks.http.face import Call, Reply
from prakerja_sim.mocks.shop import checkout, ordering
from prakerja_sim.mocks.shop.ordering import Purchase, Sent, order_of
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.mocks.tokopedia.codes import INQUIRY
from prakerja_sim.mocks.tokopedia.fields import Confirm, Inquiry, Resend
from prakerja_sim.mocks.tokopedia.graphql import from_query
from prakerja_sim.mocks.tokopedia.words import SAYS, paid, refusal
from prakerja_sim.simulator.marketplace import orders
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses

CARD = {"gateway_code": "PRAKERJA", "name": "Kartu Prakerja", "enabled": True, "reason": ""}
WHY = "Kelas Prakerja hanya dapat dibayar dengan Kartu Prakerja."
BANK = {"gateway_code": "VA", "name": "Virtual Account", "enabled": False, "reason": WHY}
METHODS = [
    {"group": "Program Pemerintah", "methods": [CARD]},
    {"group": "Transfer Virtual Account", "methods": [BANK]},
]


@refuses(orders.order_of, Reason.ORDER_CLOSED)
def methods(site: Site, call: Call) -> Order:
    """The ways to pay ("Lihat Semua"), grouped; training is paid for with the card only."""
    return ordering.payable(order_of(site, call, from_query(call, "transaction_id")))


@refuses(orders.order_of, checkout.enter_card)
def inquiry(site: Site, call: Call, body: Inquiry) -> Sent:
    """Enter the card number; Prakerja checks the purchase and sends the OTP by text message."""
    return ordering.send_otp(site, call, order_of(site, call, body.order_id), body.card_number)


@refuses(orders.order_of, checkout.enter_card)
def resend(site: Site, call: Call, body: Resend) -> Sent:
    """Ask for another OTP, which replaces the older one."""
    order = _inquired(site, call, body.inquiry_id)
    assert order.card is not None
    return ordering.send_otp(site, call, order, order.card)


@refuses(orders.order_of, checkout.enter_otp)
def confirm(site: Site, call: Call, body: Confirm) -> Purchase:
    """Enter the OTP and pay; asked again for a paid order, it answers as it did."""
    return ordering.paid(site, call, _inquired(site, call, body.inquiry_id), body.otp)


def sent(otp: Sent) -> Reply:
    """The page with the boxes for the OTP; Prakerja's answer does not say to which phone it went."""
    inquired = {"inquiry_id": INQUIRY + otp.order.id, "masked_phone": ""}
    return paid({**inquired, "otp_digit": otp.digits, "expires_in": otp.seconds})


def confirmed(purchase: Purchase) -> Reply:
    """It is paid, or not known yet: then the status is 202, since money may have moved."""
    order = purchase.order.id
    if not purchase.pending:
        return paid({"status": "PAID", "order_id": order})
    lost = refusal(SAYS[Reason.NO_REPLY])
    return Reply({**lost.body, "data": {"status": "PENDING", "order_id": order}}, 202)


def _inquired(site: Site, call: Call, inquiry_id: str) -> Order:
    """The order whose card was entered under that id."""
    if not inquiry_id.startswith(INQUIRY):
        raise Rejected(Reason.ORDER_UNKNOWN, inquiry_id=inquiry_id, begins_with=INQUIRY)
    order = order_of(site, call, inquiry_id.removeprefix(INQUIRY))
    if order.card is None:
        raise Rejected(Reason.ORDER_UNKNOWN, order=order.id, card=None)
    return order
