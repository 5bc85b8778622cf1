"""The page of a range of days (`/range`), filtered and stacked as asked, and its twin `/range.json`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from devtime.web.views.parts import Bars, Breakdown, Calendar, Choice, Count, FilterBar, HourGrid


@dataclass(frozen=True, slots=True)
class RangeView:
    """Days `first` to `last`, both included, in `zone`. The bars and breakdowns hold what `count` says.

    `days` is how many days the range has so far, `active_days` on how many there was activity; `previous_ms` is the
    same length of time before, None when there is nothing to compare. `best` is the longest day.
    `ranges` are the named ranges; custom is the form. `kept` are the parameters the custom form carries along.
    """

    range_name: str
    title: str
    first: date
    last: date
    zone: str
    ranges: tuple[Choice, ...]
    stacks: tuple[Choice, ...]
    count: Count
    counts: tuple[Choice, ...]
    filters: FilterBar
    active_ms: int
    total_ms: int
    agent_ms: int
    heartbeats: int
    days: int
    active_days: int
    bars: Bars
    breakdowns: tuple[Breakdown, ...]
    json_href: str
    heartbeats_href: str
    agents_href: str
    best_day: date | None = None
    best_ms: int = 0
    best_href: str = ""
    previous_ms: int | None = None
    previous_href: str = ""
    prev_href: str | None = None
    next_href: str | None = None
    hours: HourGrid | None = None
    calendar: Calendar | None = None
    kept: tuple[tuple[str, str], ...] = ()
    is_new: bool = False
