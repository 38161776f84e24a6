"""Several hands on one order: confirm and history at the same time charge once and tell no lie."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from prakerja_sim.mocks.http.transport import InProcess


def test_confirm_pressed_by_many_hands_charges_once(market):
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


@pytest.mark.parametrize("looks", [1, 3])
def test_a_look_while_the_payment_is_on_its_way_does_not_lose_it(market, monkeypatch, looks):
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    otp = market.otp(ani)
    asked, looked = Event(), Event()
    send = InProcess.send

    def slow(self, method, path, headers=None, body=b""):
        if path.endswith("payment/authorize"):
            asked.set()
            assert looked.wait(10)
        return send(self, method, path, headers, body)

    monkeypatch.setattr(InProcess, "send", slow)
    with ThreadPoolExecutor(1) as pool:
        paying = pool.submit(shopper.enter_otp, order, otp)
        assert asked.wait(10)
        seen = {shopper.order(order).status for _ in range(looks)}
        looked.set()
        assert paying.result() == "paid"
    assert seen == {"waiting_otp"}
    assert shopper.order(order).status == "issued"
    assert market.balance(ani) == 350_000
