"""From sums of time to the parts of CodeTrackr's answers. Wall clock throughout, save for sessions."""

from __future__ import annotations

from collections.abc import Mapping

from devtime.kernel.clock import DAY_MS, to_rfc3339
from devtime.stats.filters import Dimension
from devtime.stats.sessions import Session
from devtime.stats.streaks import Streaks
from devtime.stats.tally import Tally
from devtime.stats.work_types import TITLES, Work
from devtime.wire.codetrackr_answers import (
    DaySeconds,
    Languages,
    LanguageSeconds,
    ProjectSeconds,
    SessionEntry,
    Summary,
    WorkTypeSeconds,
    percentage,
    whole_minutes,
    whole_seconds,
)
from devtime.wire.heartbeat import UNKNOWN


def summary_of(tally: Tally, streaks: Streaks, end_ms: int) -> Summary:
    """The summary of a range that is told to end then; the names on top are those with the most time, None where
    nothing has a name.
    """
    total_ms, start_ms = tally.total().active_ms, tally.range.start_ms
    return Summary(
        total_seconds=whole_seconds(total_ms),
        daily_average=whole_seconds(total_ms // max(1, (end_ms - start_ms) // DAY_MS)),
        streak_current=streaks.current,
        streak_longest=streaks.longest,
        top_language=_top(tally, "language"),
        top_project=_top(tally, "project"),
        range_start=to_rfc3339(start_ms),
        range_end=to_rfc3339(end_ms),
    )


def languages_of(tally: Tally) -> Languages:
    """Time by language, without what has none."""
    named = [(name, length_ms) for name, length_ms in _ranked(tally, "language") if name != UNKNOWN]
    total_ms = sum(length_ms for _, length_ms in named)
    return Languages(
        [LanguageSeconds(name, whole_seconds(ms), percentage(ms, total_ms)) for name, ms in named],
        whole_seconds(total_ms),
    )


def projects_of(tally: Tally, last_heartbeats: Mapping[str, int]) -> list[ProjectSeconds]:
    """Time by project; those heard of in the range without time are there too."""
    return [
        ProjectSeconds(name, whole_seconds(ms), to_rfc3339(last_heartbeats[name]) if name in last_heartbeats else None)
        for name, ms in _ranked(tally, "project", keeps_zeros=True)
    ]


def days_of(tally: Tally) -> list[DaySeconds]:
    """Time by day."""
    return [DaySeconds(day, whole_seconds(part.active_ms)) for day, part in tally.by_day().items()]


def work_types_of(work: Work) -> tuple[int, list[WorkTypeSeconds]]:
    """All time in milliseconds, and each kind of work."""
    total_ms = sum(work.values())
    entries = [
        WorkTypeSeconds(title, whole_seconds(work[kind]), percentage(work[kind], total_ms))
        for kind, title in TITLES.items()
    ]
    return total_ms, entries


def session_entry(session: Session, work: Work) -> SessionEntry:
    """One session; its kinds of work are those it has time of."""
    longest = max(work, key=lambda kind: work[kind])
    return SessionEntry(
        start=to_rfc3339(session.start_ms),
        end=to_rfc3339(session.end_ms),
        duration_seconds=whole_seconds(session.lane_ms),
        duration_minutes=whole_minutes(session.lane_ms),
        project=session.project,
        top_language=None if session.language == UNKNOWN else session.language,
        dominant_work_type=longest if work[longest] else None,
        work_breakdown={kind: whole_seconds(length_ms) for kind, length_ms in work.items() if length_ms},
    )


def _ranked(tally: Tally, dimension: Dimension, *, keeps_zeros: bool = False) -> list[tuple[str, int]]:
    """Wall-clock milliseconds by name, longest first."""
    named = [(name, part.active_ms) for name, part in tally.by(dimension).items() if part.active_ms or keeps_zeros]
    return sorted(named, key=lambda pair: -pair[1])


def _top(tally: Tally, dimension: Dimension) -> str | None:
    return next((name for name, _ in _ranked(tally, dimension) if name != UNKNOWN), None)
