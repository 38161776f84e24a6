"""A person of the programme year: what he will do and when, a function of the seed and his number.

Each decision is a keyed chance, so it depends on nobody else, on no order and on no worker.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from prakerja_sim.loadtests.programme_year import published
from prakerja_sim.loadtests.programme_year.published import Share
from prakerja_sim.simulator.programme.waves import Wave
from prakerja_sim.simulator.values.chance import below, hits
from prakerja_sim.simulator.values.clock import DAY
from prakerja_sim.simulator.values.ids import PartyCode

HOUR = timedelta(hours=1)
EARLIEST, HOURS_AWAKE = 8, 14
"""People do things from 8:00 to 21:00."""
FIRST_DAYS, LAST_DAYS = 24, 6
"""The one known point of when people buy: day 24 of 30."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One person's intentions."""

    number: int
    wave: Wave
    buys_at: datetime | None
    """None is never."""
    marketplace: PartyCode
    course: int
    """Which of the courses."""
    begins_after: timedelta
    """From buying to redeeming."""
    learns_for: timedelta | None
    """From redeeming to finishing, None is never."""
    links: bool
    rates_after: timedelta
    """From the certificate."""
    buys_another: bool
    surveys: int
    """How many of the surveys, in order."""
    survey_after: timedelta
    """From the opening of each."""


def persona(seed: bytes, number: int, wave: Wave) -> Persona:
    """The person of that number in that wave."""

    def does(share: Share, what: str) -> bool:
        return hits(share.of, share.out_of, seed, what, number)

    def some(limit: int, what: str) -> int:
        return below(limit, seed, what, number)

    learns = None if does(published.NEVER_FINISHES, "never finishes") else DAY + some(240, "learns") * HOUR
    return Persona(
        number=number,
        wave=wave,
        buys_at=None if does(published.NEVER_BUYS, "never buys") else _buys_at(seed, number, wave),
        marketplace=published.MARKETPLACES[some(len(published.MARKETPLACES), "marketplace")],
        course=_course(some(100, "course")),
        begins_after=some(72, "begins") * HOUR,
        learns_for=learns,
        links=not does(published.NEVER_LINKS, "never links"),
        rates_after=some(48, "rates") * HOUR,
        buys_another=does(published.BUYS_ANOTHER, "buys another"),
        surveys=sum(does(published.FILLS_SURVEYS, f"survey {one}") for one in (1, 2, 3)),
        survey_after=some(72, "survey") * HOUR,
    )


def awake(at: datetime) -> datetime:
    """That time, or the next one on the hour at which people do things."""
    at = at.replace(minute=0, second=0, microsecond=0) + (HOUR if at.minute or at.second else 0 * HOUR)
    if at.hour < EARLIEST:
        return at.replace(hour=EARLIEST)
    if at.hour >= EARLIEST + HOURS_AWAKE:
        return at.replace(hour=EARLIEST) + DAY
    return at


def _buys_at(seed: bytes, number: int, wave: Wave) -> datetime:
    first = wave.announced.replace(hour=0)
    if hits(published.AMONG_THE_LAST.of, published.AMONG_THE_LAST.out_of, seed, "laggard", number):
        day = FIRST_DAYS + below(LAST_DAYS, seed, "day", number)
    else:
        day = below(FIRST_DAYS, seed, "day", number)
    at = first + day * DAY + (EARLIEST + below(HOURS_AWAKE, seed, "hour", number)) * HOUR
    return max(at, awake(wave.announced + HOUR))


def _course(drawn: int) -> int:
    for index, course in enumerate(published.COURSES):
        if drawn < course.of_a_hundred:
            return index
        drawn -= course.of_a_hundred
    raise AssertionError("the courses are chosen by a hundred people")
