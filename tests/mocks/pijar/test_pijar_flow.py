"""What only Pijar has: the token, the e-mail before payment, classes that it holds, seven days to ask."""

from base64 import urlsafe_b64encode

import orjson
import pytest

from prakerja_sim.simulator.values.clock import DAY, SECOND
from tests.mocks.market import refused

HOSTED = "desain-pijar"


@pytest.fixture
def ani(market):
    return market.enrol()


def bought_here(market, ani):
    """A class that Pijar holds itself, paid for."""
    market.list_course(HOSTED, 300_000, institution="pijar")
    shopper = market.shopper(ani)
    return shopper, market.bought(shopper, ani, HOSTED)


def test_the_orders_mail_arrives_before_payment_and_the_vouchers_after(market, ani):
    shopper = market.shopper(ani)
    order = market.ordered(shopper)
    assert [mail.subject for mail in market.mails(ani)] == ["Status pesanan Anda"]
    assert "PJR" not in market.mails(ani)[-1].text
    shopper.enter_card(order, ani.card)
    shopper.enter_otp(order, market.otp(ani))
    assert [mail.subject for mail in market.mails(ani)] == [
        "Status pesanan Anda",
        "Pembelian pelatihan berhasil",
    ]
    assert shopper.order(order).voucher in market.mails(ani)[-1].text


def test_a_class_held_here_shows_no_voucher_anywhere(market, ani):
    shopper, order = bought_here(market, ani)
    assert order.voucher is None
    assert order.redeem_url.startswith("https://pijarmahir.id/belajar/")
    assert [one.voucher for one in shopper.history()] == [None]
    assert "Kode voucher" not in market.mails(ani)[-1].text


def test_a_class_held_here_opens_once_and_answers_the_same_again(market, ani):
    shopper, order = bought_here(market, ani)
    learnt = shopper.start_class(order.order)
    before = market.sandbox.digest()
    assert shopper.start_class(order.order) == learnt
    assert market.sandbox.digest() == before


def test_a_class_held_here_can_be_paid_back_until_it_is_opened(market, ani):
    shopper, order = bought_here(market, ani)
    shopper.complain(order.order, "Salah beli")
    assert shopper.order(order.order).status == "refunded"
    assert market.balance(ani) == 1_000_000
    assert refused(shopper.start_class, order.order).code == "ERR_ORDER_STATUS"


def test_an_opened_class_is_not_paid_back(market, ani):
    shopper, order = bought_here(market, ani)
    shopper.start_class(order.order)
    assert refused(shopper.complain, order.order, "Salah beli").code == "ERR_CLASS_BEGUN"


@pytest.mark.parametrize(("late", "status"), [(0, "refunded"), (1, "issued")])
def test_money_may_be_asked_back_within_seven_days(market, ani, late, status):
    shopper = market.shopper(ani)
    order = market.bought(shopper, ani).order
    market.after(7 * DAY + late * SECOND)
    if late:
        assert refused(shopper.complain, order, "Salah beli").code == "ERR_REFUND_LATE"
    else:
        shopper.complain(order, "Salah beli")
    assert shopper.order(order).status == status


def test_a_learning_site_that_does_not_answer_leaves_the_class_closed(market, ani):
    shopper, order = bought_here(market, ani)
    market.sandbox.arm("request_lost", "/institution/*")
    assert refused(shopper.start_class, order.order).code == "ERR_PRAKERJA"
    assert shopper.start_class(order.order)


# The token


def encoded(told):
    return urlsafe_b64encode(orjson.dumps(told)).rstrip(b"=").decode()


def test_verifying_the_phone_ends_the_token_of_the_registration(market, ani):
    shopper = market.somebody()
    shopper.sign_up(ani.name, ani.phone, ani.email)
    first = shopper.login
    assert market.send("GET", "/api/v1/auth/me", headers=first).status == 200
    shopper.enter_phone_code(market.otp(ani))
    assert market.send("GET", "/api/v1/auth/me", headers=first).status == 401
    assert market.send("GET", "/api/v1/auth/me", headers=shopper.login).status == 200


def forged(token, user):
    head, claims, signature = token.split(".")
    none = encoded({"alg": "none", "typ": "JWT"})
    return [
        f"{head}.{claims}.{signature[:-1]}",
        f"{head}.{claims}.",
        f"{none}.{claims}.",
        f"{head}.{encoded({'sub': user, 'phoneVerified': False})}.{signature}",
        f"{head}.{encoded({'sub': '1', 'phoneVerified': True})}.{signature}",
        f"{head}.{encoded([user])}.{signature}",
        f"{head}.!!!.{signature}",
        f"{claims}.{signature}",
        "..",
        "",
        "é",
    ]


def test_a_forged_token_is_no_login(market, ani):
    shopper = market.shopper(ani)
    token = shopper.login["Authorization"].removeprefix("Bearer ")
    user = market.send("GET", "/api/v1/auth/me", headers=shopper.login).json()["data"]["id"]
    for one in forged(token, user):
        answer = market.send("GET", "/api/v1/auth/me", headers={"Authorization": f"Bearer {one}"})
        assert (answer.status, answer.json()["code"]) == (401, "ERR_UNAUTHORIZED"), one
