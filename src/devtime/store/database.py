"""The pool of connections and the few typed calls features make on it. Instants cross as epoch milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, cast

import asyncpg
import msgspec

from devtime.kernel.errors import Unavailable

_PG_EPOCH_MS = 946_684_800_000
"""PostgreSQL counts microseconds from 2000-01-01."""


def unreachable(error: Exception) -> Unavailable:
    """The error told when PostgreSQL takes no connection."""
    return Unavailable(f"PostgreSQL cannot be reached: {error}. Is it running, is DATABASE_URL right?")


class Row(Protocol):
    """One result row, by column name or position."""

    def __getitem__(self, key: str | int, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...


class Executor(Protocol):
    """Something statements can be run on: a connection, or a database that borrows one for each."""

    async def fetch(self, query: str, /, *args: object) -> list[Row]: ...

    async def fetchrow(self, query: str, /, *args: object) -> Row | None: ...

    async def fetchval(self, query: str, /, *args: object) -> Any: ...

    async def execute(self, query: str, /, *args: object) -> str: ...


class Connection(Executor, Protocol):
    """One database connection."""

    def transaction(self) -> AbstractAsyncContextManager[object]: ...


def _encode_instant(instant_ms: int) -> tuple[int]:
    return ((instant_ms - _PG_EPOCH_MS) * 1_000,)


def _decode_instant(raw: tuple[int]) -> int:
    return raw[0] // 1_000 + _PG_EPOCH_MS


def _encode_json(value: object) -> bytes:
    return b"\x01" + msgspec.json.encode(value)


def _decode_json(raw: bytes) -> object:
    return msgspec.json.decode(raw[1:])


async def prepare_connection(connection: Any) -> None:
    """Teach a raw asyncpg connection DevTime's types: timestamptz as epoch milliseconds, jsonb as Python values."""
    codec = connection.set_type_codec
    await codec("timestamptz", schema="pg_catalog", format="tuple", encoder=_encode_instant, decoder=_decode_instant)
    await codec("jsonb", schema="pg_catalog", format="binary", encoder=_encode_json, decoder=_decode_json)


async def _leave_as_it_is(_connection: Any) -> None:
    """Nothing here outlives its transaction (no SET, no LISTEN, no session locks on pooled connections), so asyncpg's
    reset query is a round trip for nothing; an open transaction is still rolled back.
    """


class Database:
    """A pool on one PostgreSQL database: made anywhere, connected inside the event loop that uses it."""

    def __init__(self, dsn: str, *, smallest: int = 1, largest: int = 8, patience_s: float | None = None) -> None:
        """`dsn` is a libpq URI; between `smallest` and `largest` connections are held.

        A question outside of a transaction that takes longer than `patience_s` is given up: TimeoutError.
        """
        self._dsn = dsn
        self._patience_s = patience_s
        self._sizes = (smallest, largest)
        self._pool: Any = None

    @classmethod
    async def open(cls, dsn: str, *, smallest: int = 1, largest: int = 8, patience_s: float | None = None) -> Database:
        """A connected database; raises as `connect` does."""
        database = cls(dsn, smallest=smallest, largest=largest, patience_s=patience_s)
        await database.connect()
        return database

    async def connect(self) -> None:
        """Connect; raises Unavailable (with what to check) when the server cannot be reached."""
        options: Mapping[str, str] = {"search_path": "devtime", "application_name": "devtime", "jit": "off"}
        try:
            self._pool = await cast("Any", asyncpg).create_pool(
                self._dsn,
                min_size=self._sizes[0],
                max_size=self._sizes[1],
                init=prepare_connection,
                reset=_leave_as_it_is,
                server_settings=options,
                max_inactive_connection_lifetime=0,
                statement_cache_size=256,
            )
        except (OSError, asyncpg.PostgresError) as error:
            raise unreachable(error) from error

    async def close(self) -> None:
        """Close every connection, waiting for those in use."""
        await self._pool.close()

    async def answers(self, patience_s: float) -> bool:
        """Whether the server answers a question within so many seconds."""
        try:
            return await asyncio.wait_for(self.fetchval("SELECT 1"), patience_s) == 1
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False

    @asynccontextmanager
    async def acquire(self) -> AsyncGenerator[Connection]:
        """Borrow a connection."""
        async with self._pool.acquire() as connection:
            yield cast("Connection", connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        """Borrow a connection inside a transaction: committed at the end, rolled back on an exception."""
        async with self._pool.acquire() as connection, connection.transaction():
            yield cast("Connection", connection)

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """All rows of one statement."""
        return await self._pool.fetch(query, *args, timeout=self._patience_s)

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        """The first row, or None."""
        return await self._pool.fetchrow(query, *args, timeout=self._patience_s)

    async def fetchval(self, query: str, *args: object) -> Any:
        """The first column of the first row, or None."""
        return await self._pool.fetchval(query, *args, timeout=self._patience_s)

    async def execute(self, query: str, *args: object) -> str:
        """Run one statement; answers the command tag."""
        return await self._pool.execute(query, *args)
