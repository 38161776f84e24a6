"""Several hands on one order or one account, and another marketplace's trouble beside it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import COURSE

OTHERS = [code for code in registry.codes() if code != "bukalapak"]


def test_verifikasi_pressed_by_many_hands_charges_once(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    otp = market.otp(ani)

    with ThreadPoolExecutor(8) as pool:
        pays = [pool.submit(shopper.enter_otp, order, otp) for _ in range(8)]
        looks = [pool.submit(shopper.history) for _ in range(8)]
    assert {one.result() for one in pays} == {"paid"}
    assert all(len(one.result()) == 1 for one in looks)
    assert market.balance(ani) == 350_000
    assert len(market.mails(ani)) == 1


def test_a_coupon_is_burned_by_one_of_many(market):
    ani = market.enrol()
    coupon = market.bought(market.shopper(ani), ani).voucher
    key = market.sandboxes.credential_of(market.sandbox, "kopi-kita").sign_key

    def burn():
        client = registry.institution_client("bukalapak", market.wire, "kopi-kita", key)
        try:
            return client.redeem(coupon)
        except VoucherRefused as refused:
            return str(refused.reason)

    with ThreadPoolExecutor(8) as pool:
        outcomes = [one.result() for one in [pool.submit(burn) for _ in range(8)]]
    assert sorted(outcomes) == [COURSE] + ["voucher_used"] * 7


def test_one_phone_opens_one_account_however_many_ask(market):
    guest = market.somebody()
    guest.categories()
    body = {"name": "Ani", "phone": "084012345678", "email": "ani@example.com"}

    def register(number):
        told = body | {"password": f"rahasia-{number}"}
        return market.send("POST", "/api/users", told, guest.login).status

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(register, range(8)))
    assert sorted(statuses) == [201] + [422] * 7
    assert len(market.sandbox.ask(Unit.find, kind=Shopper)) == 1


@pytest.mark.parametrize("other", OTHERS)
def test_trouble_at_another_marketplace_does_not_show_here(market, other):
    ani = market.enrol()
    shopper = market.shopper(ani)
    market.sandbox.arm("reply_lost", f"/{other}/*", 100)
    order = market.carded(shopper, ani)
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"
    elsewhere = registry.shopper(other, market.parties.transport(other, market.sandbox))
    with pytest.raises(NoReply):
        elsewhere.sign_up(ani.name, ani.phone, ani.email)
    market.sandbox.disarm()


@pytest.mark.parametrize("other", OTHERS)
def test_an_account_or_an_order_here_is_none_at_another_marketplace(market, other):
    ani = market.enrol()
    shopper = market.shopper(ani)
    mine = market.bought(shopper, ani)
    wire = market.parties.transport(other, market.sandbox)
    elsewhere = registry.shopper(other, wire)
    with pytest.raises((Refused, NoReply)):
        elsewhere.recover(ani.phone, ani.email)
    elsewhere.sign_up(ani.name, ani.phone, ani.email)
    elsewhere.enter_phone_code(market.otp(ani))
    assert elsewhere.history() == []
    with pytest.raises(Refused):
        elsewhere.order(mine.order)
    key = market.sandboxes.credential_of(market.sandbox, "kopi-kita").sign_key
    with pytest.raises(VoucherRefused):
        registry.institution_client(other, wire, "kopi-kita", key).redeem(mine.voucher)
    assert market.institution_client().redeem(mine.voucher) == COURSE
