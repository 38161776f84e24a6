"""The order core that every marketplace shares, driven without any site or wire."""

import re

import pytest

from prakerja_sim.simulator.marketplace import accounts, lifecycle, orders, paying, refunds, reviews, vouchers
from prakerja_sim.simulator.marketplace.records import (
    Attempt,
    AttemptStatus,
    Cart,
    Order,
    OrderStatus,
    Shopper,
    Voucher,
    VoucherStatus,
)
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.clock import DAY, SECOND, last_second_of, wib
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import UNAMBIGUOUS
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import ADVERTS, BARISTA, CAKE, WEBINAR, WEBINAR_STARTS, World

S, V = OrderStatus, VoucherStatus
ANI = {"marketplace": "tokopedia", "name": "Ani", "phone": "084012345678", "email": "ani@example.com"}


class Shop:
    """A marketplace's orders in a world; Prakerja is imagined."""

    def __init__(self, world):
        self.world, self.sandbox = world, world.sandbox
        self.shopper = self.signed_up()

    def do(self, operation, **arguments):
        return self.sandbox.do(operation, **arguments)

    def signed_up(self, verified=True, **changed):
        account = self.do(accounts.sign_up, **(ANI | changed))
        if verified and not account.phone_verified:
            self.do(accounts.send_code, shopper=account.key, sender="TOKO")
            self.do(accounts.verify_phone, shopper=account.key, code=self.code(account.phone))
        return account.key

    def code(self, phone=ANI["phone"]):
        return self.sandbox.ask(Unit.log, kind=Sms, phone=phone)[-1].otp

    def ordered(self, course=BARISTA, shopper=None, promo=None):
        shopper = shopper or self.shopper
        self.do(orders.add_to_cart, shopper=shopper, course=course)
        if promo:
            self.do(orders.apply_promo, shopper=shopper, promo=promo)
        return self.do(orders.checkout, shopper=shopper, prefix="INV-")

    def at(self, status, course=BARISTA):
        """An order brought to that state by its ordinary way."""
        order = self.ordered(course)
        if status is S.WAITING_CARD:
            return order
        self.do(paying.take_card, order=order.id, card="9900123412341234", token="t" * 32)
        if status is S.WAITING_OTP:
            return self.order(order)
        self.do(paying.ask_payment, order=order.id)
        if status is S.PENDING:
            return self.order(order)
        self.issue(order)
        if status is S.REFUNDED:
            self.do(refunds.pay_back, order=order.id)
        return self.order(order)

    def issue(self, order, transaction="T" * 16, form="VCH??????????"):
        told = {"transaction": transaction, "form": form, "title": "Toko"}
        return self.do(paying.issue_voucher, order=order.id, **told)

    def order(self, order):
        return self.sandbox.ask(Unit.need, kind=Order, key=order.id)

    def voucher(self, order):
        return self.sandbox.ask(vouchers.voucher_of, order=order.id)

    def about(self, voucher, **changed):
        told = {"marketplace": "tokopedia", "code": voucher.code, "institution": voucher.institution}
        return told | changed

    def redeemed(self):
        order = self.at(S.ISSUED)
        self.do(vouchers.redeem_voucher, **self.about(self.voucher(order)))
        return self.order(order)


@pytest.fixture
def shop():
    return Shop(World())


def refused(act, *arguments, **named):
    with pytest.raises(Rejected) as no:
        act(*arguments, **named)
    return no.value.reason


# The account


def test_a_phone_has_one_account_at_a_marketplace(shop):
    first = shop.do(accounts.sign_up, **ANI)
    assert shop.do(accounts.sign_up, **(ANI | {"name": "Other", "email": "o@example.com"})) == first
    elsewhere = shop.do(accounts.sign_up, **(ANI | {"marketplace": "bukalapak"}))
    assert elsewhere.key != first.key
    assert (elsewhere.marketplace, elsewhere.phone_verified) == ("bukalapak", False)
    assert first.key == f"tokopedia/{first.user}"


def begun(shop):
    account = shop.do(accounts.sign_up, **(ANI | {"phone": "084000000001"}))
    shop.do(accounts.send_code, shopper=account.key, sender="TOKO")
    return account.key, shop.code("084000000001")


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_is_good_in_its_last_second_and_not_after(shop):
    for late, outcome in ((300, None), (301, Reason.CODE_EXPIRED)):
        key, code = begun(shop)
        shop.world.after(late * SECOND)
        if outcome is None:
            assert shop.do(accounts.verify_phone, shopper=key, code=code).phone_verified
        else:
            assert refused(shop.do, accounts.verify_phone, shopper=key, code=code) is outcome


