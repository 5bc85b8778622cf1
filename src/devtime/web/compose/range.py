"""The view of a range of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from devtime.kernel.slots import SLOT_MS
from devtime.kernel.zones import day_of, find_zone
from devtime.stats.filters import Filters
from devtime.stats.listing import fetch_latest
from devtime.stats.names import fetch_first_slot
from devtime.stats.ranges import TimeRange, days_range, named_range
from devtime.stats.tally import Sum, Tally
from devtime.stats.week_hours import fetch_week_hours
from devtime.web import links
from devtime.web.compose.filtering import compose_filters
from devtime.web.compose.folding import (
    AGENTS,
    COUNTS,
    Stack,
    agent_ms,
    amount,
    choices,
    fold_bars,
    fold_breakdown,
    link_filters,
)
from devtime.web.compose.range_address import RangeAddress
from devtime.web.compose.reader import Reader
from devtime.web.format import date_span
from devtime.web.views.parts import (
    Breakdown,
    Calendar,
    Count,
    DayTotal,
    HourGrid,
)
from devtime.web.views.range import RangeView

RANGES: tuple[tuple[str, str], ...] = (
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("week", "Week"),
    ("month", "Month"),
    ("year", "Year"),
    ("7d", "7 days"),
    ("30d", "30 days"),
    ("90d", "90 days"),
    ("365d", "365 days"),
    ("all", "All"),
)
_TITLES = {
    "today": "Today",
    "yesterday": "Yesterday",
    "week": "This week",
    "month": "This month",
    "year": "This year",
    "7d": "Last 7 days",
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "365d": "Last 365 days",
    "all": "All time",
}
STACKS: tuple[Stack, ...] = ("project", "language", "tool", "editor", "machine", "branch")
_LABELS = {"project": "Project", "language": "Language", "tool": "Tool", "editor": "Editor", "machine": "Machine"}
_CALENDAR_DAYS = 90


class RangeQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What the address of the page asks for. `first` and `last` are set for a custom range."""

    name: str = "week"
    first: date | None = None
    last: date | None = None
    filters: Filters = Filters()
    stack: Stack = "project"
    count: Count = "active"


def read_range(reader: Reader, name: str, first: date | None, last: date | None) -> TimeRange:
    """The range of days meant; Invalid for an unknown name or a last day before the first."""
    if first is not None:
        return days_range(first, last or first, reader.zone)
    return named_range(name, reader.now_ms, reader.zone, reader.week_start)


def range_title(span: TimeRange) -> str:
    """`This week`, or the dates."""
    return _TITLES.get(span.name) or date_span(span.first_day, span.last_day)


