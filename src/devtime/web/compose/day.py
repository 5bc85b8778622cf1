"""The view of one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median

from devtime.activity.settings import fetch_settings
from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY
from devtime.kernel.zones import day_of, find_zone, slot_offsets
from devtime.stats.listing import fetch_latest
from devtime.stats.ranges import TimeRange, days_range
from devtime.stats.sessions import Session, fetch_sessions
from devtime.stats.streaks import fetch_streaks
from devtime.stats.tally import Tally
from devtime.stats.usual import fetch_days_until
from devtime.web import links
from devtime.web.compose.ai_share import compose_ai_of_day
from devtime.web.compose.folding import (
    AGENTS,
    COUNTS,
    Stack,
    agent_ms,
    amount,
    choices,
    fold_breakdown,
    fold_sessions,
    session_path,
    shown,
)
from devtime.web.compose.limits import compose_strip
from devtime.web.compose.reader import Reader
from devtime.web.format import weekday
from devtime.web.views.day import DayView
from devtime.web.views.parts import Breakdown, Count, Lane, Span, Timeline

_DIMENSIONS: tuple[Stack, ...] = ("project", "language", "tool", "editor", "machine", "branch")
_WEEKS_COMPARED = 8
_WEEKS_NEEDED = 3


async def compose_day(reader: Reader, day: date, count: Count = "active") -> DayView:
    """The day as it stands at the reader's instant."""
    span = days_range(day, day, reader.zone)
    today = day_of(reader.now_ms, find_zone(reader.zone))
    tally = await reader.tallies.fetch(reader.user_id, span)
    total = tally.total()
    settings = await fetch_settings(reader.database, reader.user_id)
    sessions = await fetch_sessions(reader.database, reader.user_id, span)
    latest = await fetch_latest(reader.database, reader.user_id) if not total.heartbeats else None
    usual_ms = await _usual_ms(reader, day, count, is_today=day == today)
    streaks = await fetch_streaks(reader.database, reader.user_id, reader.zone, min(reader.now_ms, span.end_ms - 1))
    path = "/" if day == today else links.day_path(day)
    usual_day = f"a usual {weekday(day)}"
    return DayView(
        date=day,
        zone=reader.zone,
        is_today=day == today,
        now_ms=reader.now_ms,
        active_ms=total.active_ms,
        total_ms=total.lane_ms,
        agent_ms=agent_ms(tally),
        heartbeats=total.heartbeats,
        count=count,
        counts=choices(count, ((key, label, f"{path}{links.query({}, count=key)}") for key, label in COUNTS)),
        timeline=_timeline(reader, span, sessions),
        breakdowns=_breakdowns(tally, count),
        sessions=fold_sessions(sessions, count, reader.now_ms, settings.timeout_ms),
        prev_href=links.day_path(day - timedelta(days=1)),
        next_href=_next_path(day, today),
        json_href="/overview.json" if day == today else f"{links.day_path(day)}.json",
        heartbeats_href=links.heartbeats_path(span.start_ms, span.end_ms),
        agents_href=links.heartbeats_path(span.start_ms, span.end_ms, AGENTS),
        usual_ms=usual_ms,
        usual_label=f"{usual_day} by now" if day == today else usual_day,
        usual_href=links.range_path("90d"),
        streak_days=streaks.current,
        ai=await compose_ai_of_day(reader, span),
        limits=await compose_strip(reader) if day == today else None,
        is_new=latest is None and not total.heartbeats,
    )


def _next_path(day: date, today: date) -> str | None:
    if day >= today:
        return None
    return "/" if day + timedelta(days=1) == today else links.day_path(day + timedelta(days=1))


def _breakdowns(tally: Tally, count: Count) -> tuple[Breakdown, ...]:
    found = (
        fold_breakdown(
            dimension,
            tally.by(dimension),
            count,
            tally.range,
            {},
            7,
            links.span_path(tally.range.first_day, tally.range.last_day, stack=dimension),
        )
        for dimension in _DIMENSIONS
    )
    return tuple(breakdown for breakdown in found if breakdown.items)


async def _usual_ms(reader: Reader, day: date, count: Count, *, is_today: bool) -> int | None:
    """The median of the same weekday in the weeks before (today: up to this time of day), days off left out."""
    span = days_range(day - timedelta(weeks=_WEEKS_COMPARED), day - timedelta(days=1), reader.zone)
    until = SLOTS_PER_DAY
    if is_today:
        now_slot = reader.now_ms // SLOT_MS
        until = slot_offsets(reader.zone, now_slot, now_slot).local(now_slot) % SLOTS_PER_DAY + 1
    by_day = await fetch_days_until(reader.database, reader.user_id, span, until)
    same = (by_day.get(day - timedelta(weeks=weeks)) for weeks in range(1, _WEEKS_COMPARED + 1))
    found = [amount(part, count) for part in same if part is not None and amount(part, count)]
    return round(median(found)) if len(found) >= _WEEKS_NEEDED else None


def _timeline(reader: Reader, span: TimeRange, sessions: Sequence[Session]) -> Timeline:
    spans: dict[str, list[Span]] = defaultdict(list)
    for session in sessions:
        spans[session.tool].append(
            Span(
                max(session.start_ms, span.start_ms),
                min(session.end_ms, span.end_ms),
                session.lane_ms,
                shown(session.project),
                session_path(session),
            )
        )
    lanes = [
        Lane(
            tool,
            sum(each.ms for each in found),
            links.heartbeats_path(span.start_ms, span.end_ms, {"tool": (tool,)}),
            tuple(found),
        )
        for tool, found in spans.items()
    ]
    now_ms = reader.now_ms if span.start_ms <= reader.now_ms < span.end_ms else None
    return Timeline(reader.zone, span.start_ms, span.end_ms, now_ms, tuple(sorted(lanes, key=lambda lane: -lane.ms)))
