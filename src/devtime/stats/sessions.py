"""Sessions: runs of heartbeats of one tool and project with gaps shorter than the timeout."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.activity.settings import fetch_settings
from devtime.kernel.clock import DAY_MS
from devtime.kernel.digests import digest64
from devtime.stats.filters import NO_FILTERS, Filters, stored_names
from devtime.stats.ranges import TimeRange
from devtime.store.database import Database, Row
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One session. It ends when the credit of its heartbeats ends; `lane_ms` is that credit, so the sessions of a
    day add up to its total. `reach_ms` is the instant after all of it, the wall clock's credit too.
    `language` and `branch` are the most frequent ones.
    """

    id: str
    tool: str
    project: str
    start_ms: int
    end_ms: int
    reach_ms: int
    lane_ms: int
    active_ms: int
    heartbeats: int
    language: str
    branch: str


async def fetch_sessions(
    database: Database,
    user_id: UUID,
    span: TimeRange,
    filters: Filters = NO_FILTERS,
    timeout_ms: int | None = None,
) -> list[Session]:
    """The sessions that reach into the range, whole, in order; filtered by project and tool."""
    settings = await fetch_settings(database, user_id)
    timeout_ms = timeout_ms or settings.timeout_ms
    margin_ms = DAY_MS
    while True:
        first_ms, last_ms = span.start_ms - margin_ms, span.end_ms + margin_ms
        rows = await database.fetch(
            _QUERIES["fetch_sessions"],
            user_id,
            span.start_ms,
            span.end_ms,
            timeout_ms,
            stored_names(filters.project),
            stored_names(filters.tool),
            first_ms,
            last_ms,
            timeout_ms == settings.timeout_ms,
        )
        if not any(row["first"] < first_ms + timeout_ms or row["last"] >= last_ms - timeout_ms for row in rows):
            return [_session(user_id, row) for row in rows]
        margin_ms *= 4


def _session(user_id: UUID, row: Row) -> Session:
    return Session(
        id=_session_id(user_id, row["first"], row["first_identity"]),
        tool=row["tool"],
        project=row["project"] or UNKNOWN,
        start_ms=row["first"],
        end_ms=row["ended"],
        reach_ms=row["reached"],
        lane_ms=row["lane_ms"],
        active_ms=row["active_ms"],
        heartbeats=row["heartbeats"],
        language=row["language"] or UNKNOWN,
        branch=row["branch"] or UNKNOWN,
    )


def _session_id(user_id: UUID, first_ms: int, identity: int) -> str:
    number = digest64(b"session", (user_id.hex, str(first_ms), str(identity)))
    return f"{number & 0xFFFF_FFFF_FFFF_FFFF:016x}"
