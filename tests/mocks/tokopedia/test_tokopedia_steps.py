"""The article's steps, and the ways in which paying can be left in doubt."""

import orjson
import pytest

from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop.buyer import OrderView, Refused
from prakerja_sim.simulator.values.clock import DAY, SECOND

COURSE = "barista-101"


def test_the_eleven_steps_of_the_article(market):
    ani = market.enrol()
    shopper = market.shopper(ani)  # T1

    assert COURSE in [found.course for found in shopper.search("kartu prakerja")]  # T2
    assert shopper.categories() == ["kopi"]  # T3
    assert shopper.institutions("kopi") == ["kopi-kita"]
    assert [found.price for found in shopper.courses("kopi-kita")] == [650_000]
    detail = shopper.look(COURSE)  # T4
    assert (detail.title, detail.institution, detail.price) == ("Barista", "kopi-kita", 650_000)
    assert any("kode voucher" in step for step in detail.redeem_steps)

    shopper.add_to_cart(COURSE)  # T5
    assert shopper.enter_promo("BELAJAR50") == 50_000
    order = shopper.check_out()
    assert shopper.payment_methods(order) == {"Program Pemerintah": ["Kartu Prakerja"]}  # T6
    shopper.enter_card(order, ani.card)  # T7
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"
    assert market.balance(ani) == 400_000

    bought = shopper.order(order)  # T8
    assert (bought.status, bought.course, bought.total) == ("issued", COURSE, 600_000)
    assert bought.voucher.startswith("TKPD")
    listed = shopper.history()
    assert listed == [OrderView(order, "issued", COURSE, 600_000, bought.voucher, None, "Barista")]
    assert bought.voucher in market.mails(ani)[-1].text

    redeemed = market.partner("voucher/redeem", voucher_code=bought.voucher)  # T9
    assert (redeemed["response_code"], redeemed["product_code"]) == ("00", COURSE)
    done = market.partner("completion", voucher_code=bought.voucher, name=ani.name, score=90)  # T10
    assert done["response_code"] == "00"
    shopper.write_review(order, 5, "Jelas dan berguna")  # T11
    assert [(one.stars, one.text) for one in shopper.reviews(COURSE)] == [(5, "Jelas dan berguna")]


def test_a_lost_reply_leaves_the_order_pending_and_the_history_settles_it(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)

    market.sandbox.arm("reply_lost", "payment/authorize")
    market.sandbox.arm("request_lost", "payment/status")
    assert shopper.enter_otp(order, market.otp(ani)) == "pending"
    assert market.balance(ani) == 350_000
    assert shopper.order(order).status == "pending"  # Prakerja does not answer this time either

    [listed] = shopper.history()
    assert listed.status == "issued"
    assert listed.voucher
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"
    assert market.balance(ani) == 350_000
    assert shopper.order(order).voucher == listed.voucher


def test_a_lost_request_is_told_as_unpaid_once_prakerja_says_so(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)

    market.sandbox.arm("request_lost", "payment/authorize")
    assert shopper.enter_otp(order, market.otp(ani)) == "pending"
    assert shopper.order(order).status == "waiting_otp"
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"
    assert market.balance(ani) == 350_000


def test_confirm_pressed_twice_charges_once(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    otp = market.otp(ani)

    assert [shopper.enter_otp(order, otp), shopper.enter_otp(order, otp)] == ["paid", "paid"]
    assert market.balance(ani) == 350_000
    assert len(market.mails(ani)) == 1


def test_confirm_pressed_again_after_its_own_answer_was_lost_charges_once(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    otp = market.otp(ani)

    market.sandbox.arm("reply_lost", "prakerja/confirm")
    with pytest.raises(NoReply):
        shopper.enter_otp(order, otp)
    assert shopper.enter_otp(order, otp) == "paid"
    assert market.balance(ani) == 350_000


def test_a_lost_text_message_is_made_good_by_a_resend(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.ordered(shopper)

    market.sandbox.arm("sms_lost", ani.phone)
    shopper.enter_card(order, ani.card)
    market.after(60 * SECOND)
    shopper.resend_otp(order)
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"


def test_the_voucher_mail_is_sent_again_after_a_minute(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.bought(shopper, ani).order

    market.after(59 * SECOND)
    with pytest.raises(Refused, match="RCG_USC_008"):
        shopper.resend_mail(order)
    market.after(SECOND)
    shopper.resend_mail(order)
    assert len(market.mails(ani)) == 2


def test_a_complaint_gives_the_money_back_while_the_voucher_is_unused(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    bought = market.bought(shopper, ani)

    market.sandbox.arm("reply_lost", "payment/void")
    with pytest.raises(Refused, match="PAY_USC_050"):
        shopper.complain(bought.order, "Kelas tidak bisa dibuka")
    shopper.complain(bought.order, "Kelas tidak bisa dibuka")
    assert shopper.order(bought.order).status == "refunded"
    assert market.balance(ani) == 1_000_000
    assert market.partner("voucher/status", voucher_code=bought.voucher)["response_code"] == "11"


def test_an_account_is_found_again_by_its_phone(market):
    ani = market.enrol()
    order = market.bought(market.shopper(ani), ani).order
    assert [one.order for one in market.shopper(ani).history()] == [order]


def test_the_token_of_an_unverified_account_ends_with_the_verification(market):
    ani = market.enrol()
    body = {"name": ani.name, "email": ani.email, "msisdn": ani.phone}

    def register():
        raw = orjson.dumps({"operationName": "register", "variables": body})
        return market.wire.send("POST", "/gql/graphql", {}, raw).json()["data"]["register"]["accessToken"]

    def cart(token):
        headers = {"Authorization": f"Bearer {token}"}
        return market.wire.send("GET", "/pulsa/v1.4/cart", headers).status

    early = register()
    assert cart(early) == 404
    market.shopper(ani)
    assert (cart(early), register()) == (401, "")


def test_search_finds_by_every_word_and_redirects_only_for_the_programme(market):
    market.list_course("roti-1", 200_000, title="Roti Rumahan", category="kue", institution="lp-roti")
    shopper = market.shopper(market.enrol())

    assert [found.course for found in shopper.search("roti")] == ["roti-1"]
    assert shopper.search("roti barista") == []
    assert len(shopper.search("Kartu Prakerja")) == 2
    assert shopper.institutions("kue") == ["lp-roti"]
    with pytest.raises(Refused, match="Kata kunci"):
        shopper.search(" ")


def test_the_voucher_of_a_webinar_ends_with_it(market):
    starts = market.sandbox.now() + DAY
    market.list_course("bincang", 100_000, kind=2, quota=5, starts=starts)
    ani = market.enrol()
    bought = market.bought(market.shopper(ani), ani, "bincang")

    market.after(DAY + 3 * 3600 * SECOND)
    told = market.partner("voucher/redeem", voucher_code=bought.voucher)
    assert (told["response_code"], told["message"]) == ("11", "Voucher is expired")
