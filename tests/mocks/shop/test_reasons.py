"""Every reason that a shopper can be given, at every marketplace in its own code or words.

How each is provoked is one table, `tests.mocks.reasons`; what no shopper can bring about is excused here.
"""

from importlib import import_module

import pytest

from prakerja_sim.mocks.prakerja.server import authorize, send_otp
from prakerja_sim.mocks.prakerja.words import REJECTIONS as PRAKERJA
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.mocks.shop.passed_on import passed_on
from prakerja_sim.mocks.shop.prakerja_client import MEANS
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.refusals import reasons_of
from tests.mocks.market import Market
from tests.mocks.reasons import CASES, code_of

CODES = registry.codes()
BEYOND_A_SHOPPER = {
    Reason.PHONE_TAKEN: "the app goes on and logs in; covered with bad input",
    Reason.EMAIL_TAKEN: "the app goes on and logs in; covered with bad input",
    Reason.ACCOUNT_TAKEN: "the app goes on and logs in; covered with bad input",
    Reason.PHONE_UNKNOWN: "the app asks for a code of the account that it opened; covered with bad input",
    Reason.LOGIN_REFUSED: "the app knows its password; covered with bad input",
    Reason.TERMS_NOT_ACCEPTED: "the app sends the YA; covered with bad input",
    Reason.AMOUNT_UNFIT: "the shopper orders what the cart shows",
    Reason.SCHEDULE_UNKNOWN: "a listed course has its schedule; covered with bad input",
    Reason.SCHEDULE_OF_OTHER_COURSE: "a listed course has its schedule",
    Reason.TOKEN_UNKNOWN: "the server keeps the token; covered with bad input",
    Reason.INVOICE_USED: "an order has one invoice",
    Reason.PAYMENT_UNKNOWN: "status is asked by the server only",
    Reason.VOUCHER_CANCELLED: "a refund closes the order first",
    Reason.REFUND_NOT_OFFERED: "a site's policy; covered where policies are judged",
    Reason.REFUND_TOO_LATE: "a site's policy; covered where policies are judged",
    Reason.REFUND_ASKED: "most sites pay back at once; covered where policies are judged",
    Reason.COURSE_NOT_HOSTED: "one site opens classes itself; covered with its steps",
    Reason.NAME_DIFFERS: "told to institutions",
    Reason.TOO_LATE_TO_FINISH: "told to institutions",
    Reason.COURSE_UNFINISHED: "told to institutions",
    Reason.WEBHOOK_TARGET_REFUSED: "partners register, shoppers do not",
    Reason.WEBHOOK_UNKNOWN: "partners look for webhooks, shoppers do not",
    Reason.WEBHOOK_NOT_SO: "partners repeat webhooks, shoppers do not",
}
OF_A_REFUND = {Reason.VOID_AFTER_REDEEM, Reason.VOUCHER_USED, Reason.VOUCHER_EXPIRED}


def said_at(code):
    """The reasons for which a marketplace has words."""
    return {reason for reason, _ in registry.rejections(code)}


def provoked(code):
    """The reasons that a shopper can bring about there; who may not ask for a refund hears only that."""
    unasked = set() if "buyer" in registry.site(code).refunds.askers else OF_A_REFUND
    return sorted(said_at(code) & set(CASES) - unasked)


HERE = [(code, reason) for code in CODES for reason in provoked(code)]


@pytest.mark.parametrize(("code", "reason"), HERE, ids=str)
def test_a_refusal_comes_in_the_sites_own_code(code, reason):
    market = Market(code)
    with pytest.raises(Refused) as refusal:
        CASES[reason](market)
    assert refusal.value.code in code_of(market, reason)
    assert refusal.value.message or refusal.value.code  # a site without codes is told apart by its words
    assert market.is_sound(), (market.sandbox.stopped, market.parties.bugs)


@pytest.mark.parametrize("code", CODES)
def test_every_reason_of_a_marketplace_is_provoked_or_excused(code):
    assert said_at(code) <= set(CASES) | set(BEYOND_A_SHOPPER)
    assert not set(CASES) & set(BEYOND_A_SHOPPER)


def test_every_excuse_is_still_needed():
    assert set(BEYOND_A_SHOPPER) <= {reason for code in CODES for reason in said_at(code)}
    assert set(CASES) <= {reason for code in CODES for reason in said_at(code)}


# The code for a bad amount stands for every bad parameter, so it means nothing to a site.
TOLD_APART = set(reasons_of(send_otp, authorize)) - {Reason.AMOUNT_UNFIT}


@pytest.mark.parametrize("reason", sorted(TOLD_APART), ids=str)
@pytest.mark.parametrize("code", CODES)
def test_prakerjas_code_for_a_reason_becomes_the_sites_code_for_it(code, reason):
    said = dict(registry.rejections(code)[::-1])
    otherwise = said[Reason.SERVICE_UNAVAILABLE]
    heard = MEANS.get(PRAKERJA[reason][1], Reason.SERVICE_UNAVAILABLE)
    assert said.get(heard, otherwise) == said.get(reason, otherwise)


@pytest.mark.parametrize("code", CODES)
def test_trouble_between_site_and_programme_never_tells_that_a_payment_failed(code):
    market = Market(code)
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    market.sandbox.arm("reply_lost", "payment/authorize")
    assert shopper.enter_otp(order, market.otp(ani)) == "pending"

    stamp = market.parties.stamp
    market.parties.stamp = lambda *_: 0
    assert shopper.order(order).status == "pending"
    market.parties.stamp = stamp
    assert shopper.order(order).status == "issued"
    assert market.is_sound()


@pytest.mark.parametrize("code", CODES)
def test_a_reason_without_words_is_passed_on_with_prakerjas_text(code, monkeypatch):
    words = import_module(f"prakerja_sim.mocks.{code}.words")
    monkeypatch.delitem(words.SAYS, Reason.PREVIOUS_UNFINISHED)
    with pytest.raises(Refused) as refusal:
        CASES[Reason.PREVIOUS_UNFINISHED](Market(code))
    text = refusal.value.message or refusal.value.code
    assert text == "Pelatihan sebelumnya belum diselesaikan. [previous_unfinished]"
    assert passed_on(text) == [Reason.PREVIOUS_UNFINISHED]
    assert not code_of(Market(code), Reason.PREVIOUS_UNFINISHED)


@pytest.mark.parametrize("code", CODES)
def test_a_reason_of_the_site_without_words_has_its_own_text(code, monkeypatch):
    words = import_module(f"prakerja_sim.mocks.{code}.words")
    monkeypatch.delitem(words.SAYS, Reason.ORDER_UNKNOWN)
    with pytest.raises(Refused) as refusal:
        CASES[Reason.ORDER_UNKNOWN](Market(code))
    assert (refusal.value.message or refusal.value.code) == "order unknown [order_unknown]"


def test_only_a_reason_that_there_is_counts_as_passed_on():
    assert passed_on("Saldo kurang [balance_too_low]") == [Reason.BALANCE_TOO_LOW]
    assert passed_on("Saldo kurang [saldo]") == passed_on("Saldo kurang") == passed_on("") == []
