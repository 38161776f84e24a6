"""The list of enrolled programs, as public clients read it."""

from prakerja_sim.simulator.values.clock import DAY, SECOND
from tests.mocks.market import Market


def enrolled(market, shopper):
    path = f"/program_activity/enrolled/{shopper._user}/1/12?platform=kariermu"
    return market.send("GET", path, headers=shopper.login).json()["data"]


def test_a_client_finds_its_program_by_number_and_status():
    market = Market("kariermu")
    ani = market.enrol()
    shopper = market.shopper(ani)
    market.list_course("roti-1", 100_000, title="Roti Rumahan")
    assert enrolled(market, shopper) == []
    order = market.bought(shopper, ani)
    [program] = enrolled(market, shopper)
    assert program["status"] is True
    assert (program["program_user_id"], program["name"]) == (order.order, "Barista")
    assert isinstance(program["id"], int)  # clients put it into JSON without quotes
    assert enrolled(market, shopper) == [program]
    shopper.complain(order.order, "Salah beli")
    market.after(120 * SECOND)
    market.bought(shopper, ani, "roti-1")
    [other] = enrolled(market, shopper)
    assert other["id"] != program["id"]


def test_a_program_whose_voucher_lapsed_unused_is_not_open_any_more():
    market = Market("kariermu")
    ani, budi = market.enrol(0), market.enrol(1)
    unused, used = market.shopper(ani), market.shopper(budi)
    market.bought(unused, ani)
    market.institution_client().redeem(market.bought(used, budi).voucher)
    market.after(200 * DAY)
    assert [enrolled(market, one)[0]["status"] for one in (unused, used)] == [False, True]
