"""`expect`: which claims there are, and what it says about a claim that does not hold."""

from pathlib import Path

import pytest

from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from tests.played import WORDS, on_stage

STORY = Story(Path("claims"), "Claims", "", (), START, Settings(), lambda _: None)


@pytest.fixture(scope="module")
def stage():
    with on_stage(STORY) as (stage, _):
        stage.list_course()
        stage.enrol()
        stage.buy(course="barista-dasar")
        yield stage


def test_claims_are_arguments_that_may_be_left_out():
    expect = WORDS.verbs["expect"]
    assert not expect.needed
    assert expect.read({"balance": "650_000", "charges": None, "incentives": ["job-1 Berhasil"]}) == (
        {"balance": Rupiah(650_000), "charges": None, "incentives": ["job-1 Berhasil"]},
        [],
    )
    assert expect.read({"balanse": 1})[1] == ["expect takes no 'balanse'; did you mean 'balance'?"]


def test_what_holds_is_silent(stage):
    stage.expect(balance=Rupiah(1_000_000), charges=0, order="waiting_card", membership=None)


def test_every_claim_that_does_not_hold_is_named_in_the_order_of_the_table(stage):
    with pytest.raises(AssertionError) as failed:
        stage.expect(order="issued", charges=1, balance=Rupiah(1_000_000), total=Rupiah(1))
    assert str(failed.value) == (
        "charges is 0, expected 1; order is waiting_card, expected issued; total is Rp650.000, expected Rp1"
    )


def test_an_unknown_claim_or_person_never_passes(stage):
    with pytest.raises(TypeError, match="takes no balanse"):
        stage.expect(balanse=Rupiah(1_000_000))
    with pytest.raises(AssertionError, match="nobody called budi"):
        stage.expect(charges=0, person="budi")
