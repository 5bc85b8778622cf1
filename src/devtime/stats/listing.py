"""Single heartbeats: where every number ends up. Pages of rows, with sums that show that the pages add up."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.stats.filters import NO_FILTERS, Filters, fetch_context_ids
from devtime.stats.ranges import TimeRange
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")
_NO_FILE = 0


class ListedHeartbeat(msgspec.Struct, frozen=True):
    """One row of `list_heartbeats`: a heartbeat with its credits; absent text is `""`.

    `cap_ms` is the most it could be credited, None when nothing was declared.
    """

    time_ms: int
    identity: int
    tool: str
    project: str
    language: str
    branch: str
    activity_type: str
    editor: str
    os: str
    machine: str
    file: str
    session: str
    cap_ms: int | None
    lane_ms: int
    active_ms: int
    is_write: bool
    tokens_in: int | None
    tokens_out: int | None


class Part(msgspec.Struct):
    """Sums over some rows: whole credits, and what of them lies in the range."""

    count: int = 0
    lane_ms: int = 0
    active_ms: int = 0
    inside_lane_ms: int = 0
    inside_active_ms: int = 0


class Listing(msgspec.Struct, frozen=True):
    """One page of heartbeats, the sums before it, on it and after it, and what earlier heartbeats carry in."""

    rows: list[ListedHeartbeat]
    before: Part
    page: Part
    after: Part
    earlier: Part


class Latest(msgspec.Struct, frozen=True):
    """The newest heartbeat."""

    time_ms: int
    tool: str
    project: str


async def fetch_listing(
    database: Database,
    user_id: UUID,
    span: TimeRange,
    filters: Filters = NO_FILTERS,
    *,
    file: str = "",
    limit: int = 100,
    offset: int = 0,
) -> Listing:
    """The heartbeats of the range, oldest first; of one file if asked."""
    asked = await _ask(database, user_id, span, filters, file, limit, offset)
    rows = [ListedHeartbeat(*row) for row in await database.fetch(_QUERIES["list_heartbeats"], *asked)]
    parts = [Part(), Part(), Part(), Part()]
    for row in await database.fetch(_QUERIES["sum_heartbeats"], *asked):
        number, *sums = row
        parts[number] = Part(*sums)
    return Listing(rows, *parts)


async def fetch_rows(
    database: Database,
    user_id: UUID,
    span: TimeRange,
    filters: Filters = NO_FILTERS,
    *,
    file: str = "",
    limit: int,
    offset: int,
) -> list[ListedHeartbeat]:
    """The rows of a page alone, without sums."""
    asked = await _ask(database, user_id, span, filters, file, limit, offset)
    return [ListedHeartbeat(*row) for row in await database.fetch(_QUERIES["list_heartbeats"], *asked)]


async def _ask(
    database: Database, user_id: UUID, span: TimeRange, filters: Filters, file: str, limit: int, offset: int
) -> tuple[object, ...]:
    contexts = await fetch_context_ids(database, user_id, filters)
    files = await _fetch_file_ids(database, user_id, file) if file else None
    return (user_id, span.start_ms, span.end_ms, contexts, limit, offset, files)


async def _fetch_file_ids(database: Database, user_id: UUID, file: str) -> list[int]:
    rows = await database.fetch(_QUERIES["fetch_file_ids"], user_id, [file])
    return [row[0] for row in rows] + ([_NO_FILE] if file == UNKNOWN else [])


async def fetch_latest(database: Database, user_id: UUID) -> Latest | None:
    """The newest heartbeat, None for an account that never sent one."""
    row = await database.fetchrow(_QUERIES["fetch_latest"], user_id)
    return None if row is None else Latest(*row)
