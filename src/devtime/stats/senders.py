"""Who sent heartbeats: clients and machines, when each was first and last heard of, and what was sent last."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats")


class Sender(msgspec.Struct, frozen=True):
    """A client (its User-Agent) or a machine (its name)."""

    id: int
    name: str
    first_ms: int
    last_ms: int


async def list_clients(database: Database, user_id: UUID) -> list[Sender]:
    """Every User-Agent, the latest first."""
    return [Sender(*row) for row in await database.fetch(_QUERIES["list_clients"], user_id)]


async def list_machines(database: Database, user_id: UUID) -> list[Sender]:
    """Every machine that told its name, the latest first."""
    rows = await database.fetch(_QUERIES["list_machines"], user_id)
    return [Sender(place, *row) for place, row in enumerate(rows)]


async def fetch_last_names(database: Database, user_id: UUID, until_ms: int) -> dict[str, str]:
    """`project`, `branch` and `language` of the newest heartbeat of a project up to an instant; empty without one."""
    row = await database.fetchrow(_QUERIES["fetch_last_names"], user_id, until_ms)
    return {} if row is None else {"project": row["project"], "branch": row["branch"], "language": row["language"]}
