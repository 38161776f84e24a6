"""Banks and e-wallets: accounts are opened, statements show what came in."""

import orjson
import pytest

from simulator import linking
from simulator.partners import PARTNERS
from simulator.records import LinkedAccount
from simulator.store import Unit

ACCOUNT = {
    "number": "0812345678",
    "phone": "084012345678",
    "nik": "3171010101900000",
    "name": "Ani Lestari",
    "upgraded": True,
}


def open_account(world, partner="ovo", **changed):
    return world.send("POST", f"/payout/{partner}/accounts", orjson.dumps(ACCOUNT | changed))


def error(answer):
    return answer.status, answer.json()["error"]["code"]


@pytest.mark.parametrize("partner", PARTNERS)
def test_an_account_is_opened_at_each_partner_and_is_empty(world, partner):
    told = {"partner": partner, "number": "0812345678", "upgraded": True}
    assert open_account(world, partner).json() == told
    statement = world.send("GET", f"/payout/{partner}/accounts/0812345678")
    assert (statement.status, statement.json()) == (200, told | {"balance": 0, "transfers": []})


def test_an_account_is_upgraded_by_opening_it_again(world):
    assert open_account(world, upgraded=False).json()["upgraded"] is False
    assert open_account(world).json()["upgraded"] is True


def test_upgraded_is_what_is_meant_when_nothing_is_said(world):
    body = {name: value for name, value in ACCOUNT.items() if name != "upgraded"}
    answer = world.send("POST", "/payout/dana/accounts", orjson.dumps(body))
    assert answer.json()["upgraded"] is True


def test_a_statement_shows_each_incentive_that_came_in_order(world):
    ani = world.enrol()
    open_account(world, phone=ani.phone, nik=ani.nik, name=ani.name)
    world.sandbox.do(linking.link, card=ani.card, partner="ovo", number=ACCOUNT["number"])
    world.sandbox.do(linking.confirm_link, card=ani.card, otp=world.otp(ani))
    world.rated(ani)

    def statement():
        return world.send("GET", f"/payout/ovo/accounts/{ACCOUNT['number']}").json()

    while len(statement()["transfers"]) < 4:
        world.sandbox.step()
    shown = statement()
    assert shown["balance"] == 2_400_000
    assert [t["slot"] for t in shown["transfers"]] == ["job-1", "job-2", "job-3", "job-4"]
    assert [t["amount"] for t in shown["transfers"]] == [600_000] * 4
    days = [t["paid_at"] for t in shown["transfers"]]
    assert days == sorted(days)


def test_an_account_whose_linking_was_only_begun_got_nothing(world):
    ani = world.enrol()
    open_account(world, phone=ani.phone, nik=ani.nik, name=ani.name)
    world.sandbox.do(linking.link, card=ani.card, partner="ovo", number=ACCOUNT["number"])
    assert world.sandbox.ask(Unit.get, kind=LinkedAccount, key=ani.card).linked_at is None
    assert world.send("GET", f"/payout/ovo/accounts/{ACCOUNT['number']}").json()["transfers"] == []


def test_an_unknown_partner_is_refused_with_those_there_are(world):
    refused = open_account(world, "gopey")
    assert error(refused) == (409, "partner_unknown")
    assert "bni, bca, ovo, gopay, linkaja, dana" in refused.json()["error"]["message"]


@pytest.mark.parametrize("path", ["ovo/accounts/1", "nobody/accounts/0812345678", "ovo/accounts/%00"])
def test_an_unknown_account_is_not_found(world, path):
    open_account(world)
    assert error(world.send("GET", f"/payout/{path}")) == (404, "wallet_unknown")


BAD = [
    ({"number": "08123"}, "number"),
    ({"number": "0" * 21}, "number"),
    ({"number": "08123456x"}, "number"),
    ({"number": "\u0660" * 8}, "number"),
    ({"number": 812345678}, "number"),
    ({"number": "0812345678\n"}, "number"),
    ({"phone": ""}, "phone"),
    ({"nik": None}, "nik"),
    ({"name": ""}, "name"),
    ({"name": "x" * 101}, "name"),
    ({"upgraded": "yes"}, "upgraded"),
    ({"upgraded": 1}, "upgraded"),
]


@pytest.mark.parametrize(("changed", "place"), BAD)
def test_a_bad_field_of_an_account_is_told(world, changed, place):
    before = world.digest()
    refused = open_account(world, **changed)
    assert error(refused) == (400, "malformed")
    assert refused.json()["error"]["message"].startswith(f"{place}: ")
    assert world.digest() == before


@pytest.mark.parametrize("number", ["0" * 6, "0" * 20])
def test_an_account_number_has_six_to_twenty_digits(world, number):
    assert open_account(world, number=number).status == 200
