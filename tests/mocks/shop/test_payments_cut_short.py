"""A payment that another request, a lost answer or a kill comes between: it ends as one of them alone."""

import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient
from prakerja_sim.simulator.marketplace import paying
from prakerja_sim.simulator.marketplace.records import Attempt, AttemptStatus, Order, OrderStatus
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import Market
from tests.mocks.reasons import code_of

S = OrderStatus
QUARTER = schedule.PATIENCE


class Till(Market):
    """Somebody who has entered the card and got the OTP."""

    def __init__(self, code="tokopedia"):
        super().__init__(code)
        self.ani = self.enrol()
        self.buyer = self.shopper(self.ani)
        self.number = self.carded(self.buyer, self.ani)

    @property
    def order(self):
        return self.sandbox.ask(Unit.need, kind=Order, key=self.number)

    def authorize(self):
        """Prakerja takes the money, and nobody hears of it."""
        order = self.order
        client = PrakerjaClient.of(self.parties, self.sandbox, self.code)
        about = {"invoice_code": order.invoice, "invoice_url": "https://toko.example/i"}
        client.authorize(token=order.token, otp=self.otp(self.ani), **about)


@pytest.fixture
def till():
    made = Till()
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def asked(till):
    """Killed before Prakerja was asked."""
    till.sandbox.do(paying.ask_payment, order=till.number)


def paid(till):
    """Killed after Prakerja took the money."""
    asked(till)
    till.authorize()


def looked_at(till):
    """The buyer looked when nothing was paid yet; then Prakerja took the money, and a kill came."""
    asked(till)
    till.sandbox.do(paying.not_paid, order=till.number)
    till.authorize()


def started_again(till):
    till.start_again()


def later(till):
    till.after(QUARTER)


ENDS = [(asked, S.WAITING_OTP, 1_000_000), (paid, S.ISSUED, 350_000), (looked_at, S.ISSUED, 350_000)]


@pytest.mark.parametrize("goes_on", [started_again, later])
@pytest.mark.parametrize(("cut_short", "status", "left"), ENDS)
def test_what_a_kill_left_behind_ends_as_prakerja_says(till, cut_short, status, left, goes_on):
    cut_short(till)
    goes_on(till)
    assert (till.order.status, till.balance(till.ani)) == (status, left)
    assert (till.order.voucher is not None) is (status is S.ISSUED)


def test_one_second_before_its_time_nobody_asks(till):
    paid(till)
    till.after(QUARTER - SECOND)
    assert till.order.status is S.PENDING
    till.after(SECOND)
    assert till.order.status is S.ISSUED


def test_while_prakerja_is_silent_it_is_asked_once_more_each_time(till):
    paid(till)
    till.sandbox.arm("request_lost", "payment/status", 2)
    till.after(2 * QUARTER)
    assert till.order.status is S.PENDING
    till.after(QUARTER)
    assert till.order.status is S.ISSUED


def test_a_payment_with_an_answer_leaves_nothing_to_ask(till):
    with pytest.raises(Refused):
        till.buyer.enter_otp(till.number, till.wrong_otp(till.ani))
    assert till.sandbox.ask(schedule.cut_short) == []
    till.buyer.enter_otp(till.number, till.otp(till.ani))
    assert till.sandbox.ask(schedule.cut_short) == []


def test_a_wrong_otp_at_the_same_time_does_not_undo_a_payment_on_its_way(till):
    right, wrong = till.otp(till.ani), till.wrong_otp(till.ani)

    def mistyped():
        with pytest.raises(Refused):
            till.buyer.enter_otp(till.number, wrong)
        assert [due.event for due in till.sandbox.ask(schedule.cut_short)] == ["payment_inquiry"]

    till.meanwhile(mistyped)
    assert till.buyer.enter_otp(till.number, right) == "paid"
    [attempt] = till.sandbox.ask(Unit.find, kind=Attempt)
    assert (attempt.status, till.order.asks) == (AttemptStatus.PAID, 0)
    assert till.sandbox.ask(schedule.cut_short) == []


def test_of_two_wrong_otps_at_the_same_time_nothing_is_left_to_ask(till):
    wrong = till.wrong_otp(till.ani)

    def mistyped():
        with pytest.raises(Refused):
            till.buyer.enter_otp(till.number, wrong)

    till.meanwhile(mistyped)
    mistyped()
    assert (till.order.status, till.order.asks) == (S.WAITING_OTP, 0)
    assert till.sandbox.ask(schedule.cut_short) == []


@pytest.mark.parametrize("code", registry.codes())
def test_a_card_that_is_entered_again_while_its_payment_is_on_its_way_comes_too_late(code):
    till = Till(code)
    till.after(60 * SECOND)
    till.meanwhile(lambda: asked(till))
    with pytest.raises(Refused) as said:
        till.buyer.enter_card(till.number, till.ani.card)
    assert said.value.code in code_of(till, Reason.ORDER_CLOSED)
    assert till.order.status is S.PENDING
    assert till.is_sound()
