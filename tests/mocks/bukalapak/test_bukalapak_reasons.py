"""Every reason that a shopper of this site can be given, in the site's own code and words."""

import pytest

from prakerja_sim.mocks.bukalapak.server import FACE
from prakerja_sim.mocks.bukalapak.words import SAYS, TO_PROVIDERS
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import MEANS
from prakerja_sim.simulator.values.clock import DAY
from prakerja_sim.simulator.values.errors import Reason
from tests.mocks.market import COURSE


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
