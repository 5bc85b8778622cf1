"""One-time links that sign somebody in and let them choose a password. Only a digest of the token is kept."""

from __future__ import annotations

from uuid import UUID

from devtime.accounts.digests import digest_secret
from devtime.accounts.permissions import check_may_change
from devtime.accounts.sessions import revoke_sessions
from devtime.accounts.users import User, fetch_user, store_password, user_from_row
from devtime.kernel.clock import DAY_MS, now_ms
from devtime.kernel.errors import NotFound
from devtime.kernel.ids import new_secret
from devtime.store.database import Database, Executor
from devtime.store.sqlfile import load

LASTS_MS = DAY_MS

_QUERIES = load("devtime.accounts")


async def create_login_link(connection: Executor, user_id: UUID) -> str:
    """The token for `/welcome?token=…`: good once, within 24 hours."""
    await fetch_user(connection, user_id)
    token, now = new_secret(), now_ms()
    await connection.execute(_QUERIES["insert_login_link"], digest_secret(token), user_id, now, now + LASTS_MS)
    return token


async def create_login_link_for(database: Database, actor_id: UUID, user_id: UUID) -> str:
    """A link for somebody else's account, made by who may do that."""
    check_may_change(await fetch_user(database, actor_id), await fetch_user(database, user_id))
    return await create_login_link(database, user_id)


async def find_link_user(connection: Executor, token: str) -> User | None:
    """Whom the link would sign in; None when it was used or is too old. Looking does not use it up."""
    row = await connection.fetchrow(_QUERIES["fetch_login_link"], digest_secret(token), now_ms())
    return None if row is None else user_from_row(row)


async def use_login_link(database: Database, token: str, password_hash: str) -> User:
    """Use the link up: set the password, end every session and every other link of the account."""
    now = now_ms()
    async with database.transaction() as connection:
        user_id = await connection.fetchval(_QUERIES["use_login_link"], digest_secret(token), now)
        user = await fetch_user(connection, user_id) if user_id is not None else None
        if user is None or user.is_disabled:
            raise NotFound("this link was used already or is too old")
        await connection.execute(_QUERIES["expire_login_links"], user.id, now)
        await store_password(connection, user.id, password_hash)
        await revoke_sessions(connection, user.id)
    return user
