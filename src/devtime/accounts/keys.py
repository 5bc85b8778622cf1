"""API keys: how they are spelled, made, listed and revoked. Only a hash is kept; the key itself is told once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import get_args
from uuid import UUID

import bcrypt
import msgspec

from devtime.accounts.names import read_label
from devtime.accounts.users import Role, announce_user
from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Conflict, Invalid, NotFound
from devtime.kernel.ids import new_uuid
from devtime.store.database import Connection, Database, Executor
from devtime.store.sqlfile import load
from devtime.wire.access import KeyScope

SCOPES: tuple[KeyScope, ...] = get_args(KeyScope)

MOST_KEYS = 100
"""Keys one user may have."""

_QUERIES = load("devtime.accounts")
_COST = 8
"""Rounds of bcrypt as a power of two: a key holds 122 random bits, so the hash need not slow guessing down."""
_PREFIX_LENGTH = 12
_HEX = re.compile(r"[0-9a-f]{32}")


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An API key as it is listed: `prefix` is how it begins."""

    id: UUID
    name: str
    prefix: str
    scope: KeyScope
    created_ms: int
    last_used_ms: int | None


class NewKey(msgspec.Struct, frozen=True):
    """A key just made, with its secret: the only time it is seen."""

    key: Key
    secret: str

    def __repr__(self) -> str:
        return f"NewKey({self.key!r})"


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A key's row together with what of its user a request needs."""

    user_id: UUID
    key_id: UUID
    key_hash: str
    scope: KeyScope
    username: str
    role: Role
    timezone: str
    week_start: int


def read_key(text: str) -> str | None:
    """The one spelling of a key (`dt_` and 32 hex digits) of all that are accepted; None when it is no key.

    Accepted: `dt_` or `waka_` before it or nothing, as 32 hex digits or as a UUID, in either case.
    """
    if len(text) > 64:
        return None
    plain = text.strip().lower().removeprefix("waka_").removeprefix("dt_").replace("-", "")
    return f"dt_{plain}" if _HEX.fullmatch(plain) else None


def spell_uuid(secret: str) -> str:
    """The key as a UUID, which WakaTime's clients insist on."""
    return str(UUID(secret.removeprefix("dt_")))


def prefix_of(secret: str) -> str:
    """The part of a key that may be shown and is looked up."""
    return secret[:_PREFIX_LENGTH]


def read_scope(text: str) -> KeyScope:
    """The scope of that name; Invalid when there is none."""
    for scope in SCOPES:
        if text == scope:
            return scope
    raise Invalid("scope", f"is one of {', '.join(SCOPES)}")


async def create_key(
    database: Database, user_id: UUID, name: str | None = None, scope: KeyScope = "full", *, most: int = MOST_KEYS
) -> NewKey:
    """Make a key; Conflict when the user has `most` already. Its secret is never to be had again."""
    label = read_label(name, "name") or "Default Key"
    while True:
        secret = f"dt_{new_uuid().hex}"
        hashed = (await asyncio.to_thread(bcrypt.hashpw, secret.encode(), bcrypt.gensalt(_COST))).decode()
        key = Key(
            id=new_uuid(), name=label, prefix=prefix_of(secret), scope=scope, created_ms=now_ms(), last_used_ms=None
        )
        if await _insert(database, user_id, key, hashed, most):
            return NewKey(key, secret)


async def list_keys(connection: Executor, user_id: UUID) -> list[Key]:
    """The user's keys, oldest first."""
    return [
        Key(
            id=row["id"],
            name=row["name"],
            prefix=row["key_prefix"],
            scope=row["scope"],
            created_ms=row["created_at"],
            last_used_ms=row["last_used_at"],
        )
        for row in await connection.fetch(_QUERIES["list_keys"], user_id)
    ]


async def rename_key(connection: Executor, user_id: UUID, key_id: UUID, name: str) -> str:
    """Give the key another name; answers the name as it is kept."""
    label = read_label(name, "name")
    if not label:
        raise Invalid("name", "must not be empty")
    if await connection.fetchval(_QUERIES["rename_key"], user_id, key_id, label) is None:
        raise NotFound("Key not found")
    return label


async def revoke_key(database: Database, user_id: UUID, key_id: UUID) -> None:
    """Delete the key: from the commit on no process accepts it."""
    async with database.transaction() as connection:
        prefix = await connection.fetchval(_QUERIES["delete_key"], user_id, key_id)
        if prefix is None:
            raise NotFound("Key not found")
        await connection.execute(_QUERIES["delete_key_lookup"], prefix, user_id)
        await announce_user(connection, user_id)


async def find_key(connection: Executor, secret: str) -> Holder | None:
    """Whose key begins like this one; whether it is that key, `proves_key` tells."""
    row = await connection.fetchrow(_QUERIES["fetch_key_lookup"], prefix_of(secret))
    return None if row is None else await fetch_holder(connection, row["owner_id"], row["key_id"])


async def fetch_holder(connection: Executor, user_id: UUID, key_id: UUID) -> Holder | None:
    """The key as it stands now; None when it is revoked or its user disabled."""
    row = await connection.fetchrow(_QUERIES["fetch_key_holder"], user_id, key_id)
    return None if row is None else Holder(**{name: row[name] for name in Holder.__struct_fields__})


async def proves_key(holder: Holder, secret: str) -> bool:
    """Whether the secret is the one the row was made with."""
    return await asyncio.to_thread(bcrypt.checkpw, secret.encode(), holder.key_hash.encode())


async def touch_keys(connection: Connection, used: Mapping[tuple[UUID, UUID], int]) -> None:
    """Note when keys were last used: (user, key) → epoch milliseconds."""
    # In one order, so that processes that note the same keys wait for each other only one way.
    for which in sorted(used):
        await connection.execute(_QUERIES["touch_keys"], *which, used[which])


async def _insert(database: Database, user_id: UUID, key: Key, hashed: str, most: int) -> bool:
    async with database.transaction() as connection:
        if await connection.fetchval(_QUERIES["count_keys"], user_id) >= most:
            raise Conflict(f"Maximum {most} API keys allowed")
        if await connection.fetchval(_QUERIES["insert_key_lookup"], key.prefix, user_id, key.id) is None:
            return False
        await connection.execute(
            _QUERIES["insert_key"], user_id, key.id, key.name, key.prefix, hashed, key.scope, key.created_ms
        )
    return True
