"""A wave of one's own, as plain names and values, in a file and in the store.

Only `wave` and `announced` are needed; the rest follows the scheme and the announcement's
year, and years beyond the published ones follow 2022.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from prakerja_sim.simulator.programme.cohorts import COHORTS, Cohort, like_2022
from prakerja_sim.simulator.programme.records import OwnWave
from prakerja_sim.simulator.programme.schemes import NORMAL, SEMI_BANSOS, Scheme
from prakerja_sim.simulator.programme.waves import PUBLISHED, Wave
from prakerja_sim.simulator.values.clock import last_second_of, parse_instant
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.journal import SETUP_SUBJECT
from prakerja_sim.simulator.world.store import Unit

SCHEMES: Mapping[str, Scheme] = {scheme.code: scheme for scheme in (SEMI_BANSOS, NORMAL)}
DATES = ("balance_until", "finish_until", "link_until", "payout_until", "voucher_until")
"""The year's dates that an entry may change, each a last day."""
KEYS = (
    "wave", "announced", "scheme", "size", "registration_opens", "registration_closes", "videos", "pre_test",
    "recovers", "surveys_until", *DATES,
)  # fmt: skip
NUMBERS = range(1, 10_000)


def read(entry: Mapping[str, Any]) -> Wave:
    """The wave of one entry; a ValueError names the key and says what to write instead."""
    for key in entry:
        if key not in KEYS:
            raise ValueError(f"unknown key {key!r}; there are {', '.join(KEYS)}")
    for key in ("wave", "announced"):
        if key not in entry:
            raise ValueError(f"no {key!r}; add it")
    number = _read(entry, "wave", _number, 0)
    announced = _read(entry, "announced", _instant, None)
    wave = Wave(
        number,
        announced,
        _read(entry, "size", _count, None),
        _cohort(entry, announced.year),
        _read(entry, "scheme", _scheme, SEMI_BANSOS),
        _read(entry, "registration_opens", _day, None),
        _read(entry, "registration_closes", _closing, None),
        _read(entry, "videos", _yes_or_no, True),
        _read(entry, "pre_test", _yes_or_no, True),
        _read(entry, "recovers", _numbers, ()),
    )
    if wave.closes is not None and wave.closes > wave.announced:
        raise ValueError("registration_closes is after the announcement; mend one of the two")
    if wave.buy_first_until > wave.spend_until:
        last = wave.buy_first_until.date()
        raise ValueError(
            f"balance_until is before the last day to buy first, {last}; make it that day or later"
        )
    return wave


@command("wave.keep")
def keep(world: Unit, *, number: int, told: str) -> None:
    """Keep a wave of the user's own, as the text of its entry."""
    world.subject = SETUP_SUBJECT
    kept = OwnWave(str(number), told)
    if world.get(OwnWave, kept.number) != kept:
        world.put(kept)


def _cohort(entry: Mapping[str, Any], year: int) -> Cohort:
    usual = COHORTS.get(year) or like_2022(year)
    dates = {key: _read(entry, key, _day, getattr(usual, key)) for key in DATES}
    close_on = _read(entry, "surveys_until", _day, usual.surveys.close_on)
    surveys = replace(usual.surveys, close_on=close_on)
    inferred = tuple(one for one in usual.inferred if one not in entry)
    return replace(usual, **dates, surveys=surveys, inferred=inferred)


def _read(entry: Mapping[str, Any], key: str, reader: Callable[[Any], Any], otherwise: Any) -> Any:
    if key not in entry:
        return otherwise
    try:
        return reader(entry[key])
    except ValueError as problem:
        raise ValueError(f"{key}: {problem}") from None


def _number(value: Any) -> int:
    number = _count(value)
    if number not in NUMBERS or number in PUBLISHED:
        raise ValueError(f"{value!r} is taken or out of reach; choose one from 100 to {NUMBERS[-1]}")
    return number


def _count(value: Any) -> int:
    text = str(value).replace("_", "")
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10**9:
        raise ValueError(f"{value!r} is no whole number from 1 up; write 1_000")
    return int(text)


def _numbers(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list of waves; write [100, 101]")
    return tuple(_count(one) for one in value)


def _instant(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a time; write 2021-09-22 20:00:00 (WIB)")
    instant = parse_instant(value)
    if not 2000 <= instant.year <= 2900:
        raise ValueError(f"{value!r} is outside the years 2000 to 2900; choose another year")
    return instant


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is no day; write 2021-11-30") from None


def _closing(value: Any) -> datetime:
    """The instant at which registration closes; if only the day is given, its last second."""
    return last_second_of(_day(value)) if isinstance(value, str) and len(value) == 10 else _instant(value)


def _scheme(value: Any) -> Scheme:
    if value not in SCHEMES:
        raise ValueError(f"unknown scheme {value!r}; write {' or '.join(SCHEMES)}")
    return SCHEMES[value]


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false; write one of the two")
    return value
