"""Deleting heartbeats for good: the rows, what only they referred to, and the credits and slots made of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from devtime.activity.dictionary import KINDS
from devtime.activity.rebuilding import rebuild_activity
from devtime.activity.settings import lock_user
from devtime.kernel.clock import DAY_MS
from devtime.store.database import Connection, Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.activity")
_DELETING = load("devtime.activity", "deleting.sql")

DeleteOlder = Callable[[Connection, UUID, int], Awaitable[int]]
"""Deletes a user's data from before an instant inside a transaction; answers how much."""


async def delete_heartbeats(
    connection: Connection,
    user_id: UUID,
    *,
    start_ms: int | None = None,
    end_ms: int | None = None,
    context_ids: Sequence[int] | None = None,
) -> int:
    """Delete the user's heartbeats of `[start_ms, end_ms)` in these contexts, inside the caller's transaction.

    None is no bound: with no argument all go. Answers how many went.
    """
    await lock_user(connection, user_id)
    wanted = None if context_ids is None else list(context_ids)
    tag = await connection.execute(_DELETING["delete_heartbeats"], user_id, start_ms, end_ms, wanted)
    return await _settle(connection, user_id, tag)


async def delete_excluded(
    connection: Connection, user_id: UUID, context_ids: Sequence[int], file_ids: Sequence[int]
) -> int:
    """Delete the user's heartbeats that have one of these contexts or files; answers how many went."""
    await lock_user(connection, user_id)
    tag = await connection.execute(_DELETING["delete_excluded"], user_id, list(context_ids), list(file_ids))
    return await _settle(connection, user_id, tag)


async def prune_dictionaries(connection: Connection, user_id: UUID) -> None:
    """Delete dictionary rows no heartbeat refers to, and let no process trust what it remembers of them."""
    for kind in KINDS:
        await connection.execute(_DELETING[f"prune_{kind}"], user_id)
    await connection.execute(_QUERIES["raise_epoch"], user_id)


async def enforce_retention(database: Database, now_ms: int, delete_more: DeleteOlder | None = None) -> int:
    """Delete what is older than its user wants kept, by whole UTC days, a user a transaction; answers how many.

    `delete_more` deletes what other features have of the user from before an instant, under the same lock.
    """
    deleted = 0
    for row in await database.fetch(_DELETING["fetch_retentions"]):
        user_id, end_ms = row["user_id"], (now_ms // DAY_MS - row["retention_days"]) * DAY_MS
        if await database.fetchval(_DELETING["has_older"], user_id, end_ms):
            async with database.transaction() as connection:
                deleted += await delete_heartbeats(connection, user_id, end_ms=end_ms)
        if delete_more is not None:
            async with database.transaction() as connection:
                await lock_user(connection, user_id)
                deleted += await delete_more(connection, user_id, end_ms)
    return deleted


async def _settle(connection: Connection, user_id: UUID, tag: str) -> int:
    deleted = int(tag.rsplit(" ", 1)[-1])
    if deleted:
        await prune_dictionaries(connection, user_id)
        await rebuild_activity(connection, user_id)
    return deleted
