"""What a marketplace keeps of a payment, and what the institution gets (Permenko 11/2020, art. 40)."""

from datetime import timedelta

import pytest

from prakerja_sim.simulator.audit.statements import statements
from prakerja_sim.simulator.programme import deadlines
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.settings import Settings, changed, from_json

SHOP, SCHOOL = "platform:tokopedia", "institution:kopi-kita"
CUT_OFF = wib(2021, 11, 30, 23, 59, 59)
PAID = [
    ({}, 650_000, 0),
    ({"bukalapak": 15}, 650_000, 0),
    ({"tokopedia": 0}, 650_000, 0),
    ({"tokopedia": 10}, 650_000, 65_000),
    ({"tokopedia": 15}, 650_000, 97_500),
    ({"tokopedia": 10, "bukalapak": 15}, 650_000, 65_000),
    ({"tokopedia": 10}, 600_000, 60_000),  # of what was paid, not of the price
    ({"tokopedia": 7}, 649_999, 45_499),  # 45,499.93: the institution gets the rest
    ({"tokopedia": 15}, 6, 0),
    ({"tokopedia": 15}, 7, 1),
    ({"tokopedia": 15}, 1, 0),
]


@pytest.mark.parametrize(("commission", "amount", "kept"), PAID)
def test_the_commission_stays_and_the_rest_goes_on_and_a_void_books_both_back(
    begin, commission, amount, kept
):
    story = begin(settings=Settings(commission=commission))
    paid = story.buy(amount=amount)
    assert (story.balance(SHOP), story.balance(SCHOOL)) == (kept, amount - kept)
    assert story.balance() == 1_000_000 - amount
    assert story.sandbox.check() == []
    story.void(paid)
    assert (story.balance(SHOP), story.balance(SCHOOL), story.balance()) == (0, 0, 1_000_000)
    assert story.sandbox.check() == []
    story.after(timedelta(hours=3))
    again = story.buy(invoice="INV-2", amount=amount)
    assert (again.commission.amount, story.balance(SCHOOL)) == (kept, amount - kept)


def test_a_void_after_the_cut_off_lapses_whole(begin):
    story = begin(settings=Settings(commission={"tokopedia": 10}))
    paid = story.buy()
    story.sandbox.advance(CUT_OFF + SECOND)
    story.void(paid)
    assert (story.balance(SHOP), story.balance(SCHOOL), story.balance()) == (0, 0, 0)
    assert story.balance("programme:18") == 0
    assert deadlines.buy_first_until(story.get(Participant, story.card)) == CUT_OFF
    assert story.sandbox.check() == []


def test_the_statements_show_it(begin):
    story = begin(settings=Settings(commission={"tokopedia": 10}))
    story.void(story.buy())
    story.after(timedelta(hours=3))
    story.buy(invoice="INV-2")
    shop, school = story.ask(statements, by="year")
    (sold,), (taught,) = shop.periods, school.periods
    amounts = {name: moved.amount for name, moved in sold.moved.items() if moved.count}
    assert amounts == {"payments": 1_300_000, "passed_on": 1_170_000, "given_back": 585_000, "voids": 650_000}
    assert sold.closing == 65_000
    amounts = {name: moved.amount for name, moved in taught.moved.items() if moved.count}
    assert amounts == {"sold": 1_300_000, "received": 1_170_000, "given_back": 585_000, "voids": 650_000}
    assert taught.closing == 585_000


GOOD = [{}, {"pijar": 0}, {"pijar": 15}, {"pijar": 1, "toko-saya": 2}]
BAD = [
    {"pijar": 16},
    {"pijar": -1},
    {"pijar": 10.5},
    {"pijar": "5"},
    {"pijar": True},
    {"pijar": None},
    "pijar=5",
    10,
]


@pytest.mark.parametrize("written", GOOD)
def test_a_commission_is_a_whole_percent_of_each_marketplace(written):
    settings = changed({"commission": written})
    assert [settings.commission_of(code) for code in written] == list(written.values())
    assert from_json(settings.to_json()) == settings
    assert settings.commission_of("kemnaker") == 0


@pytest.mark.parametrize("written", BAD)
def test_a_commission_above_fifteen_percent_or_badly_written_is_refused(written):
    with pytest.raises(ValueError, match="setting commission"):
        changed({"commission": written})
