"""Accounts: making, finding, listing and changing one's own. What is done to another's is in `members`."""

from __future__ import annotations

import secrets
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

from devtime.accounts.names import read_email, read_label, read_username, suggest_username
from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Conflict, Invalid, NotFound
from devtime.kernel.ids import new_uuid
from devtime.kernel.zones import find_zone
from devtime.store.database import Connection, Database, Executor, Row
from devtime.store.sqlfile import load

Role = Literal["owner", "admin", "member"]

_QUERIES = load("devtime.accounts")
_LOCK = 0x6163_636F_756E_7473
"""The advisory lock under which owners are counted and changed."""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """One account. `password_hash` is None until a password was chosen; week_start: 0 = Sunday … 6 = Saturday."""

    id: UUID
    username: str
    display_name: str | None
    email: str | None
    avatar_url: str | None
    password_hash: str | None
    role: Role
    plan: str
    country: str | None
    timezone: str
    week_start: int
    bio: str | None
    website: str | None
    is_public: bool
    profile_show_languages: bool
    profile_show_projects: bool
    profile_show_activity: bool
    profile_show_plugins: bool
    profile_show_streak: bool
    available_for_hire: bool
    show_in_leaderboard: bool
    is_disabled: bool
    created_at: int
    updated_at: int

    def __repr__(self) -> str:
        return f"User(id={self.id}, username={self.username!r}, role={self.role!r})"


class Member(msgspec.Struct, frozen=True):
    """An account in the list of people; `last_seen_ms` is None for one that never came."""

    user: User
    last_seen_ms: int | None


def user_from_row(row: Row) -> User:
    """The struct of a row of `users`."""
    return User(**{name: row[name] for name in User.__struct_fields__})


async def create_user(
    connection: Connection,
    username: str,
    *,
    role: Role = "member",
    email: str | None = None,
    display_name: str | None = None,
    timezone: str = "UTC",
    password_hash: str | None = None,
) -> User:
    """Make an account and its activity settings; Conflict when the name or address is taken."""
    find_zone(timezone)
    user_id, name, address = new_uuid(), read_username(username), read_email(email)
    label = read_label(display_name, "display_name") or None
    try:
        async with connection.transaction():
            await connection.execute(
                _QUERIES["insert_user"], user_id, name, label, address, role, timezone, password_hash, now_ms()
            )
            await connection.execute(_QUERIES["insert_activity_settings"], user_id, secrets.token_bytes(16))
    except asyncpg.UniqueViolationError as error:
        raise _taken(error) from None
    return await fetch_user(connection, user_id)


async def ensure_owner(database: Database, username: str, timezone: str = "UTC") -> tuple[User, bool]:
    """The owner, made with a name like `username` when there is none yet; True when it was made now."""
    async with database.transaction() as connection:
        await lock_accounts(connection)
        row = await connection.fetchrow(_QUERIES["fetch_first_owner"])
        if row is not None:
            return user_from_row(row), False
        name = suggest_username(username)
        return await create_user(connection, name, role="owner", timezone=timezone), True


async def fetch_user(connection: Executor, user_id: UUID) -> User:
    """The account; NotFound when it is gone."""
    row = await connection.fetchrow(_QUERIES["fetch_user"], user_id)
    if row is None:
        raise NotFound("this account does not exist")
    return user_from_row(row)


async def find_user(connection: Executor, name: str) -> User | None:
    """The account of that username, or of that e-mail address if it holds an `@`."""
    wanted = name.strip()
    if not wanted.isprintable():
        return None
    query = "fetch_user_by_email" if "@" in wanted else "fetch_user_by_name"
    row = await connection.fetchrow(_QUERIES[query], wanted if "@" in wanted else wanted.lower())
    return None if row is None else user_from_row(row)


async def list_members(connection: Executor) -> list[Member]:
    """All accounts, oldest first, with when each was last seen."""
    rows = await connection.fetch(_QUERIES["list_members"])
    return [Member(user_from_row(row), row["last_seen_at"]) for row in rows]


async def change_account(
    database: Database, user_id: UUID, *, username: str, display_name: str | None, email: str | None
) -> User:
    """Rename; Conflict when the name or address is taken."""
    name, address = read_username(username), read_email(email)
    label = read_label(display_name, "display_name") or None
    try:
        await _change(database, user_id, "update_account", name, label, address, now_ms())
    except asyncpg.UniqueViolationError as error:
        raise _taken(error) from None
    return await fetch_user(database, user_id)


async def change_time(database: Database, user_id: UUID, *, timezone: str, week_start: int) -> User:
    """Choose the time zone (IANA name) days are counted in, and the weekday a week begins with (0 = Sunday)."""
    find_zone(timezone)
    if not 0 <= week_start <= 6:
        raise Invalid("week_start", "lies between 0 (Sunday) and 6 (Saturday)")
    await _change(database, user_id, "update_time", timezone, week_start, now_ms())
    return await fetch_user(database, user_id)


async def store_password(connection: Executor, user_id: UUID, password_hash: str) -> None:
    """Keep the new hash; ending other sessions is the caller's choice."""
    await connection.execute(_QUERIES["update_password"], user_id, password_hash, now_ms())


async def lock_accounts(connection: Connection) -> None:
    """Hold every change of owners until the transaction ends."""
    await connection.execute(_QUERIES["lock_accounts"], _LOCK)


async def announce_user(connection: Executor, user_id: UUID) -> None:
    """Tell every process that this user's rights changed; heard when the transaction commits."""
    await connection.execute(_QUERIES["announce_user"], str(user_id))


async def _change(database: Database, user_id: UUID, query: str, *values: object) -> None:
    async with database.transaction() as connection:
        await connection.execute(_QUERIES[query], user_id, *values)
        await announce_user(connection, user_id)


def _taken(error: asyncpg.UniqueViolationError) -> Conflict:
    is_email = "email" in str(error)
    return Conflict("this e-mail address is in use" if is_email else "this username is taken")
