"""What pages of the store show beside listings: a version's script, one's own opinion, counts, what is stopped."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.kernel.errors import NotFound
from devtime.marketplace.listings import Listing, listing_from_row
from devtime.store.database import Executor
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace", "looking.sql")


class Source(msgspec.Struct, frozen=True):
    """A version as text. `is_original`: what the author wrote, of which the script that runs was made."""

    revision: int
    version: str
    text: str
    is_original: bool


class Opinion(msgspec.Struct, frozen=True):
    """What one user gave and wrote; 0 and `""` for nothing."""

    rating: int
    body: str
    has_reported: bool


class OwnCounts(msgspec.Struct, frozen=True):
    """How much there is behind the tabs."""

    installed: int
    mine: int
    reports: int


class Stopped(msgspec.Struct, frozen=True):
    """A plugin the user installed that runs for nobody. `installed_at` is in epoch milliseconds."""

    listing: Listing
    installed_at: int


async def fetch_source(database: Executor, plugin_id: UUID, revision: int) -> Source:
    """The text of a kept version; NotFound when it is not kept."""
    row = await database.fetchrow(_QUERIES["fetch_source"], plugin_id, revision)
    if row is None:
        raise NotFound("Version not found")
    return Source(row["revision"], row["version"], row["text"], row["is_original"])


async def fetch_opinion(database: Executor, user_id: UUID, plugin_id: UUID) -> Opinion:
    """The user's own."""
    row = await database.fetchrow(_QUERIES["fetch_opinion"], user_id, plugin_id)
    return Opinion(row["rating"], row["body"], row["has_reported"]) if row else Opinion(0, "", False)


async def fetch_spread(database: Executor, plugin_id: UUID) -> tuple[tuple[int, int], ...]:
    """(stars, how many gave them), from five down to one."""
    given = {row["rating"]: row["people"] for row in await database.fetch(_QUERIES["fetch_spread"], plugin_id)}
    return tuple((stars, given.get(stars, 0)) for stars in (5, 4, 3, 2, 1))


async def count_own(database: Executor, user_id: UUID) -> OwnCounts:
    """What is installed, what is published, and what reports wait."""
    row = await database.fetchrow(_QUERIES["count_own"], user_id)
    return OwnCounts(row["installed"], row["mine"], row["reports"]) if row else OwnCounts(0, 0, 0)


async def list_stopped(database: Executor, user_id: UUID) -> list[Stopped]:
    """What is installed and banned."""
    rows = await database.fetch(_QUERIES["list_stopped"], user_id)
    return [Stopped(listing_from_row(row), row["installed_at"]) for row in rows]


async def list_banned(database: Executor) -> list[Listing]:
    """What is banned, newest ban first; a hundred at the most."""
    return [listing_from_row(row) for row in await database.fetch(_QUERIES["list_banned"])]


async def count_kept(database: Executor, user_id: UUID, plugin: str) -> int:
    """How many keys the plugin keeps for the user in the table."""
    return int(await database.fetchval(_QUERIES["count_kept"], user_id, plugin))


async def clear_kept(database: Executor, user_id: UUID, plugin: str) -> None:
    """Forget them."""
    await database.execute(_QUERIES["clear_kept"], user_id, plugin)
