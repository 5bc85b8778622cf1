"""Time per file."""

from __future__ import annotations

from uuid import UUID

from devtime.activity.dictionary import entry_id
from devtime.activity.privacy import veil_path
from devtime.activity.settings import fetch_settings
from devtime.stats.filters import NO_FILTERS, Filters, fetch_context_ids
from devtime.stats.ranges import TimeRange
from devtime.stats.tally import Sum
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")


async def fetch_files(
    database: Database, user_id: UUID, span: TimeRange, filters: Filters = NO_FILTERS
) -> dict[str, Sum]:
    """Time per file, longest first; `Unknown` for heartbeats without one."""
    ids = await fetch_context_ids(database, user_id, filters)
    rows = await database.fetch(_QUERIES["tally_files"], user_id, span.start_ms, span.end_ms, ids)
    return {
        row["file"] or UNKNOWN: Sum(int(row["lane_ms"]), int(row["active_ms"]), int(row["heartbeats"])) for row in rows
    }


async def fetch_file_ms(database: Database, user_id: UUID, path: str) -> int:
    """All wall-clock time spent on the file, whichever way its path is kept."""
    settings = await fetch_settings(database, user_id)
    kept = veil_path(path, settings.file_privacy, settings.privacy_salt)
    length_ms: int = await database.fetchval(_QUERIES["sum_file"], user_id, entry_id("files", (kept,)))
    return length_ms if kept else 0
