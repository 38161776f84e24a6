"""A wave of one's own, as plain names and values: what a file says and what a store keeps.

Only `wave` and `announced` are needed; the rest follows the scheme and the announcement's
year, and years beyond the published ones follow 2022.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from prakerja_sim.simulator.programme.cohorts import COHORTS, Cohort, like_2022
from prakerja_sim.simulator.programme.schemes import NORMAL, SEMI_BANSOS, Scheme
from prakerja_sim.simulator.programme.waves import PUBLISHED, Wave
from prakerja_sim.simulator.values.clock import last_second_of, parse_instant

SCHEMES: Mapping[str, Scheme] = {scheme.code: scheme for scheme in (SEMI_BANSOS, NORMAL)}
DATES = ("balance_until", "finish_until", "link_until", "payout_until", "voucher_until")
"""The year's dates that an entry may change, each a last day."""
KEYS = (
    "wave", "announced", "scheme", "size", "registration_opens", "registration_closes", "videos", "pre_test",
    "recovers", "surveys_until", *DATES,
)  # fmt: skip
NUMBERS = range(1, 10_000)


def read(told: Mapping[str, Any]) -> Wave:
    """The wave of one entry; ValueError names the key and the remedy."""
    for key in told:
        if key not in KEYS:
            raise ValueError(f"unknown key {key!r}; there are {', '.join(KEYS)}")
    for key in ("wave", "announced"):
        if key not in told:
            raise ValueError(f"no {key!r}; add it")
    number = _read(told, "wave", _number, 0)
    announced = _read(told, "announced", _instant, None)
    wave = Wave(
        number,
        announced,
        _read(told, "size", _count, None),
        _cohort(told, announced.year),
        _read(told, "scheme", _scheme, SEMI_BANSOS),
        _read(told, "registration_opens", _day, None),
        _read(told, "registration_closes", _closing, None),
        _read(told, "videos", _yes_or_no, True),
        _read(told, "pre_test", _yes_or_no, True),
        _read(told, "recovers", _numbers, ()),
    )
    if wave.closes is not None and wave.closes > wave.announced:
        raise ValueError("registration_closes is after the announcement; mend one of the two")
    if wave.buy_first_until > wave.spend_until:
        last = wave.buy_first_until.date()
        raise ValueError(
            f"balance_until is before the last day to buy first, {last}; make it that day or later"
        )
    return wave


def _cohort(told: Mapping[str, Any], year: int) -> Cohort:
    usual = COHORTS.get(year) or like_2022(year)
    dates = {key: _read(told, key, _day, getattr(usual, key)) for key in DATES}
    close_on = _read(told, "surveys_until", _day, usual.surveys.close_on)
    surveys = replace(usual.surveys, close_on=close_on)
    inferred = tuple(one for one in usual.inferred if one not in told)
    return replace(usual, **dates, surveys=surveys, inferred=inferred)


def _read(told: Mapping[str, Any], key: str, reader: Callable[[Any], Any], otherwise: Any) -> Any:
    if key not in told:
        return otherwise
    try:
        return reader(told[key])
    except ValueError as problem:
        raise ValueError(f"{key}: {problem}") from None


def _number(given: Any) -> int:
    number = _count(given)
    if number not in NUMBERS or number in PUBLISHED:
        raise ValueError(f"{given!r} is taken or out of reach; choose one from 100 to {NUMBERS[-1]}")
    return number


def _count(given: Any) -> int:
    text = str(given).replace("_", "")
    if isinstance(given, bool) or not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10**9:
        raise ValueError(f"{given!r} is no whole number from 1 up; write 1_000")
    return int(text)


def _numbers(given: Any) -> tuple[int, ...]:
    if not isinstance(given, list):
        raise ValueError(f"{given!r} is no list of waves; write [100, 101]")
    return tuple(_count(one) for one in given)


def _instant(given: Any) -> datetime:
    if not isinstance(given, str):
        raise ValueError(f"{given!r} is not a time; write 2021-09-22 20:00:00 (WIB)")
    instant = parse_instant(given)
    if not 2000 <= instant.year <= 2900:
        raise ValueError(f"{given!r} is outside the years 2000 to 2900; choose another year")
    return instant


def _day(given: Any) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise ValueError(f"{given!r} is no day; write 2021-11-30") from None


def _closing(given: Any) -> datetime:
    """The instant at which registration closes; of a day alone, its last second."""
    return last_second_of(_day(given)) if isinstance(given, str) and len(given) == 10 else _instant(given)


def _scheme(given: Any) -> Scheme:
    if given not in SCHEMES:
        raise ValueError(f"unknown scheme {given!r}; write {' or '.join(SCHEMES)}")
    return SCHEMES[given]


def _yes_or_no(given: Any) -> bool:
    if not isinstance(given, bool):
        raise ValueError(f"{given!r} is neither true nor false; write one of the two")
    return given
