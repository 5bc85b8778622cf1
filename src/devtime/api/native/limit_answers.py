"""What DevTime's own API answers about limits of AI plans, and how it is made of what is stored.

Ids are decimal text, for they are 64-bit numbers. Lines are spelled as probe plugins spell them, in camel case.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from devtime.alerts.limit_rules import Rule
from devtime.alerts.limit_watch import LimitAlert
from devtime.kernel.clock import to_rfc3339
from devtime.limits.freshness import is_stale
from devtime.limits.history import LineHistory
from devtime.limits.sources import Link, StoredSource
from devtime.plugins.kinds.probe.lines import Line, Progress
from devtime.plugins.kinds.probe.pace import Status, pace_of
from devtime.wire.native_answers import Rejection


class LimitsAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch: how many sources it told news of, and what was refused, by its place."""

    ok: bool = True
    renewed: int
    rejected: list[Rejection]


class PaceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How fast a line is used up; `projected` is what will be used at its reset, `runs_out_at` is before it."""

    label: str
    status: Status
    projected: float
    runs_out_at: str | None


class AlertAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was told of a line: a threshold in percent, or that it runs out. `ended_at` is its reset."""

    source: str
    label: str
    rule: Rule
    at: str
    used: float
    limit: float
    ended_at: str | None


class SourceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as one machine sees it. `lines` are of the last attempt that went well, at `fetched_at`; `error` is why
    the latest, at `checked_at`, failed. `is_stale`: older than two rounds. `pace` has the lines that have one.
    """

    id: str
    machine: str
    plugin: str
    instance: str
    display_name: str
    plan: str | None
    lines: list[Line]
    overview: list[str]
    pace: list[PaceAnswer]
    links: list[Link]
    fetched_at: str | None
    checked_at: str
    next_at: str | None
    error: str | None
    is_stale: bool


class LimitsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The plans of all machines, and the alerts of the last 30 days."""

    sources: list[SourceAnswer]
    alerts: list[AlertAnswer]


class StretchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a line said from `since` to `until`, both of which were seen."""

    since: str
    until: str
    used: float
    limit: float
    resets_at: str | None


class LineHistoryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The past of one progress line, oldest first."""

    source: str
    label: str
    stretches: list[StretchAnswer]


class LimitHistoryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The past of progress lines from `start` to `end`."""

    start: str
    end: str
    lines: list[LineHistoryAnswer]


def answer_source(source: StoredSource, now_ms: int) -> SourceAnswer:
    """A source now."""
    return SourceAnswer(
        id=str(source.id),
        machine=source.source.machine,
        plugin=source.source.plugin,
        instance=source.source.instance,
        display_name=source.display_name,
        plan=source.plan,
        lines=list(source.lines),
        overview=list(source.overview),
        pace=list(_paces(source.lines, now_ms)),
        links=list(source.links),
        fetched_at=_told(source.fetched_at_ms),
        checked_at=to_rfc3339(source.checked_at_ms),
        next_at=_told(source.next_at_ms),
        error=source.error,
        is_stale=is_stale(source, now_ms),
    )


def answer_alert(alert: LimitAlert) -> AlertAnswer:
    """An alert."""
    told = alert.told
    return AlertAnswer(
        source=str(alert.source_id),
        label=alert.label,
        rule=told.rule,
        at=to_rfc3339(told.at_ms),
        used=told.used,
        limit=told.most,
        ended_at=_told(told.ended_at_ms),
    )


def answer_history(history: LineHistory) -> LineHistoryAnswer:
    """The past of a line."""
    stretches = [
        StretchAnswer(
            since=to_rfc3339(each.since_ms),
            until=to_rfc3339(each.until_ms),
            used=each.used,
            limit=each.most,
            resets_at=_told(each.resets_at_ms),
        )
        for each in history.stretches
    ]
    return LineHistoryAnswer(source=str(history.source_id), label=history.label, stretches=stretches)


def _paces(lines: Iterable[Line], now_ms: int) -> Iterable[PaceAnswer]:
    for line in lines:
        pace = pace_of(line, now_ms) if isinstance(line, Progress) else None
        if pace is not None:
            runs_out_at_ms = None if pace.runs_out_in_ms is None else now_ms + pace.runs_out_in_ms
            yield PaceAnswer(
                label=line.label, status=pace.status, projected=pace.projected, runs_out_at=_told(runs_out_at_ms)
            )


def _told(instant_ms: int | None) -> str | None:
    return None if instant_ms is None else to_rfc3339(instant_ms)
