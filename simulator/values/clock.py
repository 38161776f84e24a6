"""Time as the programme counts it: WIB, UTC+7, no daylight saving.

Every instant has a time zone and is passed in; nothing in here reads a clock.  A day ends
with its last second, 23:59:59 WIB, and that second still counts.
"""

from datetime import date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=WIB) + timedelta(hours=7)


def wib(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """An instant by its wall-clock time in Jakarta."""
    return datetime(year, month, day, hour, minute, second, tzinfo=WIB)


def midnight(day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time(0), tzinfo=WIB)


def last_second_of(day: date) -> datetime:
    """The last instant at which something due "until" that day may still be done."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=WIB)


def unix_seconds(instant: datetime) -> int:
    """Whole seconds since 1970, as signatures and tokens carry them."""
    return (instant - _EPOCH) // SECOND


def parse_instant(text: str) -> datetime:
    """Read "2021-09-22T23:59:59+07:00", "2021-09-22 23:59:59" or "2021-09-22"; WIB if no zone is given.

    Raises ValueError, which says what to write instead, for anything else.
    """
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=WIB) if instant.tzinfo is None else instant.astimezone(WIB)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a time; write 2021-09-22 23:59:59 (WIB)") from None


def parse_span(text: str) -> timedelta:
    """Read a length of time in one unit: 90s, 5m, 2h, 30d.

    Raises ValueError for anything else, also for a negative length and for more than fifty years.
    """
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not number.isascii() or not number.isdigit() or len(number) > 10:
        raise ValueError(f"{text!r} is not a stretch of time; write 90s, 5m, 2h or 30d")
    try:
        span = timedelta(**{units[unit]: int(number)})
    except OverflowError:
        span = timedelta.max
    if span > timedelta(days=50 * 366):
        raise ValueError(f"{text!r} is longer than fifty years, the most a clock moves at once")
    return span