def test_five_wrong_codes_end_it_and_a_new_one_begins_again(shop):
    key, code = begun(shop)
    for _ in range(5):
        assert refused(shop.do, accounts.verify_phone, shopper=key, code=wrong(code)) is Reason.CODE_WRONG
    assert refused(shop.do, accounts.verify_phone, shopper=key, code=code) is Reason.CODE_TRIES_EXHAUSTED
    shop.do(accounts.send_code, shopper=key, sender="TOKO")
    new = shop.code("084000000001")
    assert new != code
    for _ in range(4):
        assert refused(shop.do, accounts.verify_phone, shopper=key, code=wrong(new)) is Reason.CODE_WRONG
    assert shop.do(accounts.verify_phone, shopper=key, code=new).phone_verified


def test_a_code_is_good_once_and_none_is_none(shop):
    key, code = begun(shop)
    shop.do(accounts.verify_phone, shopper=key, code=code)
    assert refused(shop.do, accounts.verify_phone, shopper=key, code=code) is Reason.CODE_EXPIRED


# The cart


def test_what_is_put_into_the_cart_takes_the_place_of_what_was_there(shop):
    shop.do(orders.add_to_cart, shopper=shop.shopper, course=BARISTA)
    shop.do(orders.apply_promo, shopper=shop.shopper, promo="BELAJAR50")
    cart = shop.do(orders.add_to_cart, shopper=shop.shopper, course=CAKE)
    assert (cart.course, cart.promo, cart.discount) == (CAKE, None, Rupiah(0))


def test_what_cannot_be_bought_does_not_get_into_the_cart(shop):
    stranger = shop.signed_up(verified=False, phone="084000000002")
    shop.world.list_course("penuh", quota=0)
    for shopper, course, reason in [
        (stranger, BARISTA, Reason.PHONE_UNVERIFIED),
        (shop.shopper, "nowhere", Reason.COURSE_UNKNOWN),
        (shop.shopper, "penuh", Reason.QUOTA_EXHAUSTED),
    ]:
        assert refused(shop.do, orders.add_to_cart, shopper=shopper, course=course) is reason


PROMOS = [("BELAJAR50", 50_000, 550_000), ("PRAKERJA10", 10_000, 590_000)]


@pytest.mark.parametrize(("promo", "off", "total"), PROMOS)
def test_a_promo_takes_its_amount_off_and_is_taken_out_again(shop, promo, off, total):
    order = shop.ordered(promo=promo)
    assert (order.price, order.discount, order.total) == (Rupiah(600_000), Rupiah(off), Rupiah(total))
    shop.do(orders.add_to_cart, shopper=shop.shopper, course=BARISTA)
    shop.do(orders.apply_promo, shopper=shop.shopper, promo=promo)
    cart = shop.do(orders.cancel_promo, shopper=shop.shopper)
    assert (cart.promo, cart.discount) == (None, Rupiah(0))
    assert shop.do(orders.checkout, shopper=shop.shopper, prefix="INV-").total == Rupiah(600_000)


@pytest.mark.parametrize("price", [49_999, 50_000, 50_001])
def test_a_promo_never_makes_a_course_free(shop, price):
    shop.world.list_course("murah", price=price)
    shop.do(orders.add_to_cart, shopper=shop.shopper, course="murah")
    told = {"shopper": shop.shopper, "promo": "BELAJAR50"}
    if price > 50_000:
        assert shop.do(orders.apply_promo, **told).discount == Rupiah(50_000)
    else:
        assert refused(shop.do, orders.apply_promo, **told) is Reason.PROMO_UNKNOWN


@pytest.mark.parametrize("promo", ["", "belajar50", "NOTHING"])
def test_an_unknown_promo_is_refused(shop, promo):
    shop.do(orders.add_to_cart, shopper=shop.shopper, course=BARISTA)
    told = {"shopper": shop.shopper, "promo": promo}
    assert refused(shop.do, orders.apply_promo, **told) is Reason.PROMO_UNKNOWN


EMPTY = [
    (orders.checkout, {"prefix": "INV-"}),
    (orders.apply_promo, {"promo": "BELAJAR50"}),
    (orders.cancel_promo, {}),
    (orders.drop_cart, {}),
]


