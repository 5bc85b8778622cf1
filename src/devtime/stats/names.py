"""What there is to choose from: the names a user's heartbeats have told, and how long each project has been known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec

from devtime.stats.filters import NO_FILTERS, Dimension, Filters, fetch_context_ids
from devtime.stats.ranges import TimeRange
from devtime.stats.tally import Sum
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")
_FIELDS: Sequence[Dimension] = (
    "tool", "project", "language", "branch", "editor", "machine", "os", "activity_type",
)  # fmt: skip


class ProjectSpan(msgspec.Struct, frozen=True):
    """When a project was first and last heard of."""

    first_ms: int
    last_ms: int


async def fetch_names(database: Database, user_id: UUID) -> dict[Dimension, list[str]]:
    """Every name per dimension, in alphabetical order; `Unknown` stands for none told."""
    names: dict[Dimension, set[str]] = defaultdict(set)
    for row in await database.fetch(_QUERIES["fetch_names"], user_id):
        for dimension, name in zip(_FIELDS, row, strict=True):
            names[dimension].add(name or UNKNOWN)
    return {dimension: sorted(names[dimension], key=str.casefold) for dimension in _FIELDS}


async def fetch_project_spans(database: Database, user_id: UUID) -> dict[str, ProjectSpan]:
    """First and last heartbeat of every project."""
    rows = await database.fetch(_QUERIES["fetch_project_spans"], user_id)
    return {row["project"] or UNKNOWN: ProjectSpan(row["first"], row["last"]) for row in rows if row["last"]}


async def fetch_files(
    database: Database, user_id: UUID, span: TimeRange, filters: Filters = NO_FILTERS
) -> dict[str, Sum]:
    """Time per file, longest first; `Unknown` for heartbeats without one."""
    ids = await fetch_context_ids(database, user_id, filters)
    rows = await database.fetch(_QUERIES["tally_files"], user_id, span.start_ms, span.end_ms, ids)
    return {
        row["file"] or UNKNOWN: Sum(int(row["lane_ms"]), int(row["active_ms"]), int(row["heartbeats"])) for row in rows
    }


async def fetch_first_slot(database: Database, user_id: UUID) -> int | None:
    """The first quarter-hour with activity, None for an account without any."""
    slot: int | None = await database.fetchval(_QUERIES["fetch_first_slot"], user_id)
    return slot
