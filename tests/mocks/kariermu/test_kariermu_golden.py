"""The wire, byte for byte: one request and its answer for each endpoint and outcome, kept as files.

Record anew with UPDATE_GOLDEN=1, and read what changed before committing it.
"""

from pathlib import Path

import pytest

from prakerja_sim.mocks import kariermu
from prakerja_sim.mocks.kariermu.server import FACE
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.values.clock import DAY, SECOND
from tests.mocks.market import (
    COURSE,
    Market,
    Recorder,
    check_golden,
    refused,
)

GOLDEN = Path(kariermu.__file__).parent / "golden"


def play(market):
    """Use every endpoint once, and the ways in which the important ones say no."""
    ani, budi = market.enrol(0), market.enrol(1)
    wire = market.wire = Recorder(market.wire, FACE)
    shopper = market.somebody()
    shopper.sign_up(ani.name, ani.phone, ani.email)
    refused(shopper.enter_phone_code, market.wrong_otp(ani))
    shopper.enter_phone_code(market.otp(ani))
    market.send("POST", "/v2/auth/me-v2", headers=shopper.login)
    market.send("POST", "/v2/auth/me-v2")
    market.send("POST", "/v2/auth/login", {"email": ani.email, "password": "salah"})
    shopper.search("kartu prakerja")
    shopper.categories()
    shopper.look(COURSE)
    refused(shopper.look, "tidak-ada")
    order = paying(market, shopper, ani)
    market.send("GET", f"/program_activity/enrolled/{shopper._user}/1/10", headers=shopper.login)
    afterwards(market, shopper, ani, order)
    second = market.shopper(budi)
    second.complain(market.bought(second, budi).order, "Salah beli")
    return wire.kept


def paying(market, shopper, ani):
    shopper.add_to_cart(COURSE)
    refused(shopper.enter_promo, "GRATIS")
    shopper.enter_promo("BELAJAR50")
    order = shopper.check_out()
    refused(shopper.check_out)
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
    shopper.write_review(order, 5, "Bagus")
    shopper.reviews(COURSE)
    refused(shopper.complain, order, "Salah beli")
    ticket = shopper.complain(order, "Kode tidak bisa dipakai", "voucher")
    refused(shopper.complain_again, ticket, "Masih tidak bisa")
    market.after(DAY * 3)
    shopper.complain_again(ticket, "Masih tidak bisa")
    shopper.tickets(order)
    refused(shopper.recover, ani.phone, "tidak.ada@example.com")
    shopper.recover(ani.phone, ani.email)
    refused(shopper.enter_recovery_code, "000000", "kata-sandi-baru")
    code = market.mails(ani)[-1].text.partition("verifikasi: ")[2][:6]
    shopper.enter_recovery_code(code, "kata-sandi-baru")


def test_the_wire_is_as_it_was_recorded():
    check_golden(GOLDEN, play(Market("kariermu")))
