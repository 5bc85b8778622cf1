"""What names a user's AI usage has, and when it began: what filters and ranges are offered from."""

from __future__ import annotations

from uuid import UUID

from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats", "usage_names.sql")
_MOST_NAMES = 300


async def fetch_usage_names(database: Database, user_id: UUID) -> dict[str, list[str]]:
    """Agents, models, projects, branches and machines, those met most often first; `""` where some told none."""
    found: dict[str, list[str]] = {}
    for row in await database.fetch(_QUERIES["fetch_usage_names"], user_id, _MOST_NAMES):
        found.setdefault(row["kind"], []).append(row["name"])
    return found


async def fetch_first_usage_slot(database: Database, user_id: UUID) -> int | None:
    """The quarter-hour of the first event; None: there is none."""
    slot: int | None = await database.fetchval(_QUERIES["fetch_first_usage_slot"], user_id)
    return slot
