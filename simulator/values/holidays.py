"""Working days in Indonesia, 2020-2024: what certificates and transfers are counted in.

National holidays and joint leave (*cuti bersama*) as the year's last joint decree of three
ministers left them, and the polling days of Keppres 22/2020 and 10/2024; checked against the
table of the Python package `holidays`.  Only days that would otherwise be worked are listed.
Whether the payment partners keep joint leave is not public (simulated: they do).
"""

from collections.abc import Mapping
from datetime import date, datetime

from prakerja_sim.simulator.values.clock import DAY

NATIONAL: Mapping[int, str] = {
    2020: "01-01 03-25 04-10 05-01 05-07 05-21 05-25 06-01 07-31 08-17 08-20 10-29 12-09 12-25",
    2021: "01-01 02-12 03-11 04-02 05-13 05-14 05-26 06-01 07-20 08-11 08-17 10-20",
    2022: "02-01 02-28 03-03 04-15 05-02 05-03 05-16 05-26 06-01 08-17",
    2023: "03-22 04-07 05-01 05-18 06-01 06-29 07-19 08-17 09-28 12-25",
    2024: "01-01 02-08 02-14 03-11 03-29 04-10 04-11 05-01 05-09 05-23 06-17 09-16 11-27 12-25",
}
JOINT_LEAVE: Mapping[int, str] = {
    2020: "08-21 10-28 10-30 12-24 12-31",
    2021: "05-12",
    2022: "04-29 05-04 05-05 05-06",
    2023: "01-23 03-23 04-19 04-20 04-21 04-24 04-25 06-02 06-28 06-30 12-26",
    2024: "02-09 03-12 04-08 04-09 04-12 04-15 05-10 05-24 06-18 12-26",
}
WITHDRAWN: Mapping[date, str] = {
    date(2020, 5, 22): "joint leave of the first decree, moved away in May 2020",
    date(2020, 12, 28): "joint leave moved here from Eid, withdrawn on 1 Dec 2020",
    date(2020, 12, 29): "joint leave moved here from Eid, withdrawn on 1 Dec 2020",
    date(2020, 12, 30): "joint leave moved here from Eid, withdrawn on 1 Dec 2020",
    date(2021, 3, 12): "joint leave of the first decree, withdrawn in Feb 2021",
    date(2021, 5, 17): "joint leave of the first decree, withdrawn in Feb 2021",
    date(2021, 5, 18): "joint leave of the first decree, withdrawn in Feb 2021",
    date(2021, 5, 19): "joint leave of the first decree, withdrawn in Feb 2021",
    date(2021, 12, 24): "joint leave of the first two decrees, withdrawn in June 2021",
    date(2021, 12, 27): "joint leave of the first decree, withdrawn in Feb 2021",
    date(2022, 12, 26): "reported as joint leave by some calendars, in no decree",
}
"""Uncertain days: once announced as free, worked here; calendars of the time disagree."""


def _days(table: Mapping[int, str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(f"{year}-{day}") for year in table for day in table[year].split())


HOLIDAYS = _days(NATIONAL) | _days(JOINT_LEAVE)
"""Every day from Monday to Friday on which nobody works."""


def is_working_day(day: date) -> bool:
    """Whether offices and banks work; outside 2020-2024 only weekends are free."""
    return day.weekday() < 5 and day not in HOLIDAYS


def on_working_day(instant: datetime) -> datetime:
    """The same time on that day, or on the next working day if nobody works then."""
    while not is_working_day(instant.date()):
        instant += DAY
    return instant


def by_working_day(instant: datetime) -> datetime:
    """The same time on that day, or on the last working day before it."""
    while not is_working_day(instant.date()):
        instant -= DAY
    return instant


def working_days_later(start: datetime, days: int) -> datetime:
    """The same time of day that many working days later; none later is the start itself."""
    instant = start
    while days > 0:
        instant += DAY
        if is_working_day(instant.date()):
            days -= 1
    return instant
