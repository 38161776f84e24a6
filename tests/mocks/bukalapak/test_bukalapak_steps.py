"""The article's nine steps, the ways in which paying can be left in doubt, and what follows it."""

import hashlib
import hmac

import orjson
import pytest

from prakerja_sim.mocks.bukalapak.webhooks import DIALECT
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop.webhook_dialect import signed_message
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.marketplace.webhook_records import Arrived, Webhook
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.world.records import ArmedFault, Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.bukalapak.conftest import APP, basic
from tests.mocks.market import COURSE, INSTITUTION, Market, refused


def texts(market, participant):
    return len(market.sandbox.ask(Unit.log, kind=Sms, phone=participant.phone))


def test_the_nine_steps_of_the_article(market):
    ani = market.enrol()
    shopper = market.shopper(ani)

    assert [found.course for found in shopper.search("Prakerja")] == [COURSE]  # B1
    assert shopper.categories() == ["kopi"]  # B2
    assert shopper.institutions("kopi") == [INSTITUTION]
    assert [found.price for found in shopper.courses(INSTITUTION)] == [650_000]
    detail = shopper.look(COURSE)  # B3
    assert (detail.title, detail.institution, detail.price) == ("Barista", INSTITUTION, 650_000)
    assert any("kode kupon" in step for step in detail.redeem_steps)
    assert shopper.reviews(COURSE) == []

    shopper.add_to_cart(COURSE)  # B4
    assert shopper.enter_promo("BELAJAR50") == 50_000
    order = shopper.check_out()
    assert shopper.payment_methods(order) == {"Program Pemerintah": ["Kartu Prakerja"]}
    before = texts(market, ani)
    shopper.check_card(order, ani.card)  # B5
    assert (texts(market, ani), shopper.order(order).status) == (before, "waiting_card")
    shopper.enter_card(order, ani.card)  # B6
    assert (texts(market, ani), shopper.order(order).status) == (before + 1, "waiting_otp")
    assert market.balance(ani) == 1_000_000
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"  # B7
    assert market.balance(ani) == 400_000

    bought = shopper.order(order)  # B8
    assert (bought.status, bought.course, bought.total) == ("issued", COURSE, 600_000)
    assert market.institution_client().redeem(bought.voucher) == COURSE
    assert shopper.history() == [bought]  # B9
    assert bought.voucher in market.mails(ani)[-1].text


