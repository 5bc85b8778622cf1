"""What users say about a plugin: stars, reviews, pictures."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from devtime.kernel.ids import new_uuid
from devtime.marketplace.texts import read_address, read_line, read_prose
from devtime.store.database import Connection, Database, Executor, Row
from devtime.store.sqlfile import load

MOST_REVIEWS = 50
MOST_SCREENSHOTS = 20
MOST_SCREENSHOTS_EACH = 5
LONGEST_REVIEW = 4_000

_QUERIES = load("devtime.marketplace", "opinions.sql")


class Review(msgspec.Struct, frozen=True):
    """What somebody wrote, with their stars if they gave any. `created_at` is in epoch milliseconds."""

    username: str
    body: str
    rating: int | None
    created_at: int


class Screenshot(msgspec.Struct, frozen=True):
    """A picture somewhere on the web. `created_at` is in epoch milliseconds."""

    id: UUID
    url: str
    caption: str
    username: str
    created_at: int


async def rate(database: Database, user_id: UUID, plugin_id: UUID, rating: int) -> None:
    """Give 1 to 5 stars, instead of those given before. An author cannot rate their own."""
    if not 1 <= rating <= 5:
        raise Invalid("rating", "is a number from 1 to 5")
    async with database.transaction() as connection:
        listing = await _lock(connection, plugin_id)
        if listing["author_id"] == user_id:
            raise Forbidden("you cannot rate your own plugin")
        before = await connection.fetchval(_QUERIES["fetch_rating"], user_id, plugin_id)
        await connection.execute(_QUERIES["store_rating"], user_id, plugin_id, rating, now_ms())
        await connection.execute(_QUERIES["count_rating"], plugin_id, rating - (before or 0), int(before is None))


async def review(database: Database, user_id: UUID, plugin_id: UUID, body: str) -> None:
    """Write a review, instead of the one written before."""
    text = read_prose(body, "body", LONGEST_REVIEW, needed=True)
    async with database.transaction() as connection:
        await _lock(connection, plugin_id)
        await connection.execute(_QUERIES["store_review"], user_id, plugin_id, new_uuid(), text, now_ms())


async def delete_review(database: Database, user_id: UUID, plugin_id: UUID) -> None:
    """Take back what one wrote."""
    await database.execute(_QUERIES["delete_review"], user_id, plugin_id)


async def add_screenshot(database: Database, user_id: UUID, plugin_id: UUID, url: str, caption: str | None) -> None:
    """Name a picture by its address; nothing is fetched."""
    address = read_address(url, "url")
    if not address:
        raise Invalid("url", "must not be empty")
    words = read_line(caption or "", "caption", 200)
    async with database.transaction() as connection:
        await _lock(connection, plugin_id)
        row = await connection.fetchrow(_QUERIES["count_screenshots"], plugin_id, user_id)
        if row is not None and (row["all"] >= MOST_SCREENSHOTS or row["own"] >= MOST_SCREENSHOTS_EACH):
            raise Conflict(
                f"a plugin has {MOST_SCREENSHOTS} screenshots at most, {MOST_SCREENSHOTS_EACH} by one person"
            )
        await connection.execute(
            _QUERIES["insert_screenshot"], new_uuid(), plugin_id, user_id, address, words, now_ms()
        )


async def delete_screenshot(database: Database, user_id: UUID, screenshot_id: UUID) -> None:
    """Take a picture away, as who added it or as the plugin's author; NotFound for any other."""
    if not await database.fetchval(_QUERIES["delete_screenshot"], screenshot_id, user_id):
        raise NotFound("Screenshot not found")


async def list_reviews(database: Executor, plugin_id: UUID) -> list[Review]:
    """The newest."""
    rows = await database.fetch(_QUERIES["list_reviews"], plugin_id, MOST_REVIEWS)
    return [Review(row["username"], row["body"], row["rating"], row["created_at"]) for row in rows]


async def list_screenshots(database: Executor, plugin_id: UUID) -> list[Screenshot]:
    """In the order they were added."""
    rows = await database.fetch(_QUERIES["list_screenshots"], plugin_id, MOST_SCREENSHOTS)
    return [Screenshot(**{name: row[name] for name in Screenshot.__struct_fields__}) for row in rows]


async def fetch_own_rating(database: Executor, user_id: UUID, plugin_id: UUID) -> int | None:
    """The stars this user gave."""
    stars: int | None = await database.fetchval(_QUERIES["fetch_rating"], user_id, plugin_id)
    return stars


async def _lock(connection: Connection, plugin_id: UUID) -> Row:
    row = await connection.fetchrow(_QUERIES["lock_available"], plugin_id)
    if row is None:
        raise NotFound("Plugin not found")
    return row