@pytest.mark.parametrize(("operation", "told"), EMPTY)
@pytest.mark.parametrize("how", ["never filled", "dropped", "ordered"])
def test_nothing_is_done_with_an_empty_cart(shop, operation, told, how):
    if how == "dropped":
        shop.do(orders.add_to_cart, shopper=shop.shopper, course=BARISTA)
        shop.do(orders.drop_cart, shopper=shop.shopper)
    if how == "ordered":
        shop.ordered()
    assert refused(shop.do, operation, shopper=shop.shopper, **told) is Reason.CART_EMPTY


# Orders


def test_two_orders_of_one_shopper_have_numbers_of_their_own(shop):
    first = shop.ordered()
    shop.world.after(SECOND)
    second = shop.ordered(CAKE)
    assert len({first.id, second.id}) == len({first.invoice, second.invoice}) == 2
    assert all(o.invoice.startswith("INV-") for o in (first, second))
    assert [o.id for o in shop.sandbox.ask(orders.history, shopper=shop.shopper)] == [second.id, first.id]
    assert shop.sandbox.ask(Unit.need, kind=Cart, key=shop.shopper).orders == 2


def test_other_peoples_orders_do_not_exist(shop):
    order = shop.ordered()
    budi = shop.signed_up(phone="084000000003")
    for asked in [
        {"shopper": budi},
        {"marketplace": "bukalapak"},
        {"order": "nobody"},
    ]:
        about = {"marketplace": "tokopedia", "shopper": shop.shopper, "order": order.id} | asked
        assert refused(shop.sandbox.ask, orders.order_of, **about) is Reason.ORDER_UNKNOWN
    assert shop.sandbox.ask(orders.history, shopper=budi) == []


CARDS = ["", "9900", "99001234123412345", "990012341234123x", "9900 1234 1234 1234", "\uff19" * 16]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_that_is_not_sixteen_digits_is_refused_at_the_site(card):
    assert refused(paying.check_card_form, card) is Reason.CARD_MALFORMED
    paying.check_card_form("9900123412341234")


# The table of states, walked


OPERATIONS = {
    "card": lambda shop, o: shop.do(paying.take_card, order=o.id, card="9" * 16, token="u" * 32),
    "ask": lambda shop, o: shop.do(paying.ask_payment, order=o.id),
    "refuse": lambda shop, o: shop.do(paying.refuse_payment, order=o.id),
    "pay": lambda shop, o: shop.issue(o),
    "refund": lambda shop, o: shop.do(refunds.pay_back, order=o.id),
}
LEADS_TO = {
    (S.WAITING_CARD, "card"): S.WAITING_OTP,
    (S.WAITING_OTP, "card"): S.WAITING_OTP,
    (S.WAITING_OTP, "ask"): S.PENDING,
    (S.WAITING_OTP, "pay"): S.ISSUED,
    (S.PENDING, "ask"): S.PENDING,
    (S.PENDING, "refuse"): S.WAITING_OTP,
    (S.PENDING, "pay"): S.ISSUED,
    (S.ISSUED, "refund"): S.REFUNDED,
}
UNDELIVERED = {(S.PENDING, "refund"): S.REFUNDED}
"""What becomes of a paid order whose supplier does not deliver; walked where suppliers are tested."""
HARMLESS = {(status, "refuse") for status in S} | {(S.ISSUED, "pay"), (S.REFUNDED, "pay")}
"""What may be asked again at any time and then does nothing."""


def test_the_table_of_orders_is_the_one_that_is_walked_here():
    assert dict(lifecycle.ORDER) == LEADS_TO | UNDELIVERED


@pytest.mark.parametrize("event", OPERATIONS)
@pytest.mark.parametrize("status", list(S))
def test_each_event_leads_from_each_state_where_the_table_says(shop, status, event):
    order = shop.at(status)
    before = shop.sandbox.digest()
    if (status, event) in LEADS_TO:
        OPERATIONS[event](shop, order)
        assert shop.order(order).status is LEADS_TO[status, event]
        return
    if (status, event) in HARMLESS:
        OPERATIONS[event](shop, order)
    else:
        with pytest.raises((Rejected, KeyError, AssertionError)):
            OPERATIONS[event](shop, order)
    assert shop.order(order) == order
    assert shop.sandbox.digest() == before


