"""How each refusal is provoked, at whichever marketplace: one act a reason, on a `Market`.

`tests.mocks.shop.test_reasons` plays them everywhere.
"""

from datetime import date

from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme import redemption
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import COURSE, INSTITUTION, refused

UNKNOWN_CARD = "9" * 16
CASES = {}


def case(reason):
    def register(act):
        CASES[reason] = act
        return act

    return register


def code_of(m, reason):
    """The codes that the marketplace has for a reason."""
    return [said for known, said in registry.rejections(m.code) if known is reason]


def signed_up(m):
    ani = m.enrol()
    shopper = m.somebody()
    shopper.sign_up(ani.name, ani.phone, ani.email)
    return ani, shopper


def carded(m, **person):
    ani = m.enrol(**person)
    shopper = m.shopper(ani)
    return shopper, ani, m.carded(shopper, ani)


def bought(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    return shopper, ani, m.bought(shopper, ani)


@case(Reason.CODE_WRONG)
def _(m):
    ani, shopper = signed_up(m)
    shopper.enter_phone_code(m.wrong_otp(ani))


@case(Reason.CODE_EXPIRED)
def _(m):
    ani, shopper = signed_up(m)
    m.after(301 * SECOND)
    shopper.enter_phone_code(m.otp(ani))


@case(Reason.CODE_TRIES_EXHAUSTED)
def _(m):
    ani, shopper = signed_up(m)
    for _ in range(5):
        refused(shopper.enter_phone_code, m.wrong_otp(ani))
    shopper.enter_phone_code(m.otp(ani))


@case(Reason.ACCOUNT_UNKNOWN)
def _(m):
    m.somebody().recover("084000000000", "tidak.ada@example.com")


@case(Reason.PHONE_UNVERIFIED)
def _(m):
    _, shopper = signed_up(m)
    m.ordered(shopper)


@case(Reason.FILTER_UNKNOWN)
def _(m):
    m.shopper(m.enrol()).courses("no-such-institution")


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
    _, _, order = bought(m)
    m.shopper(m.enrol(1)).order(order.order)


@case(Reason.ORDER_CLOSED)
def _(m):
    shopper, _, order = bought(m)
    shopper.payment_methods(order.order)


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
    m.carded(m.shopper(ani), ani, "mahal")


@case(Reason.ACCOUNT_BOUND)
def _(m):
    m.list_course("roti-1", 100_000)
    shopper, _, _ = bought(m)
    shopper.enter_card(m.ordered(shopper, "roti-1"), m.enrol(1).card)


@case(Reason.VIDEOS_NOT_WATCHED)
def _(m):
    carded(m, watched=False)


@case(Reason.PREVIOUS_UNFINISHED)
def _(m):
    m.list_course("roti-1", 100_000)
    shopper, ani, _ = bought(m)
    m.carded(shopper, ani, "roti-1")


@case(Reason.COURSE_BOUGHT_BEFORE)
def _(m):
    shopper, ani, _ = bought(m)
    m.carded(shopper, ani)


@case(Reason.BALANCE_CLOSED)
def _(m):
    m.list_course("roti-1", 100_000)
    shopper, ani, _ = bought(m)
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
    assert refused(m.ordered, first, "kursi-1").code in code_of(m, Reason.QUOTA_EXHAUSTED)
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
        refused(shopper.enter_otp, order, m.wrong_otp(ani))
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


@case(Reason.SERVICE_UNAVAILABLE)
def _(m):
    ani = m.enrol()
    shopper = m.shopper(ani)
    order = m.ordered(shopper)
    m.parties.stamp = lambda *_: 0
    shopper.enter_card(order, ani.card)


@case(Reason.MAIL_TOO_SOON)
def _(m):
    shopper, _, order = bought(m)
    shopper.resend_mail(order.order)


@case(Reason.VOID_AFTER_REDEEM)
def _(m):
    shopper, ani, order = bought(m)
    [training] = m.sandbox.ask(Unit.find, kind=Training, card=ani.card)
    m.sandbox.do(redemption.commit, institution=INSTITUTION, redeem_code=training.redeem_code)
    shopper.complain(order.order, "Salah beli")


@case(Reason.VOUCHER_USED)
def _(m):
    shopper, _, order = bought(m)
    m.institution_client().redeem(order.voucher)
    shopper.complain(order.order, "Salah beli")


@case(Reason.VOUCHER_EXPIRED)
def _(m):
    m.list_course("bincang", 100_000, kind=2, quota=5, starts=m.sandbox.now() + DAY)
    ani = m.enrol()
    shopper = m.shopper(ani)
    order = m.bought(shopper, ani, "bincang")
    m.after(2 * DAY)
    shopper.complain(order.order, "Tidak sempat ikut")


@case(Reason.REVIEW_TOO_EARLY)
def _(m):
    shopper, _, order = bought(m)
    shopper.write_review(order.order, 5, "Bagus")


@case(Reason.ALREADY_REVIEWED)
def _(m):
    shopper, _, order = bought(m)
    m.institution_client().redeem(order.voucher)
    shopper.write_review(order.order, 5, "Bagus")
    shopper.write_review(order.order, 1, "Ternyata tidak")


@case(Reason.TICKET_UNKNOWN)
def _(m):
    m.shopper(m.enrol()).complain_again("0000000000", "Masih tidak bisa")


@case(Reason.TICKET_OPEN)
def _(m):
    shopper, _, order = bought(m)
    ticket = shopper.complain(order.order, "Kode hilang", "voucher")
    shopper.complain_again(ticket, "Masih hilang")
