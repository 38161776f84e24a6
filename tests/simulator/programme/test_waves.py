from dataclasses import replace
from datetime import timedelta

import pytest

from prakerja_sim.simulator.programme import waves
from prakerja_sim.simulator.programme.schemes import NORMAL, SEMI_BANSOS
from prakerja_sim.simulator.programme.waves import ANNOUNCED_AFTER, PUBLISHED, Wave, add, recovering, wave
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (12, (2021, 4, 1)),
        (16, (2021, 4, 29)),
        (18, (2021, 9, 22)),
        (19, (2021, 9, 30)),
        (21, (2021, 10, 21)),
        (22, (2021, 11, 30)),
        (23, (2022, 4, 7)),
    ],
)
def test_first_purchase_deadlines_are_the_published_ones(number, day):
    assert wave(number).buy_first_until == wib(*day, 23, 59, 59)


@pytest.mark.parametrize(
    ("number", "spend", "finish", "surveys", "payout"),
    [
        (11, (2020, 12, 15), (2020, 12, 15), (2020, 12, 15), (2021, 3, 5)),
        (12, (2021, 11, 30), (2021, 12, 5), (2021, 12, 10), (2022, 3, 5)),
        (22, (2021, 11, 30), (2021, 12, 5), (2021, 12, 10), (2022, 3, 5)),
        (23, (2022, 11, 30), (2022, 12, 5), (2022, 12, 10), (2023, 3, 5)),
    ],
)
def test_a_cohort_ends_in_the_last_second_of_its_days(number, spend, finish, surveys, payout):
    one = wave(number)
    assert one.spend_until == wib(*spend, 23, 59, 59)
    assert one.finish_until == wib(*finish, 23, 59, 59)
    assert one.surveys_until == wib(*surveys, 23, 59, 59)
    assert one.payout_until == wib(*payout, 23, 59, 59)


@pytest.mark.parametrize(
    ("number", "survey", "first_incentive", "opens"),
    [
        (18, 1, wib(2021, 9, 10, 9), wib(2021, 10, 10, 9)),
        (18, 1, wib(2021, 9, 25, 9), wib(2021, 10, 20)),
        (18, 1, wib(2021, 10, 25, 9), wib(2021, 10, 25, 9)),
        (18, 2, wib(2021, 9, 10, 9), wib(2021, 10, 20)),
        (18, 3, wib(2021, 9, 10, 9), wib(2021, 11, 1)),
        (12, 2, wib(2021, 4, 20, 9), wib(2021, 7, 19, 9)),
        (12, 3, wib(2021, 4, 20, 9), wib(2021, 7, 19, 9)),
        (22, 1, wib(2021, 11, 17, 9), wib(2021, 11, 17, 9)),
        (22, 3, wib(2021, 11, 17, 9), wib(2021, 11, 17, 9)),
        (23, 1, wib(2022, 4, 20, 9), wib(2022, 5, 20, 9)),
        (23, 2, wib(2022, 4, 20, 9), wib(2022, 7, 19, 9)),
        (23, 3, wib(2022, 4, 20, 9), wib(2022, 7, 19, 9)),
    ],
)
def test_a_survey_opens_so_long_after_the_first_incentive_or_on_the_announced_day(
    number, survey, first_incentive, opens
):
    assert wave(number).survey_opens(survey, first_incentive) == opens


@pytest.mark.parametrize("number", [24, 47, 50, 52, 0, -1])
def test_a_wave_that_is_not_kept_is_refused(number, monkeypatch):
    monkeypatch.setattr(waves, "WAVES", dict(PUBLISHED))  # waves of one's own belong to the process
    with pytest.raises(Rejected) as refused:
        wave(number)
    assert refused.value.reason is Reason.WAVE_UNKNOWN
    assert refused.value.facts["known"] == ", ".join(map(str, [*range(1, 24), 51]))


def test_videos_are_compulsory_from_wave_15_and_pre_tests_from_wave_18():
    assert [one.number for one in PUBLISHED.values() if one.videos] == [*range(15, 24), 51]
    assert [one.number for one in PUBLISHED.values() if one.pre_test] == [*range(18, 24), 51]


