"""The key-value store of plugins in a table. A write waits for no disk: at most the last half second is lost."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from devtime.kernel.clock import Clock, now_ms
from devtime.kernel.errors import Invalid
from devtime.store.database import Connection, Database
from devtime.store.plugin_kv import (
    NOT_A_NUMBER,
    Quota,
    check_key,
    check_step,
    check_ttl,
    check_value,
    too_many_keys,
    too_much,
)
from devtime.store.sqlfile import load

_QUERIES = load("devtime.store", "plugin_kv.sql")
_LARGEST = 2**63


class TableKv:
    """Values in the table `plugin_kv`. One user's writes wait for one another, so quotas and counters hold."""

    def __init__(self, database: Database, quota: Quota | None = None, clock: Clock = now_ms) -> None:
        self._database = database
        self._quota = quota or Quota()
        self._clock = clock

    async def get(self, user_id: UUID, plugin: str, key: str) -> str | None:
        """The string that was set; None when there is none, or it expired."""
        check_key(key, self._quota)
        return await self._database.fetchval(_QUERIES["get_value"], user_id, plugin, key)

    async def set(self, user_id: UUID, plugin: str, key: str, value: str, ttl_s: int | None = None) -> None:
        """Keep a string, for so many seconds if told."""
        check_key(key, self._quota)
        check_value(value, self._quota)
        check_ttl(ttl_s)
        async with self._writing(user_id) as connection:
            await self._write(connection, user_id, plugin, key, value, self._at(ttl_s))

    async def delete(self, user_id: UUID, plugin: str, key: str) -> bool:
        """Forget a key; answers whether it was there."""
        check_key(key, self._quota)
        async with self._writing(user_id) as connection:
            return bool(await connection.fetchval(_QUERIES["delete_value"], user_id, plugin, key))

    async def increment(self, user_id: UUID, plugin: str, key: str, by: int = 1) -> int:
        """Add to a whole number; one that is not there counts as 0. Answers the sum."""
        check_key(key, self._quota)
        check_step(by)
        async with self._writing(user_id) as connection:
            row = await connection.fetchrow(_QUERIES["fetch_for_change"], user_id, plugin, key)
            value, expires_ms = (row["value"], row["expires_at"]) if row else ("0", None)
            total = _whole(value) + by
            if not -_LARGEST <= total < _LARGEST:
                raise Invalid("", NOT_A_NUMBER)
            await self._write(connection, user_id, plugin, key, str(total), expires_ms)
            return total

    async def expire(self, user_id: UUID, plugin: str, key: str, ttl_s: int) -> bool:
        """Let a key live so many seconds more; answers whether it is there."""
        check_key(key, self._quota)
        check_ttl(ttl_s)
        async with self._writing(user_id) as connection:
            query = _QUERIES["expire_value"]
            return (await connection.execute(query, user_id, plugin, key, self._at(ttl_s))) == "UPDATE 1"

    async def ttl(self, user_id: UUID, plugin: str, key: str) -> int | None:
        """The seconds a key has left; None when it stays, or is not there."""
        check_key(key, self._quota)
        return await self._database.fetchval(_QUERIES["fetch_ttl"], user_id, plugin, key)

    async def clear(self, user_id: UUID, plugin: str) -> None:
        """Forget all of a plugin and user."""
        async with self._writing(user_id) as connection:
            await connection.execute(_QUERIES["clear_values"], user_id, plugin)

    async def close(self) -> None:
        """Nothing: the database is its owner's."""

    @asynccontextmanager
    async def _writing(self, user_id: UUID) -> AsyncGenerator[Connection]:
        async with self._database.transaction() as connection:
            await connection.execute("SET LOCAL synchronous_commit = off")
            await connection.fetchval(_QUERIES["lock_values"], user_id)
            yield connection

    async def _write(
        self, connection: Connection, user_id: UUID, plugin: str, key: str, value: str, expires_ms: int | None
    ) -> None:
        row = await connection.fetchrow(_QUERIES["measure_values"], user_id, plugin, key)
        size = len(key.encode()) + len(value.encode())
        if row is not None and not self._fits(row["keys"], row["bytes"] + size):
            # What expired takes no room.
            await connection.execute(_QUERIES["sweep_values"], user_id, plugin)
            row = await connection.fetchrow(_QUERIES["measure_values"], user_id, plugin, key)
        if row is not None and row["keys"] >= self._quota.keys:
            raise too_many_keys(self._quota)
        if row is not None and row["bytes"] + size > self._quota.bytes:
            raise too_much(self._quota)
        await connection.execute(_QUERIES["set_value"], user_id, plugin, key, value, expires_ms)

    def _fits(self, keys: int, size: int) -> bool:
        return keys < self._quota.keys and size <= self._quota.bytes

    def _at(self, ttl_s: int | None) -> int | None:
        return None if ttl_s is None else self._clock() + ttl_s * 1_000


def _whole(text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise Invalid("", NOT_A_NUMBER)
    return int(text)
