"""A tiny marketplace: it sells classes to holders of a Kartu Prakerja, and takes them back."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from prakerja import Declined, NoAnswer, call

WIB = timezone(timedelta(hours=7))
LAST_MOMENT = datetime(2021, 11, 30, 23, 59, 59, tzinfo=WIB)
"""Until then people of wave 22 may buy; the day counts whole."""
WRONG_OTP, UNKNOWN_PAYMENT = "ERRPLT40094", "ERRPLT40099"


@dataclass
class Order:
    """One class for one buyer: waiting (for the OTP), paid, refunded, or unclear."""

    invoice: str
    state: str
    token: str
    transaction: str = ""


class Shop:
    """Orders by invoice; `now` answers the time."""

    def __init__(self, now):
        self.orders = {}
        self.now = now

    def is_open(self):
        """Whether it still sells."""
        return self.now() <= LAST_MOMENT

    def order(self, *, course, schedule, price, card, buyer):
        """The buyer chose a class and typed his card number: Prakerja sends him an OTP."""
        body = {"prakerja_id": card, "user_platform_id": buyer, "amount": price}
        asked = call("send-otp", {**body, "course_code": course, "schedule_code": schedule})
        order = Order(f"INV-{len(self.orders) + 1}", "waiting", asked["payment_token"])
        self.orders[order.invoice] = order
        return order

    def pay(self, order, otp):
        """The buyer typed the OTP; whether the class is his now. A wrong OTP may be typed again."""
        if order.state == "paid":
            return True
        body = {"otp": otp, "invoice_code": order.invoice, "invoice_url": "https://shop.example/orders"}
        try:
            paid = call("authorize", body, order.token)
        except NoAnswer:
            return self.recover(order)
        except Declined as declined:
            if declined.code != WRONG_OTP:
                raise
            return False
        order.state, order.transaction = "paid", paid["transaction_code"]
        return True

    def recover(self, order):
        """Nobody here knows whether the card paid: Prakerja does."""
        order.state = "unclear"
        try:
            paid = call("status", {"invoice_code": order.invoice})
        except Declined as declined:
            if declined.code != UNKNOWN_PAYMENT:
                raise
            order.state = "waiting"
            return False
        order.state, order.transaction = "paid", paid["transaction_code"]
        return True

    def refund(self, order):
        """The buyer gives the class back, and his card gets its money."""
        call("void", {"invoice_code": order.invoice, "transaction_code": order.transaction})
        order.state = "refunded"
