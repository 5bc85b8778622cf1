"""Durations, dates and relative times as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from devtime.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, from_datetime
from devtime.web import format as formats


@pytest.mark.parametrize(
    ("length_ms", "shown"),
    [
        (-5, "0m"),
        (0, "0m"),
        (1, "<1m"),
        (MINUTE_MS - 1, "<1m"),
        (MINUTE_MS, "1m"),
        (59 * MINUTE_MS + 59_999, "59m"),
        (HOUR_MS, "1h"),
        (4 * HOUR_MS + 22 * MINUTE_MS, "4h 22m"),
        (HOUR_MS + 5 * MINUTE_MS, "1h 05m"),
        (1234 * HOUR_MS, "1,234h"),
    ],
)
def test_a_duration_is_whole_minutes_and_never_more_than_there_is(length_ms: int, shown: str) -> None:
    assert formats.duration(length_ms) == shown


@pytest.mark.parametrize(
    ("length_ms", "shown"),
    [(0, "0:00:00"), (118_250, "0:01:58.250"), (27 * HOUR_MS + 1, "27:00:00.001"), (-1_500, "-0:00:01.500")],
)
def test_an_exact_duration_keeps_every_millisecond(length_ms: int, shown: str) -> None:
    assert formats.exact(length_ms) == shown


def test_a_difference_under_a_minute_is_neither_more_nor_less() -> None:
    assert formats.signed(59_999) == "±0m"
    assert formats.signed(-HOUR_MS) == "−1h"
    assert formats.signed(22 * MINUTE_MS) == "+22m"


def test_a_spoken_duration_has_words_and_the_right_plurals() -> None:
    assert formats.spoken(HOUR_MS + MINUTE_MS) == "1 hour 1 minute"
    assert formats.spoken(2 * HOUR_MS) == "2 hours"
    assert formats.spoken(0) == "0 minutes"
    assert formats.spoken(30 * SECOND_MS) == "30 seconds"


def test_a_share_of_nothing_is_nothing() -> None:
    assert formats.percent(5, 0) == "0%"
    assert formats.percent(1, 1000) == "<1%"
    assert formats.percent(2, 3) == "67%"


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2025, 1, 13), date(2025, 1, 19), "13–19 Jan 2025"),
        (date(2025, 1, 30), date(2025, 2, 2), "30 Jan – 2 Feb 2025"),
        (date(2024, 12, 30), date(2025, 1, 5), "30 Dec 2024 – 5 Jan 2025"),
        (date(2025, 1, 15), date(2025, 1, 15), "15 Jan 2025"),
    ],
)
def test_a_span_of_days_repeats_nothing(first: date, last: date, shown: str) -> None:
    assert formats.date_span(first, last) == shown


def test_clocks_are_read_in_the_zone_asked_for() -> None:
    instant = from_datetime(datetime(2025, 1, 15, 23, 30, tzinfo=UTC))
    assert formats.clock(instant, "Europe/Berlin") == "00:30"
    assert formats.moment(instant, "Europe/Berlin") == "Thu 16 Jan 2025, 00:30"
    assert formats.moment(instant, "America/New_York") == "Wed 15 Jan 2025, 18:30"
    assert formats.iso(instant, "Asia/Kathmandu") == "2025-01-16T05:15:00+05:45"


@pytest.mark.parametrize(
    ("passed_ms", "shown"),
    [
        (-HOUR_MS, "just now"),
        (59_999, "just now"),
        (MINUTE_MS, "1 minute ago"),
        (23 * HOUR_MS, "23 hours ago"),
        (59 * DAY_MS, "59 days ago"),
        (90 * DAY_MS, "3 months ago"),
        (800 * DAY_MS, "2 years ago"),
    ],
)
def test_time_past_is_told_in_the_unit_that_fits(passed_ms: int, shown: str) -> None:
    assert formats.ago(10**12 - passed_ms, 10**12) == shown


@pytest.mark.parametrize("week_start", range(7))
def test_a_week_begins_on_its_first_day_and_holds_the_day(week_start: int) -> None:
    for number in range(1, 15):
        day = date(2025, 1, number)
        first = formats.week_of(day, week_start)
        assert formats.weekday(first) == formats.WEEKDAYS[week_start]
        assert 0 <= (day - first).days < 7
