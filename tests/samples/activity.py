"""Made-up views of days and ranges, from a seed and a set of names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from devtime.kernel.clock import HOUR_MS, MINUTE_MS, from_datetime
from devtime.web import links
from devtime.web.views.day import DayAi, DayView
from devtime.web.views.parts import (
    Bar,
    BarPart,
    Bars,
    Breakdown,
    Calendar,
    Chip,
    Choice,
    DayTotal,
    Dimension,
    Filter,
    FilterBar,
    HourGrid,
    Lane,
    Ranked,
    SessionRow,
    Span,
    Timeline,
)
from devtime.web.views.range import RangeView
from samples.names import Names

ZONE = "Europe/Berlin"
DAY = date(2025, 1, 15)
NOW_MS = from_datetime(datetime(2025, 1, 15, 16, 42, tzinfo=UTC))
TITLES: dict[Dimension, str] = {
    "project": "Projects",
    "language": "Languages",
    "tool": "Tools",
    "editor": "Editors",
    "machine": "Machines",
    "branch": "Branches",
    "file": "Files",
}


def midnight_ms(day: date) -> int:
    """When the day begins in the sample zone."""
    return from_datetime(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE)))


def values_of(names: Names, dimension: Dimension) -> tuple[str, ...]:
    """The names of a dimension."""
    return {
        "project": names.projects,
        "language": names.languages,
        "tool": names.tools,
        "editor": names.tools,
        "machine": names.machines,
        "branch": names.branches,
        "file": names.files,
    }[dimension]


def make_breakdown(names: Names, dimension: Dimension, total_ms: int, keep: int = 7) -> Breakdown:
    """Time that falls off by about a third from name to name and sums to the total."""
    values = values_of(names, dimension)
    shares = [0.68**index for index in range(len(values))]
    parts = [int(total_ms * share / sum(shares)) for share in shares] if total_ms else []
    if parts:
        parts[0] += total_ms - sum(parts)
    items = tuple(
        Ranked(name, ms, links.heartbeats_path(midnight_ms(DAY), NOW_MS, {dimension: name}))
        for name, ms in zip(values, parts, strict=False)
    )
    rest = items[keep:]
    return Breakdown(
        dimension,
        TITLES[dimension],
        total_ms,
        items[:keep],
        len(rest),
        sum(each.ms for each in rest),
        "/projects" if rest else "",
    )


def make_choices(current: str, *pairs: tuple[str, str]) -> tuple[Choice, ...]:
    """Alternatives with one in force."""
    return tuple(Choice(key, text, f"/range?range={key}", key == current) for key, text in pairs)


COUNTS = (("active", "Active time"), ("total", "All tools"))
RANGES = (
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("week", "Week"),
    ("month", "Month"),
    ("year", "Year"),
    ("7d", "7 days"),
    ("30d", "30 days"),
    ("90d", "90 days"),
    ("all", "All"),
)
STACKS = (
    ("project", "Project"),
    ("language", "Language"),
    ("tool", "Tool"),
    ("editor", "Editor"),
    ("machine", "Machine"),
)


def make_sessions(names: Names, day: date, random: Random) -> list[SessionRow]:
    """Sessions of a working day; the agents' overlap with the editors'."""
    start_ms, rows = midnight_ms(day), list[SessionRow]()
    for index, tool in enumerate(names.tools):
        at_ms = start_ms + (8 * 60 + random.randrange(90) + 25 * index) * MINUTE_MS
        while at_ms < start_ms + 17 * HOUR_MS:
            length_ms = min(random.randrange(6, 95) * MINUTE_MS, start_ms + 17 * HOUR_MS + 42 * MINUTE_MS - at_ms)
            project = names.projects[min(int(random.expovariate(0.9)), len(names.projects) - 1)]
            href = links.heartbeats_path(at_ms, at_ms + length_ms, {"tool": tool, "project": project})
            rows.append(
                SessionRow(
                    at_ms,
                    at_ms + length_ms,
                    length_ms - random.randrange(3) * MINUTE_MS,
                    tool,
                    project,
                    random.randrange(4, 90),
                    href,
                    random.choice(names.languages),
                    random.choice(names.branches),
                )
            )
            overlaps = tool in ("claude-code", "codex") and random.random() < 0.5
            at_ms += length_ms // 2 if overlaps else length_ms + random.randrange(8, 110) * MINUTE_MS
    return sorted(rows, key=lambda row: row.start_ms)


def make_timeline(rows: list[SessionRow], day: date, now_ms: int | None) -> Timeline:
    """The sessions as lanes, longest tool first."""
    start_ms, end_ms = midnight_ms(day), midnight_ms(day + timedelta(days=1))
    lanes: list[Lane] = []
    for tool in dict.fromkeys(row.tool for row in rows):
        spans = tuple(Span(row.start_ms, row.end_ms, row.ms, row.project, row.href) for row in rows if row.tool == tool)
        href = links.heartbeats_path(start_ms, end_ms, {"tool": tool})
        lanes.append(Lane(tool, sum(span.ms for span in spans), href, spans))
    return Timeline(ZONE, start_ms, end_ms, now_ms, tuple(sorted(lanes, key=lambda lane: -lane.ms)))


def make_day(names: Names, *, day: date = DAY, is_today: bool = True, seed: int = 7) -> DayView:
    """A working day."""
    rows = make_sessions(names, day, Random(seed))
    total_ms = sum(row.ms for row in rows)
    agent_ms = sum(row.ms for row in rows if row.tool in ("claude-code", "codex"))
    active_ms = total_ms * 6 // 10
    heartbeats_href = links.heartbeats_path(midnight_ms(day), midnight_ms(day + timedelta(days=1)))
    return DayView(
        date=day,
        zone=ZONE,
        is_today=is_today,
        now_ms=NOW_MS,
        active_ms=active_ms,
        total_ms=total_ms,
        agent_ms=agent_ms,
        heartbeats=sum(row.heartbeats for row in rows),
        count="active",
        counts=make_choices("active", *COUNTS),
        timeline=make_timeline(rows, day, NOW_MS if is_today else None),
        breakdowns=tuple(
            make_breakdown(names, dimension, active_ms)
            for dimension in ("project", "language", "tool", "editor", "machine", "branch")
        ),
        sessions=tuple(rows),
        prev_href=links.day_path(day - timedelta(days=1)),
        next_href=None if is_today else links.day_path(day + timedelta(days=1)),
        json_href=f"{links.day_path(day)}.json",
        heartbeats_href=heartbeats_href,
        agents_href=heartbeats_href,
        usual_ms=active_ms * 9 // 10,
        usual_label="a usual Wednesday by now",
        usual_href="/range?range=90d",
        streak_days=12,
        ai=DayAi(Decimal("12.4071"), 45_200_000, False, "/ai", "/ai/events"),
    )


def make_empty_day(*, is_new: bool, is_today: bool = True) -> DayView:
    """A day without activity, of a newcomer or of someone known."""
    return DayView(
        date=DAY,
        zone=ZONE,
        is_today=is_today,
        now_ms=NOW_MS,
        active_ms=0,
        total_ms=0,
        agent_ms=0,
        heartbeats=0,
        count="active",
        counts=make_choices("active", *COUNTS),
        timeline=make_timeline([], DAY, NOW_MS),
        breakdowns=(),
        sessions=(),
        prev_href="/day/2025-01-14",
        next_href=None,
        json_href="/overview.json",
        heartbeats_href="/heartbeats",
        agents_href="/heartbeats",
        usual_ms=None if is_new else 2 * HOUR_MS,
        usual_label="a usual Wednesday by now",
        is_new=is_new,
    )


def make_bars(names: Names, first: date, count: int, random: Random, *, bucket_days: int = 1) -> Bars:
    """Stacked bars with weekends off."""
    bars: list[Bar] = []
    for index in range(count):
        start = first + timedelta(days=index * bucket_days)
        end = start + timedelta(days=bucket_days - 1)
        is_off = bucket_days == 1 and start.isoweekday() > 5 and random.random() < 0.8
        parts = (
            ()
            if is_off
            else tuple(
                BarPart(
                    name,
                    random.randrange(5, 150) * MINUTE_MS * bucket_days // (1 + order // 2),
                    links.span_path(start, end),
                )
                for order, name in enumerate(names.projects[: 3 + random.randrange(12)])
            )
        )
        bars.append(Bar(start, end, links.day_path(start), parts))
    return Bars("project", "day" if bucket_days == 1 else "week", tuple(bars))


def make_hours(random: Random) -> HourGrid:
    """Office hours with some evenings."""
    cells = [
        tuple(
            random.randrange(10, 200) * MINUTE_MS
            if 8 <= hour < 19 and 0 < weekday < 6
            else random.randrange(60) * MINUTE_MS
            if random.random() < 0.2 and hour > 9
            else 0
            for hour in range(24)
        )
        for weekday in range(7)
    ]
    return HourGrid(1, tuple(cells))


def make_calendar(random: Random) -> Calendar:
    """A year up to the sample day."""
    first = DAY - timedelta(days=364)
    days = [
        DayTotal(day, random.randrange(20, 560) * MINUTE_MS, links.day_path(day))
        for day in (first + timedelta(days=offset) for offset in range(365))
        if random.random() < (0.85 if day.isoweekday() < 6 else 0.2)
    ]
    return Calendar(first, DAY, 1, tuple(days))


def make_filters(names: Names, action: str, *, chosen: bool = True) -> FilterBar:
    """Filters with two in force."""
    dimensions: tuple[Dimension, ...] = ("project", "language", "tool", "branch", "machine", "editor")
    chips = (
        (Chip("project", names.projects[0], "/range?range=week"), Chip("tool", names.tools[0], "/range?range=week"))
        if chosen
        else ()
    )
    values = {chip.dimension: chip.value for chip in chips}
    filters = tuple(
        Filter(each, each.capitalize(), values.get(each, ""), values_of(names, each)) for each in dimensions
    )
    return FilterBar(action, chips, filters, (("range", "week"),), "/range?range=week" if chosen else "")


def make_range(
    names: Names, range_name: str = "week", *, days: int = 7, bucket_days: int = 1, chosen: bool = True
) -> RangeView:
    """A range that ends with the sample day's week."""
    random = Random(days)
    first = DAY - timedelta(days=days * bucket_days - 5)
    bars = make_bars(names, first, days, random, bucket_days=bucket_days)
    total_ms = sum(bar.total_ms for bar in bars.bars)
    active_ms = total_ms * 7 // 10
    busy = [bar for bar in bars.bars if bar.total_ms]
    best = max(busy, key=lambda bar: bar.total_ms)
    return RangeView(
        range_name=range_name,
        title="This week" if days == 7 else "A longer range",
        first=first,
        last=bars.bars[-1].last,
        zone=ZONE,
        ranges=make_choices(range_name, *RANGES),
        stacks=make_choices("project", *STACKS),
        count="active",
        counts=make_choices("active", *COUNTS),
        filters=make_filters(names, "/range", chosen=chosen),
        active_ms=active_ms,
        total_ms=total_ms,
        agent_ms=total_ms // 3,
        heartbeats=18_204,
        days=days * bucket_days,
        active_days=len(busy),
        bars=bars,
        breakdowns=tuple(
            make_breakdown(names, dimension, active_ms, 10)
            for dimension in ("project", "language", "tool", "editor", "machine", "branch")
        ),
        json_href="/range.json?range=week",
        heartbeats_href="/heartbeats",
        agents_href="/heartbeats",
        best_day=best.first,
        best_ms=best.total_ms,
        best_href=links.day_path(best.first),
        previous_ms=active_ms + HOUR_MS,
        previous_href="/range",
        prev_href="/range?range=week&start=2025-01-06",
        hours=make_hours(random),
        calendar=make_calendar(random),
        kept=(("stack", "project"),),
    )


def make_empty_range(*, is_new: bool, chosen: bool = False) -> RangeView:
    """A range without activity."""
    names = Names((), (), (), (), (), ())
    filters = FilterBar("/range", (Chip("project", "gone", "/range"),) if chosen else (), (), (), "/range")
    empty = tuple(Bar(DAY + timedelta(days=each), DAY + timedelta(days=each), "/day/2025-01-15") for each in range(7))
    return RangeView(
        range_name="custom",
        title="15–21 January",
        first=DAY,
        last=DAY + timedelta(days=6),
        zone=ZONE,
        ranges=make_choices("week", *RANGES),
        stacks=make_choices("project", *STACKS),
        count="active",
        counts=make_choices("active", *COUNTS),
        filters=make_filters(names, "/range", chosen=False) if not chosen else filters,
        active_ms=0,
        total_ms=0,
        agent_ms=0,
        heartbeats=0,
        days=7,
        active_days=0,
        bars=Bars("project", "day", empty),
        breakdowns=(),
        json_href="/range.json",
        heartbeats_href="/heartbeats",
        agents_href="/heartbeats",
        is_new=is_new,
    )
