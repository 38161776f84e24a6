"""What a voucher's e-mail tells the buyer to do is true when it is sent."""

from datetime import timedelta

import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import INSTITUTION, Market


@pytest.fixture(params=registry.codes())
def sold(request):
    """A self-paced course that was bought, and a way to have its e-mail once more."""
    market = Market(request.param)
    ani = market.enrol()
    market.bought(market.shopper(ani), ani)
    [order] = market.sandbox.ask(Unit.find, kind=Order)
    [voucher] = market.sandbox.ask(Unit.find, kind=Voucher)

    def mailed():
        about = {"order": order.id, "address": ani.email, "title": "Toko", "voucher": voucher.code}
        market.sandbox.do(vouchers.mail_voucher, **about)
        return market.mails(ani)[-1].text

    return market, voucher, mailed


def test_a_self_paced_class_has_no_start_but_its_voucher_a_last_day(sold):
    _, voucher, mailed = sold
    until = f"{voucher.valid_until:%d-%m-%Y} pukul {voucher.valid_until:%H.%M} WIB"
    text = mailed()
    assert f"Tukarkan di halaman lembaga pelatihan paling lambat {until}." in text
    assert "kelas dimulai" not in text


def test_a_voucher_that_was_used_is_not_to_be_used_again(sold):
    market, voucher, mailed = sold
    market.institution_client(INSTITUTION).redeem(voucher.code)
    assert mailed().endswith("Kode sudah ditukarkan di halaman lembaga pelatihan.")


def test_a_voucher_that_has_expired_is_not_good_any_more(sold):
    market, voucher, mailed = sold
    market.sandbox.advance(voucher.valid_until)
    assert "paling lambat" in mailed()
    market.after(timedelta(seconds=1))
    assert mailed().endswith("Kode tidak berlaku lagi.")