@pytest.mark.parametrize("status", [S.WAITING_CARD, S.ISSUED, S.REFUNDED])
def test_a_closed_order_is_not_paid_again(shop, status):
    order = shop.at(status)
    assert refused(shop.do, paying.ask_payment, order=order.id) is Reason.ORDER_CLOSED


# The voucher


def test_a_voucher_is_issued_once_however_often_it_is_asked_for(shop):
    order = shop.at(S.PENDING)
    first = shop.issue(order)
    assert shop.issue(order, "U" * 16) == first
    assert shop.order(order).transaction == "T" * 16
    assert len(shop.sandbox.ask(Unit.log, kind=Mail, address=ANI["email"])) == 1
    assert first.code.startswith("VCH")
    assert set(first.code[3:]) <= set(UNAMBIGUOUS)


FORMS = [
    ("BLPK-????-????", rf"BLPK-[{UNAMBIGUOUS}]{{4}}-[{UNAMBIGUOUS}]{{4}}"),
    ("PJR#########", r"PJR[0-9]{9}"),
    ("SNK-%Y-??????", rf"SNK-2021-[{UNAMBIGUOUS}]{{6}}"),
]


@pytest.mark.parametrize(("form", "pattern"), FORMS)
def test_a_voucher_has_its_marketplaces_form(shop, form, pattern):
    assert re.fullmatch(pattern, shop.issue(shop.at(S.PENDING), form=form).code)


def test_a_voucher_code_that_is_taken_is_never_given_twice(shop):
    order = shop.at(S.PENDING)
    code = "VCH" + chance.code(UNAMBIGUOUS, 10, chance.seed_bytes(42), "voucher", order.id, 0)
    other = Voucher(
        code, "tokopedia", "other", BARISTA, "lp-kopi", V.CANCELLED, shop.sandbox.now(), shop.sandbox.now()
    )
    shop.sandbox.store.run("default", lambda unit: unit.put(other))
    assert shop.issue(order).code != code


def test_the_vouchers_mail_names_order_course_institution_and_code(shop):
    order = shop.at(S.ISSUED)
    voucher = shop.voucher(order)
    [mail] = shop.sandbox.ask(Unit.log, kind=Mail, address=ANI["email"])
    assert (mail.sender, mail.subject) == ("Toko", "Pembelian pelatihan berhasil")
    for told in (order.id, "Kelas barista", "lp-kopi", voucher.code):
        assert told in mail.text
    again = {"address": "other@example.com", "title": "Toko", "voucher": voucher.code}
    shop.do(vouchers.mail_voucher, order=order.id, **again)
    [resent] = shop.sandbox.ask(Unit.log, kind=Mail, address="other@example.com")
    assert resent.text == mail.text


def test_a_lost_mail_leaves_the_voucher_in_the_history(shop):
    shop.sandbox.arm("mail_lost", ANI["email"])
    order = shop.at(S.ISSUED)
    assert shop.sandbox.ask(Unit.log, kind=Mail) == []
    assert shop.order(order).voucher == shop.voucher(order).code


EXPIRIES = [
    (BARISTA, None, last_second_of(wib(2021, 12, 31).date())),
    (WEBINAR, None, wib(2021, 11, 15, 12)),
    (BARISTA, wib(2022, 2, 1), last_second_of(wib(2022, 12, 31).date())),
    (BARISTA, wib(2023, 2, 1), last_second_of(wib(2023, 12, 31).date())),
]


@pytest.mark.parametrize(("course", "now", "until"), EXPIRIES)
def test_a_voucher_is_valid_to_the_end_of_its_webinar_or_of_the_year(shop, course, now, until):
    if now is not None:
        shop.world.until(now)
    voucher = shop.voucher(shop.at(S.ISSUED, course))
    assert voucher.valid_until == until
    shop.world.until(until)
    assert shop.sandbox.ask(vouchers.check_voucher, **shop.about(voucher)) == voucher
    shop.world.after(SECOND)
    about = shop.about(voucher)
    assert refused(shop.do, vouchers.redeem_voucher, **about) is Reason.VOUCHER_EXPIRED


