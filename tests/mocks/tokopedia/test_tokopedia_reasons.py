"""Every reason that a shopper of this site can be given, in the site's own code."""

from datetime import date

import pytest

from prakerja_sim.mocks.prakerja.server import authorize, send_otp
from prakerja_sim.mocks.prakerja.words import REJECTIONS as PRAKERJA
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.mocks.tokopedia.shopper import Shopper
from prakerja_sim.mocks.tokopedia.words import OTHERWISE, REJECTIONS, from_prakerja
from prakerja_sim.simulator.programme import redemption
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.refusals import reasons_of
from prakerja_sim.simulator.world.store import Unit

COURSE = "barista-101"
UNKNOWN_CARD = "9" * 16
BEYOND_THE_SHOPPER = {
    Reason.AMOUNT_UNFIT: "the shopper orders what the cart shows",
    Reason.SCHEDULE_UNKNOWN: "a listed course has its schedule",
    Reason.SCHEDULE_OF_OTHER_COURSE: "a listed course has its schedule",
    Reason.TOKEN_UNKNOWN: "the server keeps the token",
    Reason.INVOICE_USED: "an order has one invoice",
    Reason.PAYMENT_UNKNOWN: "status is asked by the server only",
    Reason.VOUCHER_EXPIRED: "covered below, since it takes a webinar",
    Reason.VOUCHER_CANCELLED: "a refund closes the order first",
    Reason.REFUND_NOT_OFFERED: "this site offers it; covered where policies are judged",
    Reason.REFUND_TOO_LATE: "this site sets no limit; covered where policies are judged",
    Reason.WEBHOOK_TARGET_REFUSED: "partners register, shoppers do not",
    Reason.WEBHOOK_UNKNOWN: "partners look for webhooks, shoppers do not",
    Reason.WEBHOOK_NOT_SO: "partners repeat webhooks, shoppers do not",
    Reason.REFUND_ASKED: "this site pays back at once; covered where policies are judged",
}
CASES = {}


def case(reason):
    def register(act):
        CASES[reason] = act
        return act

    return register


def carded(m, **person):
    ani = m.enrol(**person)
    shopper = m.shopper(ani)
    return shopper, ani, m.carded(shopper, ani)


@case(Reason.CODE_WRONG)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    shopper.sign_up(ani.name, ani.phone, ani.email)
    shopper.enter_phone_code(m.wrong_otp(ani))


@case(Reason.CODE_EXPIRED)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    shopper.sign_up(ani.name, ani.phone, ani.email)
    m.after(301 * SECOND)
    shopper.enter_phone_code(m.otp(ani))


@case(Reason.CODE_TRIES_EXHAUSTED)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    shopper.sign_up(ani.name, ani.phone, ani.email)
    for _ in range(5):
        with pytest.raises(Refused, match=REJECTIONS[Reason.CODE_WRONG]):
            shopper.enter_phone_code(m.wrong_otp(ani))
    shopper.enter_phone_code(m.otp(ani))


@case(Reason.PHONE_UNVERIFIED)
def _(m):
    ani = m.enrol()
    shopper = Shopper(m.wire)
    shopper.sign_up(ani.name, ani.phone, ani.email)
    shopper.add_to_cart(COURSE)


@case(Reason.COURSE_UNKNOWN)
def _(m):
    m.shopper(m.enrol()).look("no-such-course")


@case(Reason.CART_EMPTY)
def _(m):
    m.shopper(m.enrol()).check_out()


@case(Reason.PROMO_UNKNOWN)
def _(m):
    shopper = m.shopper(m.enrol())
    shopper.add_to_cart(COURSE)
    shopper.enter_promo("GRATIS")


@case(Reason.ORDER_UNKNOWN)
def _(m):
    ani, budi = m.enrol(0), m.enrol(1)
    order = m.bought(m.shopper(ani), ani).order
    m.shopper(budi).order(order)


@case(Reason.ORDER_CLOSED)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    shopper.payment_methods(m.bought(shopper, ani).order)


