"""The ranges WakaTime's clients name."""

from __future__ import annotations

from datetime import date

import pytest

from devtime.api.wakatime.ranges import read_named_days, read_stats_days
from devtime.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("today", "name", "first"),
    [
        (date(2026, 8, 31), "last_6_months", date(2026, 3, 1)),
        (date(2024, 2, 29), "last_year", date(2023, 3, 1)),
        (date(2026, 1, 1), "last_6_months", date(2025, 7, 2)),
        (date(2026, 3, 1), "last_30_days", date(2026, 1, 31)),
    ],
)
def test_a_range_that_ends_today_begins_the_day_after_the_same_day_earlier(today: date, name: str, first: date) -> None:
    assert read_stats_days(name, today, None) == (first, today)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
    ],
)
def test_a_year_or_a_month_is_the_calendars(name: str, first: date, last: date) -> None:
    assert read_stats_days(name, date(2026, 1, 15), None) == (first, last)


@pytest.mark.parametrize("name", ["", "2025-13", "2025-00", "nonsense", "٢٠٢٥", "0000", "25", "2025-1"])
def test_what_names_no_range_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="range"):
        read_stats_days(name, date(2026, 1, 15), None)


@pytest.mark.parametrize("name", ["0001", "9999", "9999-12", "0001-01"])
def test_no_year_is_too_far_away(name: str) -> None:
    first, last = read_stats_days(name, date(2026, 1, 15), None)
    assert date(1999, 1, 1) < first <= last < date(2101, 1, 1)


@pytest.mark.parametrize("week_start", range(7))
def test_the_last_week_ends_where_this_week_begins(week_start: int) -> None:
    today = date(2026, 1, 15)
    this, before = (read_named_days(name, today, week_start) for name in ("This Week", "last week"))
    assert this[0].isoweekday() % 7 == week_start
    assert (this[0] - before[1]).days == 1
    assert (before[1] - before[0]).days == 6