async def compose_range(reader: Reader, question: RangeQuestion) -> RangeView:
    """The range as it stands at the reader's instant."""
    span = await bounded(reader, read_range(reader, question.name, question.first, question.last))
    tally = await reader.tallies.fetch(reader.user_id, span, question.filters)
    total, by_day = tally.total(), tally.by_day()
    filters = link_filters(question.filters)
    active_days = {day: amount(part, question.count) for day, part in by_day.items() if amount(part, question.count)}
    best = max(active_days, key=lambda day: active_days[day], default=None)
    today = day_of(reader.now_ms, find_zone(reader.zone))
    previous = _previous(span) if span.name != "all" else None
    path = RangeAddress(span, question.stack, question.count, filters)
    return RangeView(
        range_name=span.name or "custom",
        title=range_title(span),
        first=span.first_day,
        last=span.last_day,
        zone=span.zone,
        ranges=choices(span.name, ((name, label, path.named(name)) for name, label in RANGES)),
        stacks=choices(question.stack, ((key, _LABELS.get(key, "Branch"), path.stacked(key)) for key in STACKS)),
        count=question.count,
        counts=choices(question.count, ((key, label, path.counted(key)) for key, label in COUNTS)),
        filters=await compose_filters(reader, "/range", question.filters, path.kept()),
        active_ms=total.active_ms,
        total_ms=total.lane_ms,
        agent_ms=agent_ms(tally),
        heartbeats=total.heartbeats,
        days=max(1, (min(span.last_day, today) - span.first_day).days + 1),
        active_days=len(active_days),
        bars=fold_bars(tally, question.stack, question.count, filters, reader.week_start),
        breakdowns=_breakdowns(tally, question, filters, path),
        json_href=path.current().replace("/range", "/range.json", 1),
        heartbeats_href=links.heartbeats_path(span.start_ms, span.end_ms, filters),
        agents_href=links.heartbeats_path(span.start_ms, span.end_ms, {**filters, **AGENTS}),
        best_day=best,
        best_ms=active_days[best] if best else 0,
        best_href=links.day_path(best) if best else "",
        previous_ms=await _previous_ms(reader, previous, question),
        previous_href=path.moved(previous) if previous else "",
        prev_href=path.moved(previous) if previous else None,
        next_href=path.moved(_next(span)) if previous and span.last_day < today else None,
        hours=await _hours(reader, span, question),
        calendar=await _calendar(reader, tally, by_day, question, today),
        kept=path.kept_of_days(),
        is_new=not total.heartbeats and await fetch_latest(reader.database, reader.user_id) is None,
    )


async def bounded(reader: Reader, span: TimeRange) -> TimeRange:
    """`all` begins with the first activity."""
    if span.name != "all":
        return span
    first_slot = await fetch_first_slot(reader.database, reader.user_id)
    zone = find_zone(reader.zone)
    first = day_of(reader.now_ms if first_slot is None else first_slot * SLOT_MS, zone)
    return days_range(first, max(first, span.last_day), reader.zone, "all")


def _previous(span: TimeRange) -> TimeRange:
    days = (span.last_day - span.first_day).days + 1
    return days_range(span.first_day - timedelta(days=days), span.first_day - timedelta(days=1), span.zone)


def _next(span: TimeRange) -> TimeRange:
    days = (span.last_day - span.first_day).days + 1
    return days_range(span.last_day + timedelta(days=1), span.last_day + timedelta(days=days), span.zone)


async def _previous_ms(reader: Reader, previous: TimeRange | None, question: RangeQuestion) -> int | None:
    if previous is None:
        return None
    total = (await reader.tallies.fetch(reader.user_id, previous, question.filters)).total()
    return amount(total, question.count) or None


def _breakdowns(
    tally: Tally, question: RangeQuestion, filters: Mapping[str, Sequence[str]], path: RangeAddress
) -> tuple[Breakdown, ...]:
    found = (
        fold_breakdown(
            dimension, tally.by(dimension), question.count, tally.range, filters, 10, path.stacked(dimension)
        )
        for dimension in STACKS
    )
    return tuple(breakdown for breakdown in found if breakdown.items)


async def _hours(reader: Reader, span: TimeRange, question: RangeQuestion) -> HourGrid | None:
    found = await fetch_week_hours(reader.database, reader.user_id, span, question.filters)
    nothing = Sum()
    cells = tuple(
        tuple(amount(found.get((weekday, hour), nothing), question.count) for hour in range(24)) for weekday in range(7)
    )
    return HourGrid(reader.week_start, cells) if found else None


async def _calendar(
    reader: Reader, tally: Tally, by_day: Mapping[date, Sum], question: RangeQuestion, today: date
) -> Calendar | None:
    span = tally.range
    if (span.last_day - span.first_day).days < _CALENDAR_DAYS or not by_day:
        return None
    last = min(span.last_day, today)
    first = max(span.first_day, last - timedelta(days=365))
    days = tuple(
        DayTotal(day, amount(part, question.count), links.day_path(day))
        for day, part in by_day.items()
        if first <= day <= last and amount(part, question.count)
    )
    return Calendar(first, last, reader.week_start, days)
