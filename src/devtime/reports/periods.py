"""Days, weeks and months: names of periods from local day numbers, and which days the last so many of them hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from devtime.kernel.errors import Invalid

PeriodKind = Literal["daily", "weekly", "monthly"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def date_of(day_number: int) -> date:
    """The date of a local day number (days since 1970-01-01)."""
    return date.fromordinal(_EPOCH_ORDINAL + day_number)


def period_of(day_number: int, kind: PeriodKind, week_start: int) -> str:
    """`2026-11-23`, the day its week began, or `2026-11`. Weeks begin at `WEEKDAYS[week_start]`."""
    day = date_of(day_number)
    if kind == "daily":
        return day.isoformat()
    if kind == "weekly":
        return week_of(day, week_start).isoformat()
    return day.isoformat()[:7]


def week_of(day: date, week_start: int) -> date:
    """The first day of the day's week."""
    back = (day.weekday() - week_start) % 7
    return day - timedelta(days=min(back, day.toordinal() - 1))


def first_day_of_last(count: int, kind: PeriodKind, today: date, week_start: int) -> date:
    """The day at which the last so many periods begin; the present one is the last of them."""
    back = count - 1
    try:
        if kind == "daily":
            return today - timedelta(days=back)
        if kind == "weekly":
            return week_of(today, week_start) - timedelta(weeks=back)
        months = today.year * 12 + today.month - 1 - back
        return date(months // 12, months % 12 + 1, 1)
    except (ValueError, OverflowError):
        raise Invalid("--last", f"{count} is more than the calendar has") from None


def parse_day(text: str, option: str) -> date:
    """A day from `2026-11-23` or `20261123`; Invalid, naming the option, for anything else."""
    digits = text.strip().replace("-", "") if text.count("-") in (0, 2) else ""
    if len(digits) == 8 and digits.isascii() and digits.isdigit():
        try:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            raise Invalid(option, f"{text[:32]!r} is no day of the calendar") from None
    raise Invalid(option, f"{text[:32]!r} is not a day; write 2026-11-23 or 20261123")
