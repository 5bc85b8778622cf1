"""Reports of users, and what admins and authors do to a plugin: ban, unban, delete. All of it holds at once."""

from __future__ import annotations

from typing import Literal, get_args
from uuid import UUID

import msgspec

from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Forbidden, Invalid, NotFound
from devtime.kernel.ids import new_uuid
from devtime.marketplace.texts import read_line, read_prose
from devtime.store.database import Connection, Database, Executor
from devtime.store.sqlfile import load

Reason = Literal["spam", "malware", "inappropriate", "broken", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)
MOST_A_PAGE = 200

_QUERIES = load("devtime.marketplace", "moderation.sql")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody reported. `plugin_slug` is the plugin's name. `created_at` is in epoch milliseconds."""

    id: UUID
    reason: str
    description: str
    resolved: bool
    created_at: int
    plugin_id: UUID
    plugin_name: str
    plugin_slug: str
    is_banned: bool
    reporter_username: str


async def report(database: Database, reporter_id: UUID, plugin_id: UUID, reason: str, description: str | None) -> None:
    """Tell the admins; a second report of the same person takes the place of the first."""
    if reason not in REASONS:
        raise Invalid("reason", f"is one of {', '.join(REASONS)}")
    words = read_prose(description or "", "description", 2_000)
    if not await database.fetchval(_QUERIES["is_there"], plugin_id):
        raise NotFound("Plugin not found")
    await database.execute(_QUERIES["store_report"], new_uuid(), plugin_id, reporter_id, reason, words, now_ms())


async def list_reports(database: Executor, *, is_resolved: bool | None = None) -> list[Report]:
    """Those that wait first, then the newest."""
    rows = await database.fetch(_QUERIES["list_reports"], is_resolved, MOST_A_PAGE)
    return [Report(**{name: row[name] for name in Report.__struct_fields__}) for row in rows]


async def resolve_report(database: Executor, report_id: UUID) -> None:
    """It is dealt with."""
    if not await database.fetchval(_QUERIES["resolve_report"], report_id):
        raise NotFound("Report not found")


async def ban(database: Executor, plugin_id: UUID, reason: str | None) -> None:
    """From the commit on it is neither listed nor installed nor run, for anybody."""
    words = read_line(reason or "", "reason", 500) or None
    if not await database.fetchval(_QUERIES["ban"], plugin_id, True, words, now_ms()):
        raise NotFound("Plugin not found")


async def unban(database: Executor, plugin_id: UUID) -> None:
    """Let it be installed and run again."""
    if not await database.fetchval(_QUERIES["ban"], plugin_id, False, None, now_ms()):
        raise NotFound("Plugin not found")


async def delete_own(database: Database, author_id: UUID, plugin_id: UUID) -> None:
    """Take one's own plugin out of the store; Forbidden when it is not there or another's."""
    async with database.transaction() as connection:
        row = await connection.fetchrow(_QUERIES["lock_listing"], plugin_id)
        if row is None or row["author_id"] != author_id or not row["is_published"]:
            raise Forbidden("Not found or not your plugin")
        await _withdraw(connection, plugin_id)


async def delete_any(database: Database, plugin_id: UUID) -> None:
    """Take a plugin out of the store, as an admin."""
    async with database.transaction() as connection:
        row = await connection.fetchrow(_QUERIES["lock_listing"], plugin_id)
        if row is None or not row["is_published"]:
            raise NotFound("Plugin not found")
        await _withdraw(connection, plugin_id)


async def _withdraw(connection: Connection, plugin_id: UUID) -> None:
    # The name stays its author's: nobody who had it must get a stranger's plugin under it, nor that one their keys.
    for query in ("empty_listing", "forget_versions", "forget_dependencies", "forget_installs", "forget_ratings"):
        await connection.execute(_QUERIES[query], plugin_id)
    for query in ("forget_reviews", "forget_screenshots", "forget_reports"):
        await connection.execute(_QUERIES[query], plugin_id)
