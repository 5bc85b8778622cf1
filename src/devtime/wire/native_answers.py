"""What DevTime's own API answers about heartbeats, stats and sessions. Seconds are exact; instants of sessions are
epoch milliseconds, as the clients' heartbeats are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from devtime.kernel.errors import Invalid
from devtime.wire.durations import to_seconds


class Accepted(msgspec.Struct, frozen=True):
    """The heartbeat is stored, or was already."""

    ok: bool = True


ACCEPTED = b'{ "ok": true }'
"""`Accepted()` as it is documented, spaces included."""


class Rejection(msgspec.Struct, frozen=True):
    """A heartbeat that was refused: its place in the request, the field (empty: the whole item), and why."""

    index: int
    field: str
    reason: str


class BatchAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch. `excluded` are those the user's privacy settings keep out."""

    ok: bool = True
    inserted: int
    duplicates: int
    excluded: int
    rejected: list[Rejection]


class DaySeconds(msgspec.Struct, frozen=True):
    """The time of one local day (`YYYY-MM-DD`)."""

    date: date
    seconds: float


class AnsweredRange(msgspec.Struct, frozen=True, kw_only=True):
    """The stretch of time an answer is about, `start` included and `end` not, in RFC 3339; `name` if asked by name."""

    start: str
    end: str
    timezone: str
    name: str | None


class StatsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Time in seconds. `total_seconds` and every breakdown count parallel tools each; `active_seconds` is wall clock;
    `agent_seconds` is the part of the total that AI agents worked. Days without activity are listed with zero.
    """

    total_seconds: float
    by_tool: dict[str, float]
    by_project: dict[str, float]
    by_language: dict[str, float]
    by_day: list[DaySeconds]
    active_seconds: float
    agent_seconds: float
    heartbeats: int
    by_branch: dict[str, float]
    by_machine: dict[str, float]
    by_editor: dict[str, float]
    range: AnsweredRange


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One session: `start_time` and `end_time` in epoch milliseconds, `duration` in seconds is the time credited."""

    id: str
    user_id: str
    tool: str
    project: str
    start_time: int
    end_time: int
    duration: float
    heartbeat_count: int
    active_seconds: float
    language: str
    branch: str


class SessionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of sessions, the newest first, of `total` in the range."""

    sessions: list[SessionAnswer]
    total: int
    limit: int
    offset: int
    range: AnsweredRange


def seconds_by_name(lengths_ms: Iterable[tuple[str, int]]) -> dict[str, float]:
    """Seconds per name in the order given; names without time are left out."""
    return {name: to_seconds(length_ms) for name, length_ms in lengths_ms if length_ms}


def seconds_by_day(days: Iterable[date], lengths_ms: Mapping[date, int]) -> list[DaySeconds]:
    """Every one of the days, with its seconds or zero."""
    return [DaySeconds(day, to_seconds(lengths_ms.get(day, 0))) for day in days]


def rejection(index: int, error: Invalid) -> Rejection:
    """The rejection of the item at this place."""
    return Rejection(index, error.field, error.reason)
