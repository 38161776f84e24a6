"""What the shop promises its buyers, tried on a simulated Prakerja."""

import pytest


@pytest.fixture
def buyer(prakerja):
    return prakerja.person()


@pytest.fixture
def order(prakerja, shop, buyer):
    course = prakerja.course("barista-dasar", price=650_000)
    return shop.order(
        course=course.course_code,
        schedule=course.schedule_code,
        price=course.price,
        card=buyer.card,
        buyer="b-1",
    )


def test_the_card_pays_once_however_often_the_buyer_presses(prakerja, shop, buyer, order):
    otp = prakerja.sms.otp(buyer)
    assert shop.pay(order, otp)
    assert shop.pay(order, otp)
    assert buyer.balance == 350_000
    prakerja.calls.assert_called("payment/authorize", body={"invoice_code": order.invoice}, times=1)


def test_a_wrong_otp_pays_nothing_and_may_be_typed_again(prakerja, shop, buyer, order):
    otp = prakerja.sms.otp(buyer)
    wrong = f"{(int(otp) + 1) % 1_000_000:06}"
    assert not shop.pay(order, wrong), "the shop hands out a class although the OTP was wrong"
    assert (order.state, buyer.balance) == ("waiting", 1_000_000)
    assert shop.pay(order, otp)


@pytest.mark.parametrize("fault", ["reply_lost", "reply_hangs"])
def test_after_a_lost_reply_the_shop_asks_what_became(prakerja, shop, buyer, order, fault):
    with prakerja.faults.arm(fault, "payment/authorize") as lost:
        assert shop.pay(order, prakerja.sms.otp(buyer)), "the card paid, and the buyer has no class"
    assert len(lost.struck) == 1
    assert order.transaction == prakerja.payments.by_invoice(order.invoice).transaction_code
    prakerja.calls.assert_sequence("payment/send-otp", "payment/authorize", "payment/status")


def test_after_a_lost_request_the_buyer_pays_again(prakerja, shop, buyer, order):
    otp = prakerja.sms.otp(buyer)
    with prakerja.faults.request_lost("payment/authorize"):
        assert not shop.pay(order, otp)
    assert shop.pay(order, otp)
    assert buyer.balance == 350_000


def test_a_class_that_is_given_back_is_paid_back(prakerja, shop, buyer, order):
    shop.pay(order, prakerja.sms.otp(buyer))
    shop.refund(order)
    assert order.state == "refunded"
    prakerja.calls.assert_called("payment/void", body={"invoice_code": order.invoice}, status=200)
    assert buyer.balance == 1_000_000


@pytest.mark.parametrize("moment", ["2021-11-30 00:00:00", "2021-11-30 23:59:59", "2021-12-01 00:00:00"])
def test_the_shop_sells_as_long_as_prakerja_does(prakerja, shop, buyer, moment):
    course = prakerja.course("barista-dasar", price=650_000)
    prakerja.clock.set(moment)
    prakerja_sells = prakerja.may_buy(buyer, course)
    assert shop.is_open() == bool(prakerja_sells), (
        f"at {moment} Prakerja says {prakerja_sells.reason or 'yes'}"
    )
