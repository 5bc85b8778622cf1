"""When each project was heard of last within a range."""

from __future__ import annotations

from uuid import UUID

from devtime.stats.ranges import TimeRange
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")


async def fetch_last_heartbeats(database: Database, user_id: UUID, span: TimeRange) -> dict[str, int]:
    """The instant of the last heartbeat per project, of those whose instant or credit lies in the range."""
    rows = await database.fetch(_QUERIES["fetch_last_heartbeats"], user_id, span.start_ms, span.end_ms)
    return {row["project"] or UNKNOWN: row["last"] for row in rows}
