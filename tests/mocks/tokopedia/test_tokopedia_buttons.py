"""The buttons of the history: each is offered exactly when what it stands for goes through."""

import pytest

from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.simulator.values.clock import DAY, SECOND
from tests.mocks.tokopedia.conftest import Market

COURSE = "barista-101"
PRESS = {
    "Bayar Sekarang": lambda shopper, order: shopper.payment_methods(order),
    "Tulis Ulasan": lambda shopper, order: shopper.write_review(order, 5, "Bagus"),
    "Kirim Ulang E-mail": lambda shopper, order: shopper.resend_mail(order),
    "Ajukan Pengembalian Dana": lambda shopper, order: shopper.complain(order, "Salah beli"),
    "Bantuan": lambda shopper, order: shopper.complain(order, "Bagaimana?", topic="other"),
}
STATES = (
    "ordered",
    "carded",
    "pending",
    "paid",
    "a minute later",
    "redeemed",
    "reviewed",
    "refunded",
    "expired",
)


class Order:
    """An order that came as far as a state."""

    def __init__(self, state):
        self.market = market = Market()
        ani = market.enrol()
        self.shopper = market.shopper(ani)
        if state == "ordered":
            self.order = market.ordered(self.shopper)
            return
        self.order = market.carded(self.shopper, ani)
        if state == "carded":
            return
        if state == "pending":
            market.sandbox.arm("reply_lost", "payment/authorize")
            market.sandbox.arm("request_lost", "payment/status", 9)
        self.shopper.enter_otp(self.order, market.otp(ani))
        getattr(self, state.replace(" ", "_"), lambda: None)()

    def a_minute_later(self):
        self.market.after(60 * SECOND)

    def redeemed(self):
        self.market.partner("voucher/redeem", voucher_code=self.shopper.order(self.order).voucher)

    def reviewed(self):
        self.redeemed()
        self.shopper.write_review(self.order, 4, "Baik")

    def refunded(self):
        self.shopper.complain(self.order, "Salah beli")

    def expired(self):
        self.market.after(365 * DAY)

    @property
    def offered(self):
        """The labels of the buttons."""
        asked = self.shopper._ask("GetOrderHistory", "uohOrders", input={"VerticalID": self.order})
        [row] = asked["orders"]
        assert all(button["webURL"].startswith("https://") for button in row["metadata"]["buttons"])
        return {button["Label"] for button in row["metadata"]["buttons"]}

    def works(self, label):
        """Whether that button's operation goes through."""
        try:
            PRESS[label](self.shopper, self.order)
        except Refused:
            return False
        return True


@pytest.mark.parametrize("state", STATES)
def test_a_button_is_offered_exactly_when_it_works(state):
    offered = Order(state).offered
    assert offered == {label for label in PRESS if Order(state).works(label)}


def test_the_article_finds_its_button_once_the_voucher_was_used():
    order = Order("redeemed")
    assert "Tulis Ulasan" in order.offered
    order.shopper.write_review(order.order, 5, "Bagus")
    assert "Tulis Ulasan" not in order.offered
