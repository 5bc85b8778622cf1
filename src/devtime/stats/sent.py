"""Heartbeats as they were sent."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.stats.ranges import TimeRange
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats")


class SentHeartbeat(msgspec.Struct, frozen=True):
    """One row of `list_sent_heartbeats`; absent text is `""`, save `file`. `extra` holds what no column does."""

    time_ms: int
    identity: int
    project: str
    language: str
    branch: str
    activity_type: str
    machine: str
    file: str | None
    session: str
    client_id: int | None
    is_write: bool
    tokens_in: int | None
    tokens_out: int | None
    extra: dict[str, object] | None
    created_ms: int


async def fetch_sent_heartbeats(database: Database, user_id: UUID, span: TimeRange) -> list[SentHeartbeat]:
    """The heartbeats of a range, oldest first."""
    rows = await database.fetch(_QUERIES["list_sent_heartbeats"], user_id, span.start_ms, span.end_ms)
    return [SentHeartbeat(*row) for row in rows]
