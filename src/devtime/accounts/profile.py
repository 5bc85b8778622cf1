"""What an account shows of itself to others."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from devtime.accounts.users import User, announce_user, fetch_user
from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Invalid
from devtime.store.database import Database
from devtime.store.sqlfile import load

LONGEST_BIO = 2_000
LONGEST_WEBSITE = 256
FLAGS = (
    "is_public",
    "profile_show_languages",
    "profile_show_projects",
    "profile_show_activity",
    "profile_show_plugins",
    "profile_show_streak",
    "available_for_hire",
    "show_in_leaderboard",
)

_QUERIES = load("devtime.accounts")


async def change_profile(
    database: Database, user_id: UUID, *, bio: str | None, website: str | None, flags: Mapping[str, bool | None]
) -> User:
    """Change what is not None; an empty text removes what was there. `flags` are some of FLAGS."""
    texts = (None if bio is None else _read_bio(bio), None if website is None else _read_website(website))
    async with database.transaction() as connection:
        values = [*texts, *(flags.get(name) for name in FLAGS)]
        await connection.execute(_QUERIES["update_profile"], user_id, now_ms(), *values)
        await announce_user(connection, user_id)
    return await fetch_user(database, user_id)


def _read_bio(text: str) -> str:
    bio = text.replace("\r\n", "\n").strip()
    if len(bio) > LONGEST_BIO:
        raise Invalid("bio", f"takes {LONGEST_BIO:,} characters at most")
    if not bio.replace("\n", "").replace("\t", "").isprintable():
        raise Invalid("bio", "must not hold control characters")
    return bio


def _read_website(text: str) -> str:
    website = text.strip()
    if website and not website.lower().startswith(("http://", "https://")):
        raise Invalid("website", "must begin with http:// or https://")
    if len(website) > LONGEST_WEBSITE or not website.isprintable() or " " in website:
        raise Invalid("website", f"is an address of {LONGEST_WEBSITE} characters at most")
    return website
