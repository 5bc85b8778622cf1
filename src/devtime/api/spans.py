"""The stretch of time a query string names, the same for every API that asks with names, days or instants."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from devtime.kernel.clock import from_datetime
from devtime.kernel.errors import Invalid
from devtime.kernel.zones import day_of, day_start_ms, find_zone
from devtime.stats.ranges import FIRST_DAY, TimeRange, days_range, named_range

LAST_DAY = date(2099, 12, 31)
"""No range reaches further."""


def read_day(text: str, field: str) -> date:
    """A date written `YYYY-MM-DD`, brought to the days that can have heartbeats."""
    try:
        if len(text) != 10:
            raise ValueError
        return min(max(date.fromisoformat(text), FIRST_DAY), LAST_DAY)
    except ValueError:
        raise Invalid(field, "must be a date such as 2025-01-15") from None


def read_span(
    name: str | None, start: str | None, end: str | None, *, zone: str, week_start: int, now_ms: int, default: str
) -> TimeRange:
    """The range named, or from `start` to `end`: dates (both included) or RFC 3339 instants; without an end, to now.

    Empty text says nothing.
    """
    start, end = start or None, end or None
    if start is None and end is None:
        return named_range(name or default, now_ms, zone, week_start)
    if name is not None:
        raise Invalid("range", "is given together with start or end; give one or the other")
    if start is None:
        raise Invalid("start", "is missing")
    if "T" in start or "T" in (end or ""):
        return _between(start, end, zone, now_ms)
    last = read_day(end, "end") if end is not None else max(day_of(now_ms, find_zone(zone)), read_day(start, "start"))
    return days_range(read_day(start, "start"), last, zone)


def _between(start: str, end: str | None, zone: str, now_ms: int) -> TimeRange:
    earliest, latest = days_range(FIRST_DAY, LAST_DAY, "UTC").start_ms, days_range(LAST_DAY, LAST_DAY, "UTC").end_ms
    start_ms = min(max(read_instant(start, "start"), earliest), latest)
    end_ms = now_ms if end is None else min(max(read_instant(end, "end"), earliest), latest)
    if end_ms <= start_ms:
        raise Invalid("end", "does not lie after start")
    find_zone(zone)
    return TimeRange(start_ms=start_ms, end_ms=end_ms, zone=zone)


def read_instant(text: str, field: str) -> int:
    """Epoch milliseconds of an RFC 3339 time; a `+` that was not escaped in the query arrives as a space."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        return from_datetime(moment)
    except (ValueError, OverflowError):
        raise Invalid(
            field, "must be an RFC 3339 time with its zone, such as 2025-01-15T09:00:00Z, or a date"
        ) from None


def read_edge(text: str, field: str, zone: str, *, is_end: bool = False) -> int:
    """Epoch milliseconds of an RFC 3339 time, or of where a day of the zone begins (`is_end`: where it ends)."""
    if "T" in text or "t" in text:
        return read_instant(text, field)
    return day_start_ms(read_day(text, field) + timedelta(days=1 if is_end else 0), find_zone(zone))
