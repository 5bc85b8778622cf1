"""What a user's heartbeats have told of: the names there are, how long each project is known, when it all began."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

import msgspec

from devtime.stats.filters import DIMENSIONS, Dimension
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")


class ProjectSpan(msgspec.Struct, frozen=True):
    """When a project was first and last heard of."""

    first_ms: int
    last_ms: int


async def fetch_names(database: Database, user_id: UUID) -> dict[Dimension, list[str]]:
    """Every name per dimension, in alphabetical order; `Unknown` stands for none told."""
    names: dict[Dimension, set[str]] = defaultdict(set)
    for row in await database.fetch(_QUERIES["fetch_names"], user_id):
        for dimension in DIMENSIONS:
            names[dimension].add(row[dimension] or UNKNOWN)
    return {dimension: sorted(names[dimension], key=str.casefold) for dimension in DIMENSIONS}


async def fetch_project_spans(database: Database, user_id: UUID) -> dict[str, ProjectSpan]:
    """First and last heartbeat of every project."""
    rows = await database.fetch(_QUERIES["fetch_project_spans"], user_id)
    return {row["project"] or UNKNOWN: ProjectSpan(row["first"], row["last"]) for row in rows if row["last"]}


async def fetch_first_slot(database: Database, user_id: UUID) -> int | None:
    """The first quarter-hour with activity, None for an account without any."""
    slot: int | None = await database.fetchval(_QUERIES["fetch_first_slot"], user_id)
    return slot
