"""The stretches of time WakaTime's clients name, as local days. Ends are included."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from devtime.api.spans import read_day
from devtime.kernel.errors import Invalid
from devtime.stats.ranges import FIRST_DAY

Days = tuple[date, date]

STATS_RANGE: dict[str, Any] = {
    "pattern": r"^(last_7_days|last_30_days|last_6_months|last_year|all_time|[0-9]{4}(-(0[1-9]|1[0-2]))?)$"
}
"""What the OpenAPI document adds to the parameter of a range of the stats."""

_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


def read_named_days(name: str, today: date, week_start: int) -> Days:
    """The days of a range of the summaries (`Last 7 Days`, `this_week`, …); `week_start`: 0 = Sunday."""
    yesterday, week = today - timedelta(days=1), today - timedelta(days=(today.isoweekday() - week_start) % 7)
    month = today.replace(day=1)
    named: dict[str, Days] = {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "last_7_days": (today - timedelta(days=6), today),
        "last_7_days_from_yesterday": (today - timedelta(days=7), yesterday),
        "last_14_days": (today - timedelta(days=13), today),
        "last_30_days": (today - timedelta(days=29), today),
        "this_week": (week, today),
        "last_week": (week - timedelta(days=7), week - timedelta(days=1)),
        "this_month": (month, today),
        "last_month": ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
    }
    return _pick(named, name)


def read_stats_days(name: str, today: date, first: date | None) -> Days:
    """The days of a range of the stats: `last_7_days`, `last_year`, `all_time` (since `first`), `2025`, `2025-01`, …"""
    if _YEAR.fullmatch(name):
        return read_day(f"{name}-01-01", "range"), read_day(f"{name}-12-31", "range")
    if _MONTH.fullmatch(name):
        begin = read_day(f"{name}-01", "range")
        return begin, _months_before(begin, -1) - timedelta(days=1)
    named: dict[str, Days] = {
        "last_7_days": (today - timedelta(days=6), today),
        "last_30_days": (today - timedelta(days=29), today),
        "last_6_months": (_months_before(today, 6) + timedelta(days=1), today),
        "last_year": (_months_before(today, 12) + timedelta(days=1), today),
        "all_time": (first or today, today),
    }
    return _pick(named, name)


def spell_range(name: str) -> str:
    """The name for people: `last 7 days`, `all time`, `2025-01`."""
    return name.replace("_", " ")


def _pick(named: dict[str, Days], name: str) -> Days:
    key = "_".join(name.lower().split())
    if key not in named:
        raise Invalid("range", f"is not one of {', '.join(named)}")
    first, last = named[key]
    return max(first, FIRST_DAY), last


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month where it has no such day."""
    place = day.year * 12 + day.month - 1 - months
    begin = date(place // 12, place % 12 + 1, 1)
    following = date((place + 1) // 12, (place + 1) % 12 + 1, 1)
    return min(begin + timedelta(days=day.day - 1), following - timedelta(days=1))
