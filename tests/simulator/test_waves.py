import pytest

from simulator.clock import wib
from simulator.errors import Reason, Rejected
from simulator.money import Rupiah
from simulator.schemes import NORMAL, SEMI_BANSOS
from simulator.waves import WAVES, wave


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


@pytest.mark.parametrize("number", [11, 24, 0, -1])
def test_a_wave_that_is_not_kept_is_refused(number):
    with pytest.raises(Rejected) as refused:
        wave(number)
    assert refused.value.reason is Reason.WAVE_UNKNOWN
    assert refused.value.facts["known"] == "12-23"


def test_videos_are_compulsory_from_wave_15_and_pre_tests_from_wave_18():
    assert [one.number for one in WAVES.values() if one.videos] == list(range(15, 24))
    assert [one.number for one in WAVES.values() if one.pre_test] == list(range(18, 24))


def test_everybody_gets_one_million_and_may_earn_two_million_five_hundred_and_fifty_thousand():
    for scheme in {one.scheme for one in WAVES.values()}:
        assert scheme.training_balance == Rupiah(1_000_000)
        assert scheme.incentive * scheme.incentive_months + scheme.survey * scheme.surveys == Rupiah(
            2_550_000
        )


def test_the_normal_scheme_grants_four_million_two_hundred_thousand_in_all():
    total = NORMAL.training_balance + NORMAL.incentive * NORMAL.incentive_months
    assert total + NORMAL.survey * NORMAL.surveys == Rupiah(4_200_000)
    assert (SEMI_BANSOS.first_purchase_days, NORMAL.first_purchase_days) == (30, 15)