def test_a_voucher_is_redeemed_once_by_its_own_institution(shop):
    voucher = shop.voucher(shop.at(S.ISSUED))
    for changed, reason in [
        ({"code": "VCHNOBODY"}, Reason.VOUCHER_UNKNOWN),
        ({"marketplace": "bukalapak"}, Reason.VOUCHER_UNKNOWN),
        ({"institution": "lp-niaga"}, Reason.VOUCHER_OF_OTHER_INSTITUTION),
    ]:
        assert refused(shop.do, vouchers.redeem_voucher, **shop.about(voucher, **changed)) is reason
    redeemed = shop.do(vouchers.redeem_voucher, **shop.about(voucher))
    assert (redeemed.status, redeemed.redeemed_at) == (V.REDEEMED, shop.sandbox.now())
    assert refused(shop.do, vouchers.redeem_voucher, **shop.about(voucher)) is Reason.VOUCHER_USED


def test_a_cancelled_voucher_stays_cancelled_even_after_its_time(shop):
    voucher = shop.voucher(shop.at(S.REFUNDED, WEBINAR))
    shop.world.until(WEBINAR_STARTS + DAY)
    assert refused(shop.do, vouchers.redeem_voucher, **shop.about(voucher)) is Reason.VOUCHER_CANCELLED


def test_the_table_of_vouchers_has_no_way_back():
    assert dict(vouchers.VOUCHER) == {
        (V.ISSUED, Event.COMMIT): V.REDEEMED,
        (V.ISSUED, Event.CANCEL): V.CANCELLED,
    }


def test_a_redeemed_voucher_cannot_be_refunded(shop):
    order = shop.redeemed()
    with pytest.raises(KeyError):
        shop.do(refunds.pay_back, order=order.id)
    assert shop.voucher(order).status is V.REDEEMED


# Attempts to pay


A = AttemptStatus


def attempts(shop, order):
    found = [one for one in shop.sandbox.ask(Unit.find, kind=Attempt) if one.order == order.id]
    return {one.token[0]: (one.status, one.closed_at is not None) for one in found}


def test_an_attempt_is_opened_by_its_card_and_paid_by_its_otp(shop):
    order = shop.at(S.WAITING_OTP)
    assert attempts(shop, order) == {"t": (A.OPENED, False)}
    shop.do(paying.ask_payment, order=order.id)
    assert attempts(shop, order) == {"t": (A.ASKED, False)}
    shop.do(paying.refuse_payment, order=order.id)
    assert attempts(shop, order) == {"t": (A.OPENED, False)}
    shop.do(paying.ask_payment, order=order.id)
    shop.issue(order)
    assert attempts(shop, order) == {"t": (A.PAID, True)}


def test_another_token_replaces_the_attempt_and_the_first_may_come_again(shop):
    order = shop.at(S.WAITING_OTP)
    shop.do(paying.take_card, order=order.id, card="9900123412341234", token="u" * 32)
    assert attempts(shop, order) == {"t": (A.REPLACED, True), "u": (A.OPENED, False)}
    shop.do(paying.take_card, order=order.id, card="9900123412341234", token="t" * 32)
    assert attempts(shop, order) == {"t": (A.OPENED, False), "u": (A.REPLACED, True)}


# Reviews


@pytest.mark.parametrize("status", [S.WAITING_CARD, S.WAITING_OTP, S.PENDING, S.ISSUED, S.REFUNDED])
def test_a_review_waits_for_the_voucher_to_be_used(shop, status):
    order = shop.at(status)
    about = {"order": order.id, "stars": 5, "text": "Bagus"}
    assert refused(shop.do, reviews.write, **about) is Reason.REVIEW_TOO_EARLY


def test_a_review_is_written_once(shop):
    order = shop.redeemed()
    reviewed = shop.do(reviews.write, order=order.id, stars=1, text="")
    assert (reviewed.stars, reviewed.text, reviewed.course) == (1, "", order.course)
    again = {"order": order.id, "stars": 5, "text": "Bagus"}
    assert refused(shop.do, reviews.write, **again) is Reason.ALREADY_REVIEWED


# The journal's chains


def test_everything_a_shopper_does_is_on_his_own_chain(shop):
    start = len(shop.sandbox.journal())
    shop.redeemed()
    entries = shop.sandbox.journal()[start:]
    assert {entry.subject for entry in entries} == {f"shopper:{shop.shopper}"}
    kept = shop.sandbox.ask(Unit.need, kind=Shopper, key=shop.shopper)
    assert accounts.subject(kept.key) == entries[0].subject


def test_the_dearest_course_may_be_ordered(shop):
    assert shop.ordered(ADVERTS).total == Rupiah(1_000_000)
