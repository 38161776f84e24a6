from datetime import date

import pytest

from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.holidays import (
    HOLIDAYS,
    JOINT_LEAVE,
    NATIONAL,
    WITHDRAWN,
    by_working_day,
    is_working_day,
    on_working_day,
    working_days_later,
)

YEARS = range(2020, 2025)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (wib(2021, 8, 24, 15), 0, wib(2021, 8, 24, 15)),
        (wib(2021, 8, 24, 15), 1, wib(2021, 8, 25, 15)),
        (wib(2021, 8, 27, 15), 1, wib(2021, 8, 30, 15)),
        (wib(2021, 8, 28, 15), 1, wib(2021, 8, 30, 15)),
        (wib(2021, 8, 16, 15), 1, wib(2021, 8, 18, 15)),
        (wib(2021, 10, 19, 9), 3, wib(2021, 10, 25, 9)),
        (wib(2021, 5, 11, 23, 59, 59), 1, wib(2021, 5, 17, 23, 59, 59)),
        (wib(2023, 4, 18, 8), 1, wib(2023, 4, 26, 8)),
        (wib(2020, 12, 23), 4, wib(2021, 1, 4)),
        (wib(2021, 12, 23), 1, wib(2021, 12, 24)),
        (wib(2025, 1, 1), 1, wib(2025, 1, 2)),
    ],
    ids=[
        "none", "next day", "over a weekend", "from a weekend", "independence day", "holiday and weekend",
        "eid 2021", "eid 2023 with its joint leave", "over the year 2020", "a leave that was withdrawn",
        "a year that is not kept",
    ],
)  # fmt: skip
def test_working_days_leave_out_weekends_and_holidays(start, days, end):
    assert working_days_later(start, days) == end


@pytest.mark.parametrize(
    ("day", "next_one", "last_one"),
    [
        (wib(2021, 10, 8, 15), wib(2021, 10, 8, 15), wib(2021, 10, 8, 15)),
        (wib(2021, 10, 8, 23, 59, 59), wib(2021, 10, 8, 23, 59, 59), wib(2021, 10, 8, 23, 59, 59)),
        (wib(2021, 10, 9), wib(2021, 10, 11), wib(2021, 10, 8)),
        (wib(2021, 10, 10, 23, 59, 59), wib(2021, 10, 11, 23, 59, 59), wib(2021, 10, 8, 23, 59, 59)),
        (wib(2021, 10, 20, 9), wib(2021, 10, 21, 9), wib(2021, 10, 19, 9)),
        (wib(2021, 5, 12, 9), wib(2021, 5, 17, 9), wib(2021, 5, 11, 9)),
        (wib(2021, 12, 24, 9), wib(2021, 12, 24, 9), wib(2021, 12, 24, 9)),
    ],
    ids=["friday", "its last second", "saturday", "sunday", "a wednesday that is free", "eid", "worked"],
)
def test_a_day_that_is_not_worked_gives_way_to_the_next_or_the_last_one(day, next_one, last_one):
    assert (on_working_day(day), by_working_day(day)) == (next_one, last_one)


def test_only_days_that_would_be_worked_are_listed_and_each_once():
    listed = [day for table in (NATIONAL, JOINT_LEAVE) for year in table for day in table[year].split()]
    assert len(listed) == len(HOLIDAYS)
    assert all(day.weekday() < 5 for day in HOLIDAYS)
    assert all(text == " ".join(sorted(text.split())) for t in (NATIONAL, JOINT_LEAVE) for text in t.values())


@pytest.mark.parametrize(("year", "days"), [(2020, 243), (2021, 248), (2022, 246), (2023, 239), (2024, 238)])
def test_a_year_has_so_many_working_days(year, days):
    assert sum(is_working_day(date.fromordinal(n)) for n in _ordinals(year)) == days


@pytest.mark.parametrize("day", sorted(WITHDRAWN))
def test_a_leave_that_was_withdrawn_is_worked(day):
    assert is_working_day(day)


def test_every_year_of_the_programme_is_kept():
    assert list(NATIONAL) == list(JOINT_LEAVE) == list(YEARS)


def _ordinals(year):
    return range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
