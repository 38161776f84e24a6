"""The wire, byte for byte: one request and its answer for each endpoint and outcome, kept as files.

Record anew with UPDATE_GOLDEN=1, and read what changed before committing it.
"""

from pathlib import Path

import pytest

from prakerja_sim.mocks import kemnaker
from prakerja_sim.mocks.kemnaker.server import FACE
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.values.clock import DAY, SECOND
from tests.mocks.market import (
    COURSE,
    Market,
    Recorder,
    check_golden,
    refused,
)

GOLDEN = Path(kemnaker.__file__).parent / "golden"
ACCOUNT = "/account/api/v1"


def play(market):
    """Use every endpoint once, and the ways in which the important ones say no."""
    ani, budi = market.enrol(0), market.enrol(1)
    wire = market.wire = Recorder(market.wire, FACE)
    shopper = market.somebody()
    shopper.sign_up(ani.name, ani.phone, ani.email)
    refused(shopper.enter_phone_code, market.wrong_otp(ani))
    shopper.enter_phone_code(market.otp(ani))
    market.send("GET", f"{ACCOUNT}/users/me", headers=shopper.login)
    market.send("GET", f"{ACCOUNT}/users/me")
    market.send("GET", "/account/auth?client_id=skillhub")
    market.send("POST", "/account/auth/login", {"username": "a", "password": "b"})
    market.send("POST", f"{ACCOUNT}/tokens", {"grant_type": "refresh_token", "client_id": "skillhub"})
    shopper.search("kartu prakerja")
    shopper.categories()
    shopper.institutions("kopi")
    shopper.look(COURSE)
    refused(shopper.look, "tidak-ada")
    order = paying(market, shopper, ani)
    afterwards(market, shopper, ani, order)
    second = market.shopper(budi)
    refused(second.complain, market.bought(second, budi).order, "Salah beli")
    return wire.kept


def paying(market, shopper, ani):
    shopper.add_to_cart(COURSE)
    refused(shopper.enter_promo, "BELAJAR50")
    order = shopper.check_out()
    shopper.payment_methods(order)
    refused(shopper.resend_otp, order)
    refused(shopper.enter_card, order, "1234")
    shopper.enter_card(order, ani.card)
    market.after(60 * SECOND)
    shopper.resend_otp(order)
    refused(shopper.enter_otp, order, market.wrong_otp(ani))
    market.sandbox.arm("reply_lost", "payment/authorize")
    shopper.enter_otp(order, market.otp(ani))
    shopper.enter_otp(order, market.otp(ani))
    refused(shopper.payment_methods, order)
    return order


def afterwards(market, shopper, ani, order):
    shopper.history()
    voucher = shopper.order(order).voucher
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
    shopper.certificates(order)
    shopper.write_review(order, 5, "Bagus")
    shopper.reviews(COURSE)
    ticket = shopper.complain(order, "Kode tidak bisa dipakai", "voucher")
    refused(shopper.complain_again, ticket, "Masih tidak bisa")
    market.after(DAY * 6)
    shopper.complain_again(ticket, "Masih tidak bisa")
    shopper.tickets(order)
    market.somebody().sign_up(ani.name, ani.phone, ani.email)
    refused(shopper.recover, ani.phone, "tidak.ada@example.com")
    shopper.recover(ani.phone, ani.email)
    refused(shopper.enter_recovery_code, "000000", "kata-sandi-baru")
    code = market.mails(ani)[-1].text.partition("verifikasi: ")[2][:6]
    shopper.enter_recovery_code(code, "kata-sandi-baru")


def test_the_wire_is_as_it_was_recorded():
    check_golden(GOLDEN, play(Market("kemnaker")))