def test_the_card_check_asks_prakerja_nothing_and_keeps_nothing(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.ordered(shopper)
    market.sandbox.arm("request_lost", "payment/send-otp")
    before = market.sandbox.digest()
    shopper.check_card(order, "9" * 16)
    refused(shopper.check_card, order, "9" * 15)
    assert market.sandbox.digest() == before


def test_a_card_that_this_account_did_not_pay_with_is_told_before_paying(market):
    market.list_course("roti-1", 100_000)
    ani, budi = market.enrol(0), market.enrol(1)
    shopper = market.shopper(ani)
    shopper.check_card(market.ordered(shopper), budi.card)
    market.bought(shopper, ani)
    order = market.ordered(shopper, "roti-1")
    assert refused(shopper.check_card, order, budi.card).code == "42234"
    shopper.check_card(order, ani.card)


def test_an_otp_counts_with_its_own_card_only(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    path = f"/api/payments/BLP{order}/prakerja"
    told = {**shopper.login, "Bukalapak-OTP-Key": market.otp(ani)}
    before = market.sandbox.digest()
    for other in ("9" * 16, ani.card[:-1], ""):
        answer = market.send("POST", path, {"card_number": other}, told)
        assert (answer.status, answer.json()["errors"][0]["code"]) == (422, 42241)
    assert market.sandbox.digest() == before
    assert market.send("POST", path, {"card_number": ani.card}, told).json()["data"]["state"] == "paid"


def test_a_lost_reply_leaves_the_order_processing_and_detail_tagihan_settles_it(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    market.sandbox.arm("reply_lost", "payment/authorize")
    market.sandbox.arm("request_lost", "payment/status")
    assert shopper.enter_otp(order, market.otp(ani)) == "pending"
    assert market.balance(ani) == 350_000
    assert shopper.order(order).status == "pending"

    assert shopper.order(order).status == "issued"
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"
    assert market.balance(ani) == 350_000


def test_a_lost_request_is_told_as_unpaid_once_prakerja_says_so(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    market.sandbox.arm("request_lost", "payment/authorize")
    assert shopper.enter_otp(order, market.otp(ani)) == "pending"
    assert shopper.order(order).status == "waiting_otp"
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"


def test_verifikasi_pressed_again_after_its_own_answer_was_lost_charges_once(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    otp = market.otp(ani)
    market.sandbox.arm("reply_lost", f"BLP{order}/prakerja")
    with pytest.raises(NoReply):
        shopper.enter_otp(order, otp)
    assert [shopper.enter_otp(order, otp), shopper.enter_otp(order, otp)] == ["paid", "paid"]
    assert market.balance(ani) == 350_000
    assert len(market.mails(ani)) == 1


def test_bayar_pressed_twice_asks_for_one_otp_a_minute(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    assert refused(shopper.enter_card, order, ani.card).code == "10113"
    market.after(60 * SECOND)
    shopper.enter_card(order, ani.card)
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"


def test_the_coupons_mail_is_sent_again_after_a_minute(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.bought(shopper, ani).order
    market.after(59 * SECOND)
    assert refused(shopper.resend_mail, order).code == "42910"
    market.after(SECOND)
    shopper.resend_mail(order)
    assert len(market.mails(ani)) == 2


def test_money_comes_back_while_the_coupon_is_unused(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    bought = market.bought(shopper, ani)
    market.sandbox.arm("reply_lost", "payment/void")
    assert refused(shopper.complain, bought.order, "Kelas tidak bisa dibuka").code == "50410"
    shopper.complain(bought.order, "Kelas tidak bisa dibuka")
    assert shopper.order(bought.order).status == "refunded"
    assert market.balance(ani) == 1_000_000


def test_somebody_new_in_front_of_the_app_finds_his_orders_again(market):
    ani = market.enrol()
    order = market.bought(market.shopper(ani), ani).order
    later = market.shopper(ani)
    assert [one.order for one in later.history()] == [order]
    market.after(60 * SECOND)
    later.resend_mail(order)


def test_a_guest_who_looks_around_for_long_gets_another_token(market):
    guest = market.somebody()
    assert guest.categories() == ["kopi"]
    market.after(DAY)
    assert [one.course for one in guest.search("barista")] == [COURSE]
    assert guest.search("no such words") == []


def test_lists_come_in_pages(market):
    for number in range(5):
        market.list_course(f"roti-{number}", 100_000 + number, category="kue", institution="lp-roti")
    shopper = market.shopper(market.enrol())

    def listed(query):
        told = market.send("GET", f"/api/prakerja/courses?{query}", headers=shopper.login).json()
        return [one["id"] for one in told["data"]], told["meta"]

    roti = [f"roti-{number}" for number in range(5)]
    assert listed("keywords=barista&limit=2")[1] == {"http_status": 200, "limit": 2, "offset": 0, "total": 6}
    assert listed("category_id=kue&limit=2&offset=4") == (
        ["roti-4"],
        {"http_status": 200, "limit": 2, "offset": 4, "total": 5},
    )
    assert listed("provider_id=lp-roti&sort=-price")[0] == roti[::-1]
    assert listed("type=webinar")[0] == []
    assert listed("offset=10000")[0] == []


def test_a_course_counts_its_reviews(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    bought = market.bought(shopper, ani)
    market.institution_client().redeem(bought.voucher)
    told = {"rate": 4, "title": "Baik", "content": "Jelas"}
    path = f"/api/prakerja/transactions/{bought.order}/reviews"
    assert market.send("POST", path, told, shopper.login).status == 201
    shown = market.send("GET", f"/api/prakerja/courses/{COURSE}/reviews", headers=shopper.login).json()
    assert {name: shown["data"][0][name] for name in told} == told
    assert shown["data"][0]["created_at"] == "2021-08-24T08:00:00Z"
    rating = market.send("GET", f"/api/prakerja/courses/{COURSE}", headers=shopper.login).json()["data"]
    assert rating["rating"] == {"average": 4.0, "count": 1}


# Webhooks


def heard(market):
    told = {"party": "bukalapak", "name": "lp", "url": "inbox:", "secret": "rahasia"}
    market.sandbox.do(webhooks_outbox.register, **told, events="order.paid,order.refunded")
    market.sandbox.telling = True
    return lambda: market.sandbox.ask(Unit.log, kind=Arrived)


def test_a_webhook_tells_what_became_of_a_transaction_signed(market):
    arrived = heard(market)
    ani = market.enrol()
    shopper = market.shopper(ani)
    bought = market.bought(shopper, ani)
    shopper.complain(bought.order, "Salah beli")
    paid, back = arrived()
    for one, event, state in (
        (paid, "transaction.paid", "issued"),
        (back, "transaction.refunded", "cancelled"),
    ):
        told, headers = orjson.loads(one.body), orjson.loads(one.headers)
        assert (told["event"], told["data"]["coupon"]["state"]) == (event, state)
        assert told["meta"] == {"sent_at": "2021-08-24T08:00:00Z"}
        assert (told["data"]["id"], told["data"]["amount"]) == (int(bought.order), 650_000)
        signature = hmac.new(b"rahasia", one.body.encode(), hashlib.sha256).hexdigest()
        assert headers == {"Bukalapak-Signature": signature, "Content-Type": "application/json"}


def test_a_webhook_is_tried_five_times_with_the_same_bytes(market):
    arrived = heard(market)
    ani = market.enrol()
    market.sandbox.arm("webhook_lost", "", 5)
    market.bought(market.shopper(ani), ani)
    [kept] = market.sandbox.ask(Unit.find, kind=Webhook)
    first = signed_message(DIALECT, kept, "lp", "rahasia")
    market.send("POST", "/api/users")  # any request: what is due is delivered
    for wait in DIALECT.waits:
        market.after(wait)
        market.send("POST", "/api/users")
    [kept] = market.sandbox.ask(Unit.find, kind=Webhook)
    assert (kept.attempts, str(kept.status), arrived()) == (5, "dead", [])
    assert signed_message(DIALECT, kept, "lp", "rahasia") == first


@pytest.fixture
def early(monkeypatch):
    """A market in the days in which a review on the marketplace counted for the incentive."""
    monkeypatch.setattr("tests.mocks.market.START", wib(2021, 3, 10, 9))
    world = Market("bukalapak")
    yield world
    assert world.is_sound(), (world.sandbox.stopped, world.parties.bugs)


def test_a_review_that_prakerja_does_not_hear_of_is_told_so_and_passed_on_when_written_again(early):
    ani = early.enrol(wave=13)
    shopper = early.shopper(ani)
    order = early.bought(shopper, ani)
    early.institution_client().redeem(order.voucher)
    early.sandbox.arm("request_lost", "reviews")
    lost = early.sandbox.ask(Unit.find, kind=ArmedFault)[0]
    path = f"/api/v2/transactions/{order.order}/feedbacks.json"
    account = early.send("GET", "/api/me", headers=shopper.login).json()["data"]
    password = f"rahasia-{ani.phone[-4:]}"
    signed = early.send("POST", "/api/v2/authenticate.json", headers=login(ani.phone, password)).json()
    v2 = login(str(account["id"]), signed["token"])
    feedback = {"feedback": {"positive": True, "body": "Bagus"}}
    told = early.send("POST", path, feedback, v2)
    assert (told.status, told.json()["status"]) == (200, "ERROR")
    assert "diproses" in told.json()["message"], lost
    assert refused(shopper.write_review, order.order, 5, "Bagus").code == "42261"
    assert [one.stars for one in shopper.reviews(COURSE)] == [5]


def login(name, secret):
    return {"Authorization": basic(name, secret)}


@pytest.mark.parametrize("how", ["{}", "+62{}", "62{}", "+62 {}", "(0){}"])
def test_somebody_logs_in_with_the_phone_as_it_was_written_at_the_opening(asker, how):
    written = how.format("840-1234-9999")
    guest = asker.token(**APP, grant_type="client_credentials").json()["access_token"]
    new = {"name": "Eka", "phone": written, "email": "Eka@Example.com", "password": "rahasia"}
    bearer = {"Authorization": f"Bearer {guest}"}
    assert asker.market.send("POST", "/api/users", new, bearer).json()["data"]["phone"] == "084012349999"
    for login in (written, "084012349999", "+6284012349999", "eka@example.com", "EKA@EXAMPLE.COM"):
        answer = asker.token(**APP, grant_type="password", username=login, password="rahasia")
        assert answer.status == 200, (login, answer.body)
        told = asker.legacy("POST", "/authenticate.json", login=(login, "rahasia")).json()
        assert told["status"] == "OK", login
