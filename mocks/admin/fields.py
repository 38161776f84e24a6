"""What the bodies of the admin API are made of: names, codes, times, spans of wall time."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, StringConstraints

from prakerja_sim.mocks.http import bodies
from prakerja_sim.mocks.http.bodies import NOT_BLANK
from prakerja_sim.mocks.http.face import Malformed
from prakerja_sim.simulator.values.clock import SECOND, parse_instant, parse_span

FIRST_YEAR, LAST_YEAR = 2000, 2999
LONGEST_LEASE = timedelta(days=366)
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64), NOT_BLANK]


class Body(bodies.Body):
    """A request body with exact types; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid")


def _is_day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a day, as 1999-12-31") from None
    if day.year < 1900:
        raise ValueError("must be a day since 1900-01-01")
    return day.isoformat()


Day = Annotated[str, AfterValidator(_is_day)]
"""A day, as 1999-12-31."""


def instant(text: str) -> datetime:
    """A time as clients write it; raises Malformed."""
    try:
        return within_reach(parse_instant(text))
    except ValueError as problem:
        raise Malformed(str(problem)) from None


def within_reach(instant: datetime) -> datetime:
    """The instant, if a clock shows it; raises ValueError."""
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError(f"a clock shows the years {FIRST_YEAR} to {LAST_YEAR} only")
    return instant


def lifetime(ttl: int | str) -> timedelta:
    """How long a sandbox stays: whole seconds, or a span as 30m; raises Malformed."""
    try:
        span = timedelta(seconds=ttl) if isinstance(ttl, int) else parse_span(ttl)
    except (ValueError, OverflowError):
        raise Malformed("ttl: is no length of time; write seconds, or 90s, 30m, 2h, 7d") from None
    if not SECOND <= span <= LONGEST_LEASE:
        longest = LONGEST_LEASE.days
        raise Malformed(f"ttl: must be from 1 second to {longest} days; without it a sandbox stays")
    return span
