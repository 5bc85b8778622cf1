"""Folding tallies into the parts pages share: ranked lists, bars, choices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from devtime.stats.filters import DIMENSIONS, Filters
from devtime.stats.ranges import TimeRange, days_range
from devtime.stats.sessions import Session
from devtime.stats.tally import Sum, Tally
from devtime.web import links
from devtime.web.views.parts import Bar, BarPart, Bars, Breakdown, Choice, Count, Dimension, Ranked, SessionRow
from devtime.wire.heartbeat import UNKNOWN

Stack = Literal["project", "language", "tool", "editor", "machine", "branch"]
"""Dimensions a tally can be stacked and broken down by."""

Bucket = Literal["day", "week", "month"]
"""What a bar over time stands for."""

TITLES: dict[Dimension, str] = {
    "project": "Projects",
    "language": "Languages",
    "tool": "Tools",
    "editor": "Editors",
    "machine": "Machines",
    "branch": "Branches",
    "file": "Files",
    "os": "Systems",
    "activity_type": "Activities",
}
AGENTS: dict[str, Sequence[str]] = {"agents": ("only",)}
"""The parameter that keeps what counts as agent-hours."""
COUNTS: tuple[tuple[Count, str], ...] = (("active", "Active time"), ("total", "All tools"))
_DAYS_SHOWN_SINGLY = 62
_DAYS_SHOWN_BY_WEEK = 400


def amount(part: Sum, count: Count) -> int:
    """The milliseconds a page counts: wall clock, or every tool's own."""
    return part.active_ms if count == "active" else part.lane_ms


def read_count(value: str) -> Count:
    """`total` if asked for, else `active`."""
    return "total" if value == "total" else "active"


def shown(name: str) -> str:
    """The name as views spell it: nothing for none told."""
    return "" if name == UNKNOWN else name


def link_filters(filters: Filters) -> dict[str, Sequence[str]]:
    """The filters as parameters of a link."""
    chosen: dict[str, Sequence[str]] = {
        dimension: filters.wanted(dimension) for dimension in DIMENSIONS if filters.wanted(dimension)
    }
    return {**chosen, **AGENTS} if filters.only_agents else chosen


def agent_ms(tally: Tally) -> int:
    """Agent-hours: the lane time of AI agents."""
    return tally.of_agents().total().lane_ms


def fold_breakdown(
    dimension: Dimension,
    sums: Mapping[str, Sum],
    count: Count,
    span: TimeRange,
    filters: Mapping[str, Sequence[str]],
    keep: int,
    more_href: str = "",
) -> Breakdown:
    """The longest `keep` names, each linked to its heartbeats, and what the rest adds up to."""
    amounts = {name: amount(part, count) for name, part in sums.items()}
    order = sorted((name for name in amounts if amounts[name] > 0), key=lambda name: (-amounts[name], name))
    kept = order if len(order) == keep + 1 else order[:keep]
    rest = order[len(kept) :]
    items = tuple(
        Ranked(
            shown(name),
            amounts[name],
            links.heartbeats_path(span.start_ms, span.end_ms, {**filters, dimension: (name,)}),
        )
        for name in kept
    )
    return Breakdown(
        dimension,
        TITLES[dimension],
        sum(amounts.values()),
        items,
        len(rest),
        sum(amounts[name] for name in rest),
        more_href if rest else "",
    )


def fold_bars(
    tally: Tally, dimension: Stack, count: Count, filters: Mapping[str, Sequence[str]], week_start: int
) -> Bars:
    """Time over time, stacked: a bar a day, or a week or month when the range is long."""
    by_day = tally.by_day_and(dimension)
    bucket, buckets = cut_days(tally.range, min(by_day, default=None), week_start)
    bars = [_bar(members, by_day, dimension, count, filters, tally.range.zone) for members in buckets]
    return Bars(dimension, bucket, tuple(bars))


def cut_days(span: TimeRange, first: date | None, week_start: int) -> tuple[Bucket, list[list[date]]]:
    """The days of a bar each: one, or a week or month when the range is long; `all` begins with the first there is."""
    days = list(span.days())
    if span.name == "all" and first:
        days = [day for day in days if day >= first]
    bucket: Bucket = (
        "day" if len(days) <= _DAYS_SHOWN_SINGLY else "week" if len(days) <= _DAYS_SHOWN_BY_WEEK else "month"
    )
    buckets: dict[date, list[date]] = defaultdict(list)
    for day in days:
        buckets[_bucket_start(day, bucket, week_start)].append(day)
    return bucket, list(buckets.values())


def _bucket_start(day: date, bucket: str, week_start: int) -> date:
    if bucket == "week":
        return day - timedelta(days=(day.isoweekday() - week_start) % 7)
    return day.replace(day=1) if bucket == "month" else day


def _bar(
    days: Sequence[date],
    by_day: Mapping[date, Mapping[str, Sum]],
    dimension: Dimension,
    count: Count,
    filters: Mapping[str, Sequence[str]],
    zone: str,
) -> Bar:
    amounts: dict[str, int] = defaultdict(int)
    for day in days:
        for name, part in by_day.get(day, {}).items():
            amounts[name] += amount(part, count)
    span = days_range(days[0], days[-1], zone)
    parts = tuple(
        BarPart(shown(name), ms, links.heartbeats_path(span.start_ms, span.end_ms, {**filters, dimension: (name,)}))
        for name, ms in sorted(amounts.items(), key=lambda item: -item[1])
        if ms > 0
    )
    href = links.day_path(days[0]) if len(days) == 1 else links.span_path(days[0], days[-1], filters)
    return Bar(days[0], days[-1], href, parts)


def fold_sessions(sessions: Iterable[Session], count: Count, now_ms: int, open_ms: int) -> tuple[SessionRow, ...]:
    """Sessions as rows; one that ended less than `open_ms` (the timeout) ago may still go on."""
    return tuple(
        SessionRow(
            session.start_ms,
            session.end_ms,
            session.active_ms if count == "active" else session.lane_ms,
            session.tool,
            shown(session.project),
            session.heartbeats,
            session_path(session),
            shown(session.language),
            shown(session.branch),
            now_ms - session.end_ms < open_ms,
        )
        for session in sessions
    )


def session_path(session: Session) -> str:
    """The heartbeats of a session, with all they are credited."""
    only = {"tool": (session.tool,), "project": (session.project,)}
    return links.heartbeats_path(session.start_ms, session.reach_ms, only)


def choices(current: str, pairs: Iterable[tuple[str, str, str]]) -> tuple[Choice, ...]:
    """Alternatives (key, label, address), the one in force marked."""
    return tuple(Choice(key, label, href, key == current) for key, label, href in pairs)
