from datetime import date

import pytest

from prakerja_sim.simulator.programme import own_waves
from prakerja_sim.simulator.programme.cohorts import YEAR_2021, like_2022
from prakerja_sim.simulator.programme.schemes import NORMAL, SEMI_BANSOS
from prakerja_sim.simulator.values.clock import wib

ENTRY = {"wave": 100, "announced": "2026-03-01 10:00:00"}


def test_a_number_and_an_announcement_are_enough():
    own = own_waves.read(ENTRY)
    assert (own.number, own.announced, own.size, own.scheme) == (100, wib(2026, 3, 1, 10), None, SEMI_BANSOS)
    assert (own.videos, own.pre_test, own.recovers) == (True, True, ())
    assert own.buy_first_until == wib(2026, 3, 30, 23, 59, 59)
    assert own.cohort == like_2022(2026)


def test_a_published_year_has_its_published_dates():
    assert own_waves.read(ENTRY | {"announced": "2021-03-01"}).cohort == YEAR_2021


def test_everything_may_be_said():
    own = own_waves.read(
        ENTRY | {
            "scheme": "normal", "size": "1_000", "registration_opens": "2026-02-01",
            "registration_closes": "2026-02-10", "videos": False, "pre_test": False, "recovers": [18, 19],
            "balance_until": "2026-06-30", "finish_until": "2026-07-05", "link_until": "2026-07-10",
            "payout_until": "2026-08-01", "voucher_until": "2026-12-31", "surveys_until": "2026-07-12",
        }
    )  # fmt: skip
    assert (own.scheme, own.size, own.recovers) == (NORMAL, 1_000, (18, 19))
    assert (own.opens, own.closes) == (date(2026, 2, 1), wib(2026, 2, 10, 23, 59, 59))
    assert (own.videos, own.pre_test) == (False, False)
    assert own.buy_first_until == wib(2026, 3, 15, 23, 59, 59)
    assert own.spend_until == wib(2026, 6, 30, 23, 59, 59)
    assert own.finish_until == wib(2026, 7, 5, 23, 59, 59)
    assert own.cohort.link_until == date(2026, 7, 10)
    assert own.payout_until == wib(2026, 8, 1, 23, 59, 59)
    assert own.surveys_until == wib(2026, 7, 12, 23, 59, 59)
    assert own.cohort.inferred == ("surveys.open_after_days", "surveys.close_on")


def test_registration_may_close_at_an_hour_and_the_balance_on_the_last_day_to_buy():
    arguments = {"registration_closes": "2026-02-10 12:00:00", "balance_until": "2026-03-30"}
    own = own_waves.read(ENTRY | arguments)
    assert own.closes == wib(2026, 2, 10, 12)
    assert own.spend_until == own.buy_first_until


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"wav": 1}, "unknown key 'wav'; there are wave, announced"),
        ({"wave": 22}, "wave: 22 is taken or out of reach; choose one from 100 to 9999"),
        ({"wave": 10_000}, "wave: 10000 is taken"),
        ({"wave": 0}, "wave: 0 is no whole number from 1 up"),
        ({"wave": True}, "wave: True is no whole number"),
        ({"announced": "soon"}, "announced: 'soon' is not a time; write"),
        ({"announced": 2026}, "announced: 2026 is not a time; write"),
        ({"announced": "1999-12-31"}, "announced: '1999-12-31' is outside the years 2000 to 2900"),
        ({"announced": "2901-01-01"}, "is outside the years"),
        ({"scheme": "bansos"}, "scheme: unknown scheme 'bansos'; write semi-bansos or normal"),
        ({"size": 0}, "size: 0 is no whole number from 1 up; write 1_000"),
        ({"size": "-5"}, "size: '-5' is no whole number"),
        ({"videos": "yes"}, "videos: 'yes' is neither true nor false; write one of the two"),
        ({"recovers": 18}, "recovers: 18 is no list of waves; write [100, 101]"),
        ({"balance_until": "30 Nov"}, "balance_until: '30 Nov' is no day; write 2021-11-30"),
        ({"balance_until": 20261130}, "balance_until: 20261130 is no day"),
        ({"registration_closes": 5}, "registration_closes: 5 is not a time"),
        ({"registration_closes": "2026-03-02"}, "registration_closes is after the announcement"),
        ({"balance_until": "2026-03-29"}, "balance_until is before the last day to buy first, 2026-03-30"),
    ],
)
def test_an_entry_that_will_not_do_is_refused_with_the_key_and_the_remedy(told, said):
    with pytest.raises(ValueError) as refused:  # the words are compared below
        own_waves.read(ENTRY | told)
    assert said in str(refused.value)


@pytest.mark.parametrize("key", list(ENTRY))
def test_what_is_needed_is_named(key):
    with pytest.raises(ValueError, match=f"no '{key}'; add it"):
        own_waves.read({name: value for name, value in ENTRY.items() if name != key})