@case(Reason.CARD_MALFORMED)
def _(m):
    shopper = m.shopper(m.enrol())
    shopper.enter_card(m.ordered(shopper), "123456789012345")


@case(Reason.CARD_UNKNOWN)
def _(m):
    shopper = m.shopper(m.enrol())
    shopper.enter_card(m.ordered(shopper), UNKNOWN_CARD)


@case(Reason.CARD_INACTIVE)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    order = m.ordered(shopper)
    m.after(40 * DAY)
    shopper.enter_card(order, ani.card)


@case(Reason.BALANCE_TOO_LOW)
def _(m):
    m.list_course("mahal", 1_000_001)
    ani = m.enrol()
    shopper = m.shopper(ani)
    m.carded(shopper, ani, "mahal")


@case(Reason.ACCOUNT_BOUND)
def _(m):
    ani, budi = m.enrol(0), m.enrol(1)
    m.list_course("roti-1", 100_000)
    shopper = m.shopper(ani)
    m.bought(shopper, ani)
    shopper.enter_card(m.ordered(shopper, "roti-1"), budi.card)


@case(Reason.VIDEOS_NOT_WATCHED)
def _(m):
    carded(m, watched=False)


@case(Reason.PREVIOUS_UNFINISHED)
def _(m):
    m.list_course("roti-1", 100_000)
    ani = m.enrol()
    shopper = m.shopper(ani)
    m.bought(shopper, ani)
    m.carded(shopper, ani, "roti-1")


@case(Reason.COURSE_BOUGHT_BEFORE)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    m.bought(shopper, ani)
    m.carded(shopper, ani)


@case(Reason.BALANCE_CLOSED)
def _(m):
    ani = m.enrol()
    m.list_course("roti-1", 100_000)
    shopper = m.shopper(ani)
    m.bought(shopper, ani)
    m.sandbox.advance(wib(2021, 12, 1))
    m.carded(shopper, ani, "roti-1")


@case(Reason.AGE_UNFIT)
def _(m):
    m.list_course("dewasa", 100_000, min_age=40)
    ani = m.enrol(born=date(2000, 1, 1))
    m.carded(m.shopper(ani), ani, "dewasa")


@case(Reason.EDUCATION_UNFIT)
def _(m):
    m.list_course("sarjana", 100_000, min_education=16)
    ani = m.enrol(education=12)
    m.carded(m.shopper(ani), ani, "sarjana")


@case(Reason.COURSE_STARTED)
def _(m):
    m.list_course("bincang", 100_000, kind=2, quota=5, starts=m.sandbox.now() + DAY)
    ani = m.enrol()
    shopper = m.shopper(ani)
    order = m.ordered(shopper, "bincang")
    m.after(DAY)
    shopper.enter_card(order, ani.card)


@case(Reason.QUOTA_EXHAUSTED)
def _(m):
    m.list_course("kursi-1", 100_000, quota=1)
    ani, budi = m.enrol(0), m.enrol(1)
    first, second = m.shopper(ani), m.shopper(budi)
    order = m.carded(second, budi, "kursi-1")
    m.bought(first, ani, "kursi-1")
    with pytest.raises(Refused, match=REJECTIONS[Reason.QUOTA_EXHAUSTED]):
        first.add_to_cart("kursi-1")
    second.enter_otp(order, m.otp(budi))


@case(Reason.OTP_WRONG)
def _(m):
    shopper, ani, order = carded(m)
    shopper.enter_otp(order, m.wrong_otp(ani))


@case(Reason.OTP_EXPIRED)
def _(m):
    shopper, ani, order = carded(m)
    m.after(301 * SECOND)
    shopper.enter_otp(order, m.otp(ani))


@case(Reason.OTP_TRIES_EXHAUSTED)
def _(m):
    shopper, ani, order = carded(m)
    for _ in range(5):
        with pytest.raises(Refused, match=REJECTIONS[Reason.OTP_WRONG]):
            shopper.enter_otp(order, m.wrong_otp(ani))
    shopper.enter_otp(order, m.otp(ani))


