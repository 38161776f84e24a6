"""Banks and e-wallets: accounts are opened, statements show what came in."""

import orjson
import pytest

from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.simulator.payout.partners import PARTNERS
from prakerja_sim.simulator.programme import payout_accounts
from prakerja_sim.simulator.programme.incentive_records import LinkedAccount
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.world.store import Unit

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
    world.sandbox.do(payout_accounts.link, card=ani.card, partner="ovo", number=ACCOUNT["number"])
    world.sandbox.do(payout_accounts.confirm_link, card=ani.card, otp=world.otp(ani))
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
    world.sandbox.do(payout_accounts.link, card=ani.card, partner="ovo", number=ACCOUNT["number"])
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
    ({"active": "no"}, "active"),
    ({"currency": "rp"}, "currency"),
    ({"monthly_limit": -1}, "monthly_limit"),
    ({"monthly_limit": True}, "monthly_limit"),
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


# Instructions of a programme that keeps its own books

PAYMENT = {
    "reference": "batch-7.ani", "number": "0812345678", "amount": 600_000,
    "nik": ACCOUNT["nik"], "name": ACCOUNT["name"], "phone": ACCOUNT["phone"],
}  # fmt: skip


def pay(world, partner="ovo", **changed):
    return world.send("POST", f"/payout/{partner}/transfers", orjson.dumps(PAYMENT | changed))


def status(world, reference="batch-7.ani", partner="ovo"):
    return world.send("GET", f"/payout/{partner}/transfers/{reference}")


def switch(world, outcome, partner="ovo"):
    return world.send("POST", f"/payout/{partner}/outcome", orjson.dumps({"outcome": outcome}))


def balance(world, partner="ovo"):
    return world.send("GET", f"/payout/{partner}/accounts/0812345678").json()["balance"]


def test_an_instruction_is_paid_once_however_often_it_comes(world):
    open_account(world)
    paid = {"reference": "batch-7.ani", "status": "paid"}
    for _ in range(3):
        assert (pay(world).status, pay(world).json(), balance(world)) == (200, paid, 600_000)
    assert status(world).json() == paid
    assert error(pay(world, amount=600_001)) == (409, "reference_used")
    assert pay(world, reference="other").json()["status"] == "paid"
    assert balance(world) == 1_200_000
    assert world.sandbox.check() == []


@pytest.mark.parametrize(
    ("outcome", "refusal"),
    [
        ("payout_rejected", "payout_rejected"),
        ("payout_name_differs", "wallet_name_differs"),
        ("payout_full", "wallet_full"),
        ("payout_down", "partner_down"),
    ],
)
def test_a_switched_partner_refuses_until_it_is_switched_back(world, outcome, refusal):
    open_account(world)
    assert switch(world, outcome).json() == {"partner": "ovo", "outcome": outcome}
    told = {"reference": "batch-7.ani", "status": "refused", "refusal": refusal}
    assert (pay(world).json(), balance(world)) == (told, 0)
    switch(world, "success")
    assert pay(world, reference="again").json()["status"] == "paid"


@pytest.mark.parametrize(("outcome", "before"), [("payout_reply_lost", 600_000), ("payout_request_lost", 0)])
def test_a_lost_answer_is_found_out_by_its_status(world, outcome, before):
    open_account(world)
    switch(world, outcome)
    with pytest.raises(NoReply):
        pay(world)
    assert balance(world) == before
    if before:
        assert status(world).json()["status"] == "paid"
    else:
        assert error(status(world)) == (404, "payout_unknown")
    switch(world, "success")
    assert pay(world).json()["status"] == "paid"
    assert balance(world) == 600_000


def test_a_late_payment_is_pending_for_two_working_days(world):
    open_account(world)
    switch(world, "payout_late")
    assert pay(world).json()["status"] == "pending"
    world.until(wib(2021, 11, 5, 8, 59, 59))
    assert (status(world).json()["status"], balance(world)) == ("pending", 0)
    world.until(wib(2021, 11, 5, 9))
    assert (status(world).json()["status"], balance(world)) == ("paid", 600_000)


def test_a_partner_that_is_down_tells_no_status(world):
    open_account(world)
    pay(world)
    switch(world, "payout_down")
    assert error(status(world)) == (409, "partner_down")


def test_the_partners_are_listed_with_what_they_do_now(world):
    switch(world, "payout_late", "dana")
    listed = world.send("GET", "/payout/partners").json()
    assert [one["partner"] for one in listed["partners"]] == list(PARTNERS)
    dana = listed["partners"][-1]
    assert (dana["kind"], dana["since"], dana["outcome"]) == ("e-wallet", "2020-10-14", "payout_late")
    assert listed["partners"][0] == {
        "partner": "bni", "name": "BNI", "kind": "bank", "since": None, "outcome": "success",
    }  # fmt: skip
    assert len(listed["outcomes"]) == 8


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"reference": "a b"}, "reference"),
        ({"reference": "a//b"}, "reference"),
        ({"reference": "../b"}, "reference"),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 65}, "reference"),
        ({"amount": 0}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": 1_000_000_001}, "amount"),
        ({"nik": "x"}, "nik"),
    ],
)
def test_a_bad_instruction_is_told(world, changed, place):
    open_account(world)
    before = world.digest()
    assert pay(world, **changed).json()["error"]["message"].startswith(f"{place}: ")
    assert world.digest() == before


def test_instructions_and_switches_name_what_there_is(world):
    assert error(pay(world)) == (404, "wallet_unknown")
    assert error(status(world, "nothing")) == (404, "payout_unknown")
    assert error(switch(world, "success", "gopey")) == (409, "partner_unknown")
    assert error(switch(world, "nonsense")) == (400, "malformed")
