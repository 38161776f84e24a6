from collections import Counter

from prakerja_sim.loadtests.choices import choose
from prakerja_sim.loadtests.plan import MISTAKES, Plan

CARDS = [f"99{number:014}" for number in range(2000)]


def test_the_same_person_chooses_alike_whoever_asks() -> None:
    plan = Plan(marketplaces={"mix": 1}, mistakes={"wrong_otp": 0.5})
    assert [choose(plan, card) for card in CARDS] == [choose(plan, card) for card in CARDS]


def test_marketplaces_are_chosen_by_their_weights() -> None:
    chosen = Counter(
        choose(Plan(marketplaces={"pijar": 3, "tokopedia": 1}), card).marketplace for card in CARDS
    )
    assert set(chosen) == {"pijar", "tokopedia"}
    assert 1400 < chosen["pijar"] < 1600


def test_mistakes_happen_in_their_shares_and_only_one_of_a_stage() -> None:
    plan = Plan(clock="stepped", mistakes={"wrong_otp": 0.3, "otp_lost": 0.2, "refund": 0.1})
    lives = [choose(plan, card).mistakes for card in CARDS]
    counts = Counter(mistake for life in lives for mistake in life)
    assert 540 < counts["wrong_otp"] < 660
    assert 340 < counts["otp_lost"] < 460
    assert 150 < counts["refund"] < 250
    for life in lives:
        stages = [MISTAKES[one].stage for one in life]
        assert len(stages) == len(set(stages))


def test_a_share_of_one_is_everybody_and_none_is_nobody() -> None:
    everybody = Plan(
        mistakes={"wrong_otp": 1.0},
    )
    assert all(choose(everybody, card).mistakes == ("wrong_otp",) for card in CARDS)
    assert not any(choose(Plan(), card).mistakes for card in CARDS)
