"""Plugins as the store lists them: found, sorted, paged. No list tells a script."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import msgspec

from devtime.kernel.errors import NotFound
from devtime.plugins.grants import Grants
from devtime.store.database import Executor, Row
from devtime.store.sqlfile import load

Sort = Literal["installs", "rating", "newest", "updated", "name"]
MOST_A_PAGE = 100

_QUERIES = load("devtime.marketplace", "listings.sql")


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One plugin. `avg_rating` is 0 without ratings; `script` is None in lists. Instants are epoch milliseconds."""

    id: UUID
    author_id: UUID
    author_username: str
    is_builtin: bool
    name: str
    display_name: str
    description: str | None
    version: str
    revision: int
    repository: str | None
    icon: str
    plugin_type: str
    widget_type: str
    api_endpoint: str | None
    settings_schema: dict[str, Any] | None
    grants: Grants
    category: str
    tags: list[str]
    is_published: bool
    is_banned: bool
    ban_reason: str | None
    install_count: int
    avg_rating: float
    rating_count: int
    has_external_access: bool
    created_at: int
    updated_at: int
    script: str | None = None

    @property
    def is_available(self) -> bool:
        """Whether it may be installed and run."""
        return self.is_published and not self.is_banned


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What to list: words in name, title, description or tags; all of the rest must fit."""

    words: str = ""
    category: str | None = None
    tag: str | None = None
    plugin_type: str | None = None
    author: str | None = None
    sort: Sort = "installs"
    limit: int = MOST_A_PAGE
    offset: int = 0


class Page(msgspec.Struct, frozen=True):
    """Some of the listings, and how many there are in all."""

    listings: list[Listing]
    total: int


def listing_from_row(row: Row, *, script: str | None = None) -> Listing:
    """The struct of a row of `plugin_listings` with its author's name."""
    fields = {name: row[name] for name in Listing.__struct_fields__ if name not in ("script", "grants", "avg_rating")}
    grants = msgspec.convert(row["grants"], Grants)
    return Listing(**fields, grants=grants, avg_rating=float(row["avg_rating"]), script=script)


async def search_listings(database: Executor, search: Search) -> Page:
    """Those anybody may install."""
    words = search.words.strip()[:100].replace("\0", "")
    pattern = words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = await database.fetch(
        _QUERIES["search_listings"],
        f"%{pattern}%" if pattern else None,
        search.category,
        search.tag,
        search.plugin_type,
        search.author,
        search.sort,
        max(1, min(search.limit, MOST_A_PAGE)),
        max(0, min(search.offset, 2**31)),
        words.lower(),
    )
    if rows:
        return Page([listing_from_row(row) for row in rows], rows[0]["total"])
    return Page([], 0 if not search.offset else (await search_listings(database, _first(search))).total)


async def fetch_listing(database: Executor, plugin_id: UUID) -> Listing:
    """Any that is there, with its script; NotFound when it is not."""
    return _found(await database.fetchrow(_QUERIES["fetch_listing"], plugin_id, None))


async def fetch_listing_by_name(database: Executor, name: str) -> Listing:
    """The one of that name, with its script; NotFound when there is none."""
    return _found(await database.fetchrow(_QUERIES["fetch_listing"], None, name[:100].replace("\0", "")))


async def list_own(database: Executor, author_id: UUID) -> list[Listing]:
    """What this author published, banned or not."""
    return [listing_from_row(row) for row in await database.fetch(_QUERIES["list_own"], author_id)]


async def list_all(database: Executor, limit: int, offset: int) -> Page:
    """All of them, for admins: banned ones first."""
    rows = await database.fetch(_QUERIES["list_all"], max(1, min(limit, MOST_A_PAGE)), max(0, min(offset, 2**31)))
    return Page([listing_from_row(row) for row in rows], rows[0]["total"] if rows else 0)


async def count_by_category(database: Executor) -> dict[str, int]:
    """How many plugins there are in each category that has any."""
    return {row["category"]: row["plugins"] for row in await database.fetch(_QUERIES["count_by_category"])}


def _first(search: Search) -> Search:
    return msgspec.structs.replace(search, limit=1, offset=0)


def _found(row: Row | None) -> Listing:
    if row is None or not row["is_published"]:
        raise NotFound("Plugin not found")
    return listing_from_row(row, script=row["script"])
