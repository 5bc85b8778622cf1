"""The stretch of time a question is about, in the asker's zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, get_args

import msgspec

from devtime.kernel.errors import Invalid
from devtime.kernel.slots import SLOT_MS
from devtime.kernel.zones import Offsets, day_of, day_start_ms, find_zone, slot_offsets

RangeName = Literal["today", "yesterday", "week", "month", "year", "7d", "30d", "90d", "365d", "all"]
"""Named ranges. `week`, `month`, `year` are the calendar's present ones; `7d` is today and the six days before."""

NAMES: tuple[RangeName, ...] = get_args(RangeName)

FIRST_DAY = date(1999, 12, 31)
"""No heartbeat is older, in no zone: the first that is believed is of 2000-01-01T00:00Z."""


class TimeRange(msgspec.Struct, frozen=True, kw_only=True):
    """`[start_ms, end_ms)`, cut into days of `zone` (an IANA name). `name` is how it was asked for, if by name."""

    start_ms: int
    end_ms: int
    zone: str
    name: str = ""

    @property
    def offsets(self) -> Offsets:
        """UTC offsets of every slot of the range."""
        return slot_offsets(self.zone, self.start_ms // SLOT_MS, max(self.start_ms, self.end_ms - 1) // SLOT_MS)

    @property
    def first_day(self) -> date:
        """The local day the range begins in."""
        return day_of(self.start_ms, find_zone(self.zone))

    @property
    def last_day(self) -> date:
        """The local day of its last instant."""
        return day_of(max(self.start_ms, self.end_ms - 1), find_zone(self.zone))

    def days(self) -> Iterator[date]:
        """Every local day the range touches, in order."""
        day, last = self.first_day, self.last_day
        while day <= last:
            yield day
            day += timedelta(days=1)


def days_range(first: date, last: date, zone: str, name: str = "") -> TimeRange:
    """Whole local days, both included."""
    if last < first:
        raise Invalid("end", "lies before start")
    place = find_zone(zone)
    end_ms = day_start_ms(last + timedelta(days=1), place)
    return TimeRange(start_ms=day_start_ms(first, place), end_ms=end_ms, zone=zone, name=name)


def named_range(name: str, now_ms: int, zone: str, week_start: int = 1) -> TimeRange:
    """The named range as of now; `week_start`: 0 = Sunday … 6 = Saturday. Invalid for an unknown name."""
    today = day_of(now_ms, find_zone(zone))
    first, last = today, today
    if name == "yesterday":
        first = last = today - timedelta(days=1)
    elif name == "week":
        first = today - timedelta(days=(today.isoweekday() - week_start) % 7)
    elif name == "month":
        first = today.replace(day=1)
    elif name == "year":
        first = today.replace(month=1, day=1)
    elif name == "all":
        first = FIRST_DAY
    elif name.endswith("d") and name in NAMES:
        first = today - timedelta(days=int(name[:-1]) - 1)
    elif name != "today":
        raise Invalid("range", f"is not one of {', '.join(NAMES)}")
    return days_range(first, last, zone, name)
