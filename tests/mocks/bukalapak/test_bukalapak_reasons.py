"""Every reason that a shopper of this site can be given, in the site's own code and words."""

import pytest

from prakerja_sim.mocks.bukalapak.server import FACE
from prakerja_sim.mocks.bukalapak.words import FURTHER, SAYS, TO_PROVIDERS, UPSTREAM
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import MEANS
from prakerja_sim.simulator.values.clock import DAY
from prakerja_sim.simulator.values.errors import Reason
from tests.mocks.market import COURSE, refused
from tests.mocks.reasons import CASES, code_of

BEYOND_THE_SHOPPER = {
    Reason.TERMS_NOT_ACCEPTED: "the app sends the YA; covered with bad input",
    Reason.ACCOUNT_TAKEN: "the app goes on and logs in; covered below",
    Reason.SCHEDULE_UNKNOWN: "a listed course has its schedule; covered with bad input",
    Reason.SCHEDULE_OF_OTHER_COURSE: "a listed course has its schedule",
    Reason.TOKEN_UNKNOWN: "the server keeps the token; covered with bad input",
    Reason.INVOICE_USED: "an order has one invoice",
    Reason.PAYMENT_UNKNOWN: "status is asked by the server only",
    Reason.VOUCHER_CANCELLED: "a refund closes the order first",
    Reason.REFUND_NOT_OFFERED: "this site offers it; covered where policies are judged",
    Reason.REFUND_TOO_LATE: "this site sets no limit; covered where policies are judged",
    Reason.REFUND_ASKED: "this site pays back at once; covered where policies are judged",
}


@pytest.mark.parametrize("reason", CASES, ids=str)
def test_a_refusal_comes_in_the_sites_own_code(market, reason):
    with pytest.raises(Refused) as said:
        CASES[reason](market)
    assert said.value.code in code_of(market, reason)
    assert said.value.said


def test_every_reason_of_the_table_is_provoked_or_excused():
    assert set(SAYS) == set(CASES) | set(BEYOND_THE_SHOPPER)
    assert not set(CASES) & set(BEYOND_THE_SHOPPER)
    assert set(FURTHER.values()) <= set(SAYS)


def test_a_code_is_its_status_and_a_number():
    for what in (*SAYS.values(), *TO_PROVIDERS.values()):
        assert what.code // 100 == what.status or what.code in (10111, 10112, 10113)


@pytest.mark.parametrize("reason", sorted(set(MEANS.values())), ids=str)
def test_whatever_prakerja_means_has_words(reason):
    assert reason in SAYS or reason in TO_PROVIDERS


def test_whatever_is_refused_is_declared_where_it_can_happen():
    refuses = {endpoint.name: set(endpoint.refuses) for endpoint in FACE.endpoints}
    assert Reason.TERMS_NOT_ACCEPTED in refuses["order_course"]
    assert Reason.CARD_MALFORMED in refuses["check_card"]
    assert {Reason.OTP_WRONG, Reason.CARD_UNKNOWN, Reason.NO_REPLY} <= refuses["pay"]
    assert len({endpoint.name for endpoint in FACE.endpoints}) == len(FACE.endpoints)


def test_trouble_between_site_and_programme_has_one_code(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.ordered(shopper)
    market.parties.stamp = lambda *_: 0
    assert refused(shopper.enter_card, order, ani.card).code == str(UPSTREAM.code)


def test_trouble_between_site_and_programme_never_tells_that_a_payment_failed(market):
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


def test_one_account_a_phone_and_an_e_mail(market):
    ani, budi = market.enrol(0), market.enrol(1)
    market.shopper(ani)
    guest = market.somebody()
    guest.categories()
    for phone, email in ((ani.phone, "lain@example.com"), (budi.phone, ani.email)):
        told = {"name": "A", "phone": phone, "email": email, "password": "rahasia"}
        answer = market.send("POST", "/api/users", told, guest.login)
        assert (answer.status, answer.json()["errors"][0]["code"]) == (422, 42215)


def coupons(market):
    """A coupon in each state, and the reason for which it cannot be redeemed."""
    ani, budi, citra = market.enrol(0), market.enrol(1), market.enrol(2)
    shopper = market.shopper(ani)
    used = market.bought(shopper, ani).voucher
    market.institution_client().redeem(used)
    yield used, Reason.VOUCHER_USED, COURSE
    second = market.shopper(budi)
    back = market.bought(second, budi)
    second.complain(back.order, "Salah beli")
    yield back.voucher, Reason.VOUCHER_CANCELLED, COURSE
    market.list_course("bincang", 100_000, kind=2, quota=5, starts=market.sandbox.now() + DAY)
    third = market.shopper(citra)
    late = market.bought(third, citra, "bincang").voucher
    market.after(2 * DAY)
    yield late, Reason.VOUCHER_EXPIRED, "bincang"
    yield "BLPK-2222-2222", Reason.VOUCHER_UNKNOWN, ""


def test_a_provider_hears_why_a_coupon_cannot_be_redeemed(market):
    for coupon, reason, course in coupons(market):
        for ask in (market.institution_client().check, market.institution_client().redeem):
            with pytest.raises(VoucherRefused) as said:
                ask(coupon)
            assert (said.value.reason, said.value.course) == (reason, course)


def test_a_report_that_prakerja_refuses_or_does_not_answer_is_told_so(market):
    ani = market.enrol()
    coupon = market.bought(market.shopper(ani), ani).voucher
    with pytest.raises(VoucherRefused, match="42270 Nama peserta"):
        market.institution_client().report(coupon, name="Orang Lain", score=80)
    market.sandbox.arm("request_lost", "completions")
    with pytest.raises(VoucherRefused, match="50411"):
        market.institution_client().report(coupon, name=ani.name, score=80)
    market.institution_client().report(coupon, name=ani.name, score=80)
