"""What a user has installed: with what it needs, in which revision, with which grants."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Conflict, Forbidden, NotFound
from devtime.marketplace.dependencies import Need, find_needs
from devtime.marketplace.hooks.queue import enqueue_install, forget, note_change
from devtime.marketplace.listings import Listing, listing_from_row
from devtime.plugins.grants import Grants
from devtime.store.database import Connection, Database, Executor, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace", "installs.sql")


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """An installed plugin. `runs_version` is what runs; `is_waiting`: a newer one asks for more (`asks_more`).

    `has_news`: what runs is newer than what the user accepted. Instants are epoch milliseconds.
    """

    listing: Listing
    granted: Grants
    accepted_revision: int
    runs_version: str
    is_waiting: bool
    asks_more: Grants
    has_news: bool
    installed_at: int


class Accepted(msgspec.Struct, frozen=True):
    """What runs for a user."""

    version: str
    script: str


class Outcome(msgspec.Struct, frozen=True):
    """What an install brought along, and the names of what it needs that is not to be had."""

    also: list[str]
    missing: list[str]


async def install(database: Database, user_id: UUID, plugin_id: UUID, granted: Grants | None = None) -> Outcome:
    """Install it and what it needs; what is there already stays as it is.

    `granted` is what the user agreed to, for all of them together: each gets what of it that one asks for. Forbidden
    when it is banned, NotFound when it is not there.
    """
    needs = [need for need in await find_needs(database, plugin_id) if need.name]
    wanted = [plugin_id, *(need.plugin_id for need in needs if need.plugin_id is not None)]
    async with database.transaction() as connection:
        # In one order, so that two installs that need the same plugins wait for each other only one way.
        rows = {row["id"]: row for row in await connection.fetch(_QUERIES["lock_listings"], wanted)}
        row = rows.get(plugin_id)
        if row is None:
            raise NotFound("Plugin not found")
        if not _is_available(row):
            raise Forbidden("This plugin is not available")
        await _add(connection, user_id, row, granted or Grants())
        also: list[str] = []
        missing: list[str] = []
        for need in needs:
            await _add_need(connection, user_id, need, rows, granted or Grants(), also, missing)
    return Outcome(also, missing)


async def uninstall(database: Database, user_id: UUID, plugin_id: UUID) -> str | None:
    """Remove it for this user; answers its name, None when it was not installed. Keys in Redis are the caller's."""
    async with database.transaction() as connection:
        row = await connection.fetchrow(_QUERIES["lock_listing"], plugin_id)
        if row is None or not await connection.fetchval(_QUERIES["delete_install"], user_id, plugin_id):
            return None
        await connection.execute(_QUERIES["count_install"], plugin_id, -1)
        await connection.execute(_QUERIES["forget_panel"], user_id, row["name"])
        await forget(connection, user_id, plugin_id)
    name: str = row["name"]
    return name


async def accept(
    database: Database, user_id: UUID, plugin_id: UUID, granted: Grants | None = None, revision: int | None = None
) -> str:
    """Run the newest version from now on; answers it. Without `granted` the grants stay those there are.

    NotFound when it is not installed, Forbidden when it is banned, Conflict when `revision` is not the newest any more.
    """
    async with database.transaction() as connection:
        row = await connection.fetchrow(_QUERIES["lock_listing"], plugin_id)
        install = await connection.fetchrow(_QUERIES["fetch_install"], user_id, plugin_id)
        if row is None or install is None:
            raise NotFound("Not installed")
        if not _is_available(row):
            raise Forbidden("This plugin is not available")
        if revision is not None and revision != row["revision"]:
            raise Conflict("there is a newer version by now; look at it first")
        asked = msgspec.convert(row["grants"], Grants)
        given = msgspec.convert(install["granted"], Grants) if granted is None else granted
        values = (row["revision"], row["version"], row["script"], asked, given.within(asked))
        await connection.execute(_QUERIES["accept_install"], user_id, plugin_id, *values)
        await note_change(connection, user_id, plugin_id)
    version: str = row["version"]
    return version


async def change_grants(database: Database, user_id: UUID, plugin_id: UUID, granted: Grants) -> None:
    """Give or take back what of the asked is allowed."""
    async with database.transaction() as connection:
        install = await connection.fetchrow(_QUERIES["fetch_install"], user_id, plugin_id)
        if install is None:
            raise NotFound("Not installed")
        allowed = granted.within(msgspec.convert(install["asked"], Grants))
        await connection.execute(_QUERIES["change_grants"], user_id, plugin_id, allowed)


async def list_installed(database: Executor, user_id: UUID) -> list[Installed]:
    """The user's plugins in the order they were installed; those banned or withdrawn are left out."""
    return [_installed(row) for row in await database.fetch(_QUERIES["list_installed"], user_id, None)]


async def find_installed(database: Executor, user_id: UUID, plugin_id: UUID) -> Installed | None:
    """The one, None when it is not installed."""
    row = await database.fetchrow(_QUERIES["list_installed"], user_id, plugin_id)
    return None if row is None else _installed(row)


async def fetch_accepted(database: Executor, user_id: UUID, plugin_id: UUID) -> Accepted:
    """The version and script that run for the user; NotFound when it is not installed."""
    row = await database.fetchrow(_QUERIES["fetch_accepted"], user_id, plugin_id)
    if row is None:
        raise NotFound("Not installed")
    return Accepted(row["version"], row["script"])


def _is_available(row: Row) -> bool:
    return bool(row["is_published"] and not row["is_banned"])


async def _add_need(
    connection: Connection,
    user_id: UUID,
    need: Need,
    rows: dict[Any, Row],
    granted: Grants,
    also: list[str],
    missing: list[str],
) -> None:
    row = rows.get(need.plugin_id)
    if row is None or not _is_available(row):
        missing.append(need.name)
    elif await _add(connection, user_id, row, granted):
        also.append(need.name)


async def _add(connection: Connection, user_id: UUID, row: Row, granted: Grants) -> bool:
    """Install the locked plugin; False when it was already."""
    asked = msgspec.convert(row["grants"], Grants)
    values = (row["revision"], row["version"], row["script"], asked, granted.within(asked), now_ms())
    if not await connection.fetchval(_QUERIES["insert_install"], user_id, row["id"], *values):
        return False
    await connection.execute(_QUERIES["count_install"], row["id"], 1)
    await enqueue_install(connection, user_id, row["id"])
    return True


def _installed(row: Row) -> Installed:
    asks, asked = msgspec.convert(row["grants"], Grants), msgspec.convert(row["asked"], Grants)
    is_waiting = not asked.covers(asks)
    return Installed(
        listing=listing_from_row(row),
        granted=msgspec.convert(row["granted"], Grants),
        accepted_revision=row["accepted_revision"],
        runs_version=(row["accepted_version"] or row["version"]) if is_waiting else row["version"],
        is_waiting=is_waiting,
        asks_more=asks.beyond(asked),
        has_news=not is_waiting and row["accepted_revision"] < row["revision"],
        installed_at=row["installed_at"],
    )
