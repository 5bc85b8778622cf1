"""Web sessions: what the cookie holds, thirty days since last seen, listing and revoking. Only a digest is kept."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from devtime.accounts.digests import digest_secret
from devtime.accounts.users import Role, announce_user
from devtime.kernel.clock import DAY_MS, now_ms
from devtime.kernel.ids import new_secret
from devtime.store.database import Connection, Database, Executor, Row
from devtime.store.sqlfile import load
from devtime.wire.access import KeyScope

LASTS_MS = 30 * DAY_MS

_QUERIES = load("devtime.accounts")


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in browser, as it is listed."""

    digest: bytes
    user_agent: str
    created_ms: int
    last_seen_ms: int
    expires_ms: int


class SessionHolder(msgspec.Struct, frozen=True, kw_only=True):
    """A session that holds, together with what of its user a request needs."""

    user_id: UUID
    token_digest: bytes
    expires_at: int
    username: str
    role: Role
    timezone: str
    week_start: int
    deletion_requested_at: int | None
    scope: KeyScope = "full"


class Cookie(msgspec.Struct, frozen=True):
    """The two halves of a cookie's value: whose session, and the digest of its secret."""

    user_id: UUID
    digest: bytes


def read_cookie(value: str) -> Cookie | None:
    """Take a cookie's value apart; None when it is none of ours."""
    user, dot, secret = value.partition(".")
    if not dot or len(user) != 32 or not 40 <= len(secret) <= 64:
        return None
    try:
        return Cookie(UUID(hex=user), digest_secret(secret))
    except ValueError:
        return None


async def create_session(connection: Executor, user_id: UUID, user_agent: str = "") -> str:
    """Sign a browser in; answers the cookie's value."""
    secret, now = new_secret(), now_ms()
    agent = "".join(mark for mark in user_agent if mark.isprintable())[:256]
    await connection.execute(_QUERIES["insert_session"], user_id, digest_secret(secret), agent, now, now + LASTS_MS)
    return f"{user_id.hex}.{secret}"


async def fetch_session(connection: Executor, cookie: Cookie, now: int) -> SessionHolder | None:
    """The session of the cookie; None when it ended, was revoked or its user disabled."""
    row = await connection.fetchrow(_QUERIES["fetch_session_holder"], cookie.user_id, cookie.digest, now)
    return None if row is None else _holder(row)


async def list_session_holders(connection: Executor, user_id: UUID, now: int) -> list[SessionHolder]:
    """All sessions of the user that hold: one of them may have signed what a page of theirs was given."""
    return [_holder(row) for row in await connection.fetch(_QUERIES["list_session_holders"], user_id, now)]


def _holder(row: Row) -> SessionHolder:
    names = [name for name in SessionHolder.__struct_fields__ if name != "scope"]
    return SessionHolder(**{name: row[name] for name in names})


async def list_sessions(connection: Executor, user_id: UUID) -> list[Session]:
    """The user's sessions that still hold, the one seen last first."""
    return [
        Session(
            digest=row["token_digest"],
            user_agent=row["user_agent"],
            created_ms=row["created_at"],
            last_seen_ms=row["last_seen_at"],
            expires_ms=row["expires_at"],
        )
        for row in await connection.fetch(_QUERIES["list_sessions"], user_id, now_ms())
    ]


async def revoke_session(database: Database, user_id: UUID, digest: bytes) -> bool:
    """End one session; False when there was none."""
    async with database.transaction() as connection:
        found = await connection.fetchval(_QUERIES["delete_session"], user_id, digest)
        await announce_user(connection, user_id)
    return found is not None


async def revoke_sessions(connection: Executor, user_id: UUID, *, keep: bytes = b"") -> None:
    """End all of the user's sessions, or all but the one whose digest is `keep`."""
    await connection.execute(_QUERIES["delete_sessions"], user_id, keep)
    await announce_user(connection, user_id)


async def touch_sessions(connection: Connection, seen: Mapping[tuple[UUID, bytes], int]) -> None:
    """Note when sessions were last seen ((user, digest) → epoch milliseconds), which is what keeps them."""
    for which in sorted(seen):
        await connection.execute(_QUERIES["touch_sessions"], *which, seen[which], seen[which] + LASTS_MS)
