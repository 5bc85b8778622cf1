"""Who spent most time since Monday, of those who are public and want to be listed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec

from devtime.kernel.slots import SLOT_MS
from devtime.stats.ranges import days_range
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats", "leaders.sql")


class Leader(msgspec.Struct, frozen=True, kw_only=True):
    """A place on the board. `active_ms` is wall clock, of one language where one was asked for."""

    rank: int
    id: UUID
    username: str
    display_name: str | None
    avatar_url: str | None
    country: str | None
    active_ms: int
    top_language: str | None
    top_editor: str | None
    top_os: str | None


def monday_of(now_ms: int) -> date:
    """The Monday the board counts from: the same for everybody, so by UTC."""
    today = datetime.fromtimestamp(now_ms / 1000, UTC).date()
    return today - timedelta(days=today.weekday())


async def list_leaders(
    database: Database,
    now_ms: int,
    *,
    country: str | None = None,
    language: str | None = None,
    only_for_hire: bool = False,
    limit: int = 100,
    offset: int = 0,
) -> list[Leader]:
    """The places of this week, the first one first."""
    monday = monday_of(now_ms)
    slot = days_range(monday, monday, "UTC").start_ms // SLOT_MS
    rows = await database.fetch(_QUERIES["list_leaders"], slot, country, language, only_for_hire, limit, offset)
    return [Leader(**{name: row[name] for name in Leader.__struct_fields__}) for row in rows]