@case(Reason.OTP_TOO_SOON)
def _(m):
    shopper, _, order = carded(m)
    m.after(59 * SECOND)
    shopper.resend_otp(order)


@case(Reason.OTP_REQUESTS_EXHAUSTED)
def _(m):
    shopper, _, order = carded(m)
    for _ in range(5):
        m.after(60 * SECOND)
        shopper.resend_otp(order)
    m.after(60 * SECOND)
    shopper.resend_otp(order)


@case(Reason.NO_REPLY)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    order = m.ordered(shopper)
    m.sandbox.arm("request_lost", "payment/send-otp")
    shopper.enter_card(order, ani.card)


@case(Reason.VOID_AFTER_REDEEM)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    bought = m.bought(shopper, ani)
    [training] = m.sandbox.ask(Unit.find, kind=Training, card=ani.card)
    m.sandbox.do(redemption.commit, institution="kopi-kita", redeem_code=training.redeem_code)
    shopper.complain(bought.order, "Salah beli")


@case(Reason.VOUCHER_USED)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    bought = m.bought(shopper, ani)
    m.partner("voucher/redeem", voucher_code=bought.voucher)
    shopper.complain(bought.order, "Salah beli")


@case(Reason.REVIEW_TOO_EARLY)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    shopper.write_review(m.bought(shopper, ani).order, 5, "Bagus")


@case(Reason.ALREADY_REVIEWED)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    bought = m.bought(shopper, ani)
    m.partner("voucher/redeem", voucher_code=bought.voucher)
    shopper.write_review(bought.order, 5, "Bagus")
    shopper.write_review(bought.order, 1, "Ternyata tidak")


@case(Reason.TICKET_UNKNOWN)
def _(m):
    m.shopper(m.enrol()).complain_again("8000000000", "Masih belum")


@case(Reason.TICKET_OPEN)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    ticket = shopper.complain(m.bought(shopper, ani).order, "Kapan mulai?", "other")
    shopper.complain_again(ticket, "Masih belum")


@pytest.mark.parametrize("reason", CASES, ids=str)
def test_a_refusal_comes_in_the_sites_own_code(market, reason):
    with pytest.raises(Refused) as refused:
        CASES[reason](market)
    assert refused.value.code == REJECTIONS[reason]
    assert refused.value.said


def test_every_reason_of_the_table_is_provoked_or_excused():
    assert set(REJECTIONS) == set(CASES) | set(BEYOND_THE_SHOPPER)
    assert not set(CASES) & set(BEYOND_THE_SHOPPER)


def test_an_expired_voucher_is_not_paid_back(market):
    starts = market.sandbox.now() + DAY
    market.list_course("bincang", 100_000, kind=2, quota=5, starts=starts)
    ani = market.enrol()
    shopper = market.shopper(ani)
    bought = market.bought(shopper, ani, "bincang")
    market.after(2 * DAY)
    with pytest.raises(Refused, match=REJECTIONS[Reason.VOUCHER_EXPIRED]):
        shopper.complain(bought.order, "Tidak sempat ikut")


# The code for a bad amount stands for every bad parameter, so it means nothing to a site.
TOLD_APART = set(reasons_of(send_otp, authorize)) - {Reason.AMOUNT_UNFIT}


@pytest.mark.parametrize("reason", sorted(TOLD_APART), ids=str)
def test_prakerjas_code_for_a_reason_becomes_the_sites_code_for_it(reason):
    assert from_prakerja(PRAKERJA[reason][1]).code == REJECTIONS.get(reason, OTHERWISE)


def test_trouble_between_site_and_programme_has_one_code(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.ordered(shopper)
    market.parties.stamp = lambda *_: 0
    with pytest.raises(Refused) as refused:
        shopper.enter_card(order, ani.card)
    assert refused.value.code == OTHERWISE


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
