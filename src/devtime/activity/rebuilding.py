"""Making credits and slots anew from the raw heartbeats: after a change of timeout, a deletion, or on demand."""

from __future__ import annotations

from uuid import UUID

from devtime.activity.settings import lock_user
from devtime.store.database import Connection, Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.activity")


async def rebuild_activity(connection: Connection, user_id: UUID) -> None:
    """Recompute every credit and slot of the user with the timeout they chose, inside the caller's transaction."""
    settings = await lock_user(connection, user_id)
    await connection.execute(_QUERIES["settle_timeout"], user_id)
    await connection.execute(_QUERIES["rebuild_credits"], user_id, settings.wanted_timeout_ms)
    await connection.execute(_QUERIES["delete_slots"], user_id)
    await connection.execute(_QUERIES["rebuild_slots"], user_id)


async def find_unsettled(database: Database) -> list[UUID]:
    """Whose credits and slots are built with another timeout than the one they chose."""
    return [row["user_id"] for row in await database.fetch(_QUERIES["find_unsettled"])]
