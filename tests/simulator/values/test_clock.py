from datetime import UTC, date, datetime, timedelta

import pytest

from prakerja_sim.simulator.values.clock import (
    WIB,
    last_second_of,
    parse_instant,
    parse_span,
    unix_seconds,
    wib,
)


def test_a_day_is_due_until_its_last_second_in_jakarta():
    assert last_second_of(date(2021, 9, 22)) == wib(2021, 9, 22, 23, 59, 59)
    assert last_second_of(date(2021, 9, 22)).astimezone(UTC).hour == 16


def test_unix_seconds_are_whole():
    assert unix_seconds(datetime(2021, 8, 24, 8, 0, 0, 999_999, tzinfo=UTC)) == 1_629_792_000


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2021-09-22T23:59:59+07:00", wib(2021, 9, 22, 23, 59, 59)),
        ("2021-09-22 23:59:59", wib(2021, 9, 22, 23, 59, 59)),
        ("2021-09-22", wib(2021, 9, 22)),
        ("2021-09-22T16:59:59Z", wib(2021, 9, 22, 23, 59, 59)),
    ],
)
def test_a_time_without_a_zone_is_jakarta_time(text, instant):
    parsed = parse_instant(text)
    assert (parsed, parsed.tzinfo) == (instant, WIB)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2021-02-29",
        "24-08-2021",
        "2021-09-22 24:01",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_time_that_cannot_be_read_is_refused_with_the_remedy(text):
    with pytest.raises(ValueError, match="write 2021-09-22 23:59:59"):
        parse_instant(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0s", timedelta(0)),
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)),
        ("30d", timedelta(days=30)),
        ("18300d", timedelta(days=18_300)),
    ],
)
def test_a_stretch_of_time_is_read_in_one_unit(text, span):
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "s", "5", "-5m", "1.5h", "5 m", "5w", "1h30m", "²d", "12345678901s"])
def test_a_stretch_that_cannot_be_read_is_refused_with_the_remedy(text):
    with pytest.raises(ValueError, match="write 90s, 5m, 2h or 30d"):
        parse_span(text)


def test_a_stretch_of_more_than_fifty_years_is_refused():
    with pytest.raises(ValueError, match="fifty years"):
        parse_span("18301d")


def test_a_stretch_beyond_all_counting_is_refused_too():
    with pytest.raises(ValueError, match="fifty years"):
        parse_span("9999999999d")
