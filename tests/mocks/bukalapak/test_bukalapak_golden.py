"""The wire, byte for byte: one request and its answer for each endpoint and outcome, kept as files.

Record anew with UPDATE_GOLDEN=1, and read what changed before committing it.
"""

from pathlib import Path

import pytest

from prakerja_sim.mocks import bukalapak
from prakerja_sim.mocks.bukalapak.server import FACE
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.values.clock import DAY, SECOND
from tests.mocks.bukalapak.conftest import FORM, Asker
from tests.mocks.market import (
    COURSE,
    Market,
    Recorder,
    check_golden,
    refused,
)

GOLDEN = Path(bukalapak.__file__).parent / "golden"


def play(market):
    """Use every endpoint once, and the ways in which the important ones say no."""
    ani, budi = market.enrol(0), market.enrol(1)
    wire = market.wire = Recorder(market.wire, FACE)
    shopper = market.somebody()
    shopper.sign_up(ani.name, ani.phone, ani.email)
    refused(shopper.enter_phone_code, market.wrong_otp(ani))
    shopper.enter_phone_code(market.otp(ani))
    market.somebody().sign_up(ani.name, ani.phone, ani.email)
    market.send("GET", "/api/me", headers=shopper.login)
    market.send("GET", "/api/me")
    market.send("POST", "/accounts/oauth/token", headers=FORM, raw=b"grant_type=client_credentials")
    market.send("GET", "/api/products?keywords=prakerja", headers=shopper.login)
    shopper.search("kartu prakerja")
    market.send("GET", "/api/prakerja/courses?limit=0", headers=shopper.login)
    shopper.categories()
    shopper.institutions("kopi")
    shopper.look(COURSE)
    refused(shopper.look, "tidak-ada")
    order = paying(market, shopper, ani)
    afterwards(market, shopper, ani, order)
    old_api(market, shopper, ani, order)
    second = market.shopper(budi)
    second.complain(market.bought(second, budi).order, "Salah beli")
    return wire.kept


def paying(market, shopper, ani):
    shopper.add_to_cart(COURSE)
    refused(shopper.enter_promo, "GRATIS")
    shopper.enter_promo("BELAJAR50")
    market.send("POST", "/api/prakerja/transactions", {"course_id": COURSE}, shopper.login)
    order = shopper.check_out()
    shopper.payment_methods(order)
    refused(shopper.enter_card, order, "1234")
    shopper.enter_card(order, ani.card)
    refused(shopper.resend_otp, order)
    market.after(60 * SECOND)
    shopper.resend_otp(order)
    refused(shopper.enter_otp, order, market.wrong_otp(ani))
    market.sandbox.arm("reply_lost", "payment/authorize")
    shopper.enter_otp(order, market.otp(ani))
    shopper.enter_otp(order, market.otp(ani))
    refused(shopper.payment_methods, order)
    told = {"transactions": [{"id": int(order), "type": "prakerja"}], "payment_type": "prakerja"}
    market.send("POST", "/api/invoices", told, shopper.login)
    return order


def afterwards(market, shopper, ani, order):
    shopper.history()
    market.send("GET", f"/api/prakerja/transactions/{order}", headers=shopper.login)
    voucher = shopper.order(order).voucher
    market.send("GET", "/api/invoices/1", headers=shopper.login)
    refused(shopper.order, "0")
    refused(shopper.resend_mail, order)
    market.after(60 * SECOND)
    shopper.resend_mail(order)
    refused(shopper.write_review, order, 5, "Bagus")
    client = market.institution_client()
    assert client.check(voucher) == COURSE
    assert client.redeem(voucher) == COURSE
    for ask in (client.check, client.redeem):
        with pytest.raises(VoucherRefused) as said:
            ask(voucher)
        assert said.value.course == COURSE
    client.report(voucher, name=ani.name, score=80)
    with pytest.raises(VoucherRefused):
        client.report("BLPK-2222-2222", name=ani.name, score=80)
    shopper.write_review(order, 5, "Bagus")
    shopper.reviews(COURSE)
    refused(shopper.complain, order, "Salah beli")
    ticket = shopper.complain(order, "Kupon tidak bisa dipakai", "voucher")
    refused(shopper.complain, "0", "Kupon tidak bisa dipakai", "voucher")
    refused(shopper.complain_again, ticket, "Masih tidak bisa")
    market.after(DAY * 3)
    shopper.complain_again(ticket, "Masih tidak bisa")
    shopper.tickets(order)
    shopper.recover(ani.phone, ani.email)
    shopper.enter_recovery_code(market.otp(ani), "kata-sandi-baru")


def old_api(market, shopper, ani, order):
    asker = Asker.__new__(Asker)
    asker.market = market
    told = asker.legacy("POST", "/authenticate.json", login=(ani.phone, "kata-sandi-baru")).json()
    login = str(told["user_id"]), told["token"]
    asker.legacy("GET", "/users/info.json", login=login)
    asker.legacy("GET", "/transactions.json", login=login)
    asker.legacy("GET", f"/transactions/{order}.json", login=login)
    feedback = {"feedback": {"positive": "true", "content": "Bagus"}}
    asker.legacy("POST", f"/transactions/{order}/feedbacks.json", feedback, login=login)


def test_the_wire_is_as_it_was_recorded():
    check_golden(GOLDEN, play(Market("bukalapak")))