def test_everybody_gets_one_million_and_may_earn_two_million_five_hundred_and_fifty_thousand():
    for scheme in {one.scheme for one in PUBLISHED.values()} - {NORMAL}:
        assert scheme.training_balance == Rupiah(1_000_000)
        assert scheme.incentive * scheme.incentive_months + scheme.survey * scheme.surveys == Rupiah(
            2_550_000
        )


def test_the_normal_scheme_grants_four_million_two_hundred_thousand_in_all():
    total = NORMAL.training_balance + NORMAL.incentive * NORMAL.incentive_months
    assert total + NORMAL.survey * NORMAL.surveys == Rupiah(4_200_000)
    assert (SEMI_BANSOS.first_purchase_days, NORMAL.first_purchase_days) == (30, 15)


def test_a_day_that_no_source_gives_is_marked_and_follows_the_inference():
    derived = [one for one in PUBLISHED.values() if "announced" in one.inferred]
    assert [one.number for one in derived] == [2, 3, 5, 6, 7, 8, 9, 11, 17, 20]
    for one in derived:
        gap = ANNOUNCED_AFTER if one.number != 20 else ANNOUNCED_AFTER + timedelta(days=1)
        assert one.announced.date() == (one.closes + gap).date()
    for number in (16, 19, 21):
        assert wave(number).announced.date() == (wave(number).closes + ANNOUNCED_AFTER).date()


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (13, (2021, 4, 8)), (14, (2021, 4, 15)), (15, (2021, 4, 22)), (17, (2021, 7, 9)),
        (20, (2021, 10, 15)), (51, (2023, 5, 12)),
    ],
)  # fmt: skip
def test_inferred_deadlines_are_those_of_the_reference(number, day):
    assert wave(number).buy_first_until == wib(*day, 23, 59, 59)


def test_registration_closes_before_the_announcement_and_the_first_purchase_before_the_balance():
    for one in PUBLISHED.values():
        assert one.closes is None or one.closes < one.announced
        assert one.opens is None or one.closes is None or one.opens <= one.closes.date()
        assert one.buy_first_until <= one.spend_until <= one.payout_until
        assert one.cohort.link_until <= one.cohort.payout_until
        assert set(one.inferred) <= set(Wave.__dataclass_fields__)


def test_the_sizes_are_the_published_sums():
    size = {number: one.size for number, one in PUBLISHED.items()}
    assert sum(size[n] for n in range(1, 8)) == 3_880_918
    assert sum(size[n] for n in range(1, 11)) == 5_597_179
    assert sum(size[n] for n in range(12, 16)) == 2_400_000
    assert sum(size[n] for n in range(12, 23)) == 5_944_929


def test_quota_comes_back_in_the_recovery_waves():
    assert {n: one.number for n in range(1, 24) if (one := recovering(n))} == {
        **dict.fromkeys(range(1, 11), 11),
        **dict.fromkeys(range(12, 17), 17),
        **dict.fromkeys(range(18, 22), 22),
    }


@pytest.mark.parametrize(
    ("number", "rated_at", "until"),
    [
        (18, wib(2021, 10, 6, 10), (2021, 11, 30)),
        (51, wib(2023, 6, 1), (2023, 6, 15)),
        (51, wib(2023, 6, 1, 23, 59, 59), (2023, 6, 15)),
        (51, wib(2023, 6, 2), (2023, 6, 16)),
        (51, wib(2023, 11, 20), (2023, 11, 30)),
    ],
)
def test_what_the_first_training_left_is_spent_within_days_of_its_rating_in_the_normal_scheme(
    number, rated_at, until
):
    assert wave(number).remainder_until(rated_at) == wib(*until, 23, 59, 59)


def test_a_published_wave_is_not_replaced():
    with pytest.raises(ValueError, match="wave 22 is a published one; choose another number"):
        add(replace(wave(22), size=1))
    add(wave(22))
