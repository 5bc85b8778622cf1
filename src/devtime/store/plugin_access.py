"""Whom plugin SQL logs in as, and how a transaction proves whose it is. Running statements is not here."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any, cast
from uuid import UUID

import asyncpg
import msgspec

from devtime.kernel.errors import Unavailable
from devtime.store.address import Address
from devtime.store.roles import PLUGIN_ROLE, connected, quote_name

_LIFETIME_S = 60

_FIND_RIGHTS = """
SELECT r.rolsuper OR r.rolcreaterole AS can_make_roles,
    EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS has_role,
    EXISTS (SELECT FROM pg_roles p WHERE p.rolname = $1 AND pg_has_role(current_user, p.oid, 'MEMBER')) AS is_member
FROM pg_roles r WHERE r.rolname = current_user
"""
_HOW_TO = (
    f"As a superuser: CREATE ROLE {PLUGIN_ROLE} NOLOGIN; GRANT {PLUGIN_ROLE} TO (the role of DATABASE_URL); "
    "or give that role CREATEROLE."
)


class IdentityKey(msgspec.Struct, frozen=True):
    """What identities are signed with."""

    secret: bytes
    binds_session: bool

    def sign(self, user_id: UUID, session: int, now_s: float) -> str:
        """The value of `devtime.identity` for a transaction of the user's in a session (its backend's process id)."""
        told = f"{user_id}|{int(now_s) + _LIFETIME_S}"
        signed = f"{told}|{session}" if self.binds_session else told
        inner = hashlib.sha256(self.secret + signed.encode()).digest()
        return f"{told}|{hashlib.sha256(self.secret + inner).hexdigest()}"


class PluginAccess(msgspec.Struct, frozen=True):
    """How plugin SQL reaches the database: with a login of its own, or as the core that gives its rights away."""

    address: Address
    key: IdentityKey
    assumes_role: str = ""
    """The role each transaction changes to; empty: the login has no other rights to begin with."""


async def find_access(core: Address, login: Address | None = None) -> PluginAccess:
    """How plugins may be let in; Unavailable says why not and what to do.

    `login` is the plugin role of the built-in database. Without it the rights of `core` decide: it makes a role, or
    changes to one it is a member of.
    """
    async with connected(core) as connection:
        row = await connection.fetchrow("SELECT secret, binds_session FROM plugin_api.identity_key")
        if row is None:
            raise Unavailable("plugin SQL is switched off: its key is missing. `devtime admin migrate` makes none anew")
        key = IdentityKey(row["secret"], row["binds_session"])
        if login is not None:
            return PluginAccess(login, key)
        # One server may hold several DevTimes: each has a role of its own.
        own_role = f"{PLUGIN_ROLE}_{hashlib.sha256(key.secret).hexdigest()[:8]}"
        rights = await connection.fetchrow(_FIND_RIGHTS, PLUGIN_ROLE)
        if rights is not None and rights["can_make_roles"]:
            password = hmac.new(key.secret, b"login", "sha256").hexdigest()
            try:
                await _make_role(connection, own_role, password)
            except asyncpg.PostgresError as error:
                raise Unavailable(f"plugin SQL is unavailable: {error}. {_HOW_TO}") from error
            return PluginAccess(core.with_role(own_role, password), key)
        if rights is not None and rights["has_role"] and rights["is_member"]:
            await connection.execute("SELECT plugin_api.admit($1)", PLUGIN_ROLE)
            return PluginAccess(core, key, assumes_role=PLUGIN_ROLE)
        raise Unavailable(f"plugin SQL is unavailable: the role of DATABASE_URL may not make roles. {_HOW_TO}")


async def _make_role(connection: Any, role: str, password: str) -> None:
    name = quote_name(role)
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        await connection.execute(f"CREATE ROLE {name}")
    # The password is derived from the database's own secret: every server process knows it, nothing has to keep it.
    await connection.execute(f"ALTER ROLE {name} LOGIN NOINHERIT CONNECTION LIMIT 64 PASSWORD '{password}'")
    database = quote_name(await connection.fetchval("SELECT current_database()"))
    await connection.execute(f"GRANT CONNECT ON DATABASE {database} TO {name}")
    await connection.execute("SELECT plugin_api.admit($1)", role)


class Signer:
    """Signs for one connection, by the clock of its server."""

    def __init__(self, key: IdentityKey, session: int, ahead_s: float) -> None:
        self._key = key
        self._session = session
        self._ahead_s = ahead_s

    @classmethod
    async def of(cls, connection: Any, key: IdentityKey) -> Signer:
        """The signer of a raw connection."""
        there: float = float(await connection.fetchval("SELECT extract(epoch FROM now())::float8::text"))
        return cls(key, cast("int", connection.get_server_pid()), there - time.time())

    def sign(self, user_id: UUID) -> str:
        """The user's identity in this session, for a minute."""
        return self._key.sign(user_id, self._session, time.time() + self._ahead_s)
