"""What Prakerja is told afterwards, and what a distributor ordered: a kill leaves no half."""

import pytest

from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.marketplace import deposits, grades, resale, reviews
from prakerja_sim.simulator.marketplace.records import Mark
from prakerja_sim.simulator.marketplace.supply_records import ResaleStatus
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import Market, refused

QUARTER = schedule.PATIENCE


class Learnt(Market):
    """Somebody whose voucher was redeemed."""

    def __init__(self, code="tokopedia", wave=18):
        super().__init__(code)
        self.ani = self.enrol(wave=wave)
        self.buyer = self.shopper(self.ani)
        self.view = self.bought(self.buyer, self.ani)
        self.institution_client().redeem(self.view.voucher)

    @property
    def training(self):
        [training] = self.sandbox.ask(Unit.find, kind=Training)
        return training


def started_again(market):
    market.start_again()


def later(market):
    market.after(QUARTER)


GOES_ON = pytest.mark.parametrize("goes_on", [started_again, later])


@GOES_ON
def test_a_review_that_a_kill_kept_from_prakerja_is_told_again(monkeypatch, goes_on):
    monkeypatch.setattr("tests.mocks.market.START", wib(2021, 3, 10, 9))
    market = Learnt(wave=12)
    market.sandbox.do(reviews.write, order=market.view.order, stars=4, text="Bagus")
    assert market.training.rating is None
    goes_on(market)
    assert (market.training.rating, market.training.review) == (4, "Bagus")
    assert market.sandbox.ask(schedule.cut_short) == []
    assert market.is_sound()


def test_a_review_is_told_once_more_each_time_while_prakerja_is_silent(monkeypatch):
    monkeypatch.setattr("tests.mocks.market.START", wib(2021, 3, 10, 9))
    market = Learnt(wave=12)
    market.sandbox.arm("request_lost", "simulated/reviews", 2)
    refused(market.buyer.write_review, market.view.order, 4, "Bagus")
    market.after(2 * QUARTER - SECOND)
    assert market.training.rating is None
    market.after(SECOND)
    assert market.training.rating == 4


def test_a_review_that_is_no_rating_any_more_is_told_to_nobody():
    market = Learnt()
    market.sandbox.do(reviews.write, order=market.view.order, stars=4, text="Bagus")
    assert market.sandbox.ask(schedule.cut_short) == []


class Graded(Learnt):
    """Somebody of whom the ministry heard that he finished."""

    def __init__(self):
        super().__init__("kemnaker")
        self.client = self.institution_client()
        self.client._send("POST", "/completions", {"voucher_code": self.view.voucher, "name": self.ani.name})

    def grade(self):
        self.client.read(
            self.client._send("POST", "/marks", {"voucher_code": self.view.voucher, "score": 70})
        )

    @property
    def mark(self):
        return self.sandbox.ask(Unit.need, kind=Mark, key=self.view.voucher)


@GOES_ON
def test_a_grade_that_a_kill_kept_from_prakerja_is_told_again(goes_on):
    market = Graded()
    market.sandbox.do(grades.reserve, voucher=market.view.voucher, score=70)
    goes_on(market)
    assert (market.mark.score, market.training.status) == (70, TrainingStatus.REPORTED)
    assert market.sandbox.ask(schedule.cut_short) == []


@pytest.mark.parametrize("fault", ["request_lost", "reply_lost"])
def test_a_grade_without_an_answer_is_entered_again_by_its_institution(fault):
    market = Graded()
    market.sandbox.arm(fault, "simulated/completions")
    with pytest.raises(VoucherRefused):
        market.grade()
    assert (market.mark.score, market.mark.sending) == (None, None)
    assert market.sandbox.ask(schedule.cut_short) == []
    market.grade()
    assert (market.mark.score, market.training.status) == (70, TrainingStatus.REPORTED)


def test_a_grade_is_told_once_more_each_time_while_prakerja_is_silent_after_a_kill():
    market = Graded()
    market.sandbox.do(grades.reserve, voucher=market.view.voucher, score=70)
    market.sandbox.arm("request_lost", "simulated/completions", 2)
    market.after(3 * QUARTER - SECOND)
    assert market.mark.score is None
    market.after(SECOND)
    assert market.mark.score == 70


def test_a_grade_that_prakerja_refuses_is_not_entered():
    market = Graded()
    market.client._send("POST", "/completions", {"voucher_code": market.view.voucher, "name": "Orang Lain"})
    with pytest.raises(VoucherRefused):
        market.grade()
    assert (market.mark.score, market.mark.sending) == (None, None)
    assert market.sandbox.ask(schedule.cut_short) == []


def test_a_distributors_order_that_was_killed_before_its_end_is_ended_by_the_clock():
    market = Market("tokopedia")
    market.sandbox.do(deposits.pay_in, distributor="toko", amount=Rupiah(1_000_000))
    about = {"product": "pln-postpaid", "client_number": "0811", "fields": "[]", "amount": 0}
    sold = market.sandbox.do(resale.place, distributor="toko", request="1", **about)
    assert sold.status is ResaleStatus.PENDING
    market.sandbox.step()
    ended = market.sandbox.ask(resale.order_of, distributor="toko", request="1")
    assert ended.status is ResaleStatus.SUCCESS
    assert market.is_sound()
