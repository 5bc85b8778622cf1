"""The queue of hooks: which plugin of which user has something to do. Working on it is `turns`' business."""

from __future__ import annotations

from uuid import UUID

from devtime.store.database import Database, Executor
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace.hooks", "queue.sql")


async def enqueue_install(connection: Executor, user_id: UUID, plugin_id: UUID) -> None:
    """The user installed the plugin, in the caller's transaction: it is told once, and of what comes after.

    Plugins without hooks, and those installed already, are left alone.
    """
    await connection.execute(_QUERIES["enqueue_install"], user_id, plugin_id)


async def note_change(connection: Executor, user_id: UUID, plugin_id: UUID) -> None:
    """The user accepted another version, in the caller's transaction: it is looked at anew, also when it was paused."""
    await enqueue_install(connection, user_id, plugin_id)
    await connection.execute(_QUERIES["begin_anew"], user_id, plugin_id)


async def pause(database: Executor, user_id: UUID, plugin_id: UUID) -> bool:
    """Let a plugin rest, as its user wishes; a turn under way still ends. False when it does not run."""
    return bool(await database.fetchval(_QUERIES["pause_run"], user_id, plugin_id))


async def resume(database: Executor, user_id: UUID, plugin_id: UUID) -> bool:
    """Let a paused plugin run again, from now on; what happened meanwhile it is not told. False when there is none."""
    return bool(await database.fetchval(_QUERIES["begin_anew"], user_id, plugin_id))


async def forget(connection: Executor, user_id: UUID, plugin_id: UUID) -> None:
    """The user removes the plugin, in the caller's transaction: its place in the queue, its log and its keys go.

    Keys in Redis are the caller's to clear.
    """
    await connection.execute(_QUERIES["forget_run"], user_id, plugin_id)
    await connection.execute(_QUERIES["forget_keys"], user_id, plugin_id)


async def find_ready(database: Database, most: int) -> list[tuple[UUID, UUID]]:
    """Users and plugins with something to do that nobody is at, each user's in turn."""
    return [(row["user_id"], row["plugin_id"]) for row in await database.fetch(_QUERIES["find_ready"], most)]


async def tidy_queue(database: Database) -> None:
    """Drop events that every listener has been told, or that are a week old."""
    await database.execute(_QUERIES["sweep_events"])


async def enqueue_missing(database: Database) -> None:
    """Give a place to installed plugins that have none."""
    await database.execute(_QUERIES["enqueue_missing"])
