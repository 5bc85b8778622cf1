"""Running checked statements of plugins: their own connections, one user's rows, and a bound on everything.

What a statement may say, `plugins/sql` has judged before; here is what holds even if it judged wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Protocol, cast
from uuid import UUID

import asyncpg
import msgspec

from devtime.kernel.errors import Invalid, TooMany, Unavailable
from devtime.store.database import unreachable
from devtime.store.plugin_access import PluginAccess, Signer
from devtime.store.plugin_errors import explain
from devtime.store.plugin_values import DECODERS, encode
from devtime.store.roles import quote_name


class Ready(Protocol):
    """A statement that was checked. After its parameters it takes the user's id and the present, if it `has_` them."""

    @property
    def text(self) -> str: ...
    @property
    def has_rows(self) -> bool: ...
    @property
    def has_user(self) -> bool: ...
    @property
    def has_instant(self) -> bool: ...


class Bounds(msgspec.Struct, frozen=True):
    """What one statement may use."""

    time_ms: int = 2_000
    lock_ms: int = 500
    memory_kb: int = 8_192
    rows: int = 10_000
    result_bytes: int = 1 << 20
    at_once: int = 3
    """Statements of one process running at a time; others wait for their turn."""
    waiting: int = 64
    patience_s: float = 5.0


class Ran(msgspec.Struct, frozen=True):
    """What a statement did: told to whoever watches, also when it failed."""

    text: str
    duration_ms: float
    rows: int
    """Read or written."""
    error: str = ""


class Answer(msgspec.Struct, frozen=True):
    """The rows a statement answered, each by column name, and how many it read or wrote."""

    rows: list[dict[str, Any]]
    affected: int


_DRIVER = (asyncpg.InterfaceError, asyncpg.InternalClientError)

Watch = Callable[[Ran], None]


class PluginSql:
    """The connections plugin SQL runs on."""

    def __init__(self, access: PluginAccess, bounds: Bounds | None = None) -> None:
        """Connects when the first statement runs."""
        self._access = access
        self._bounds = bounds or Bounds()
        self._turns = asyncio.Semaphore(self._bounds.at_once)
        self._waiting = 0
        self._idle: list[_Session] = []

    async def run(
        self,
        user_id: UUID,
        statement: Ready,
        parameters: Sequence[object] = (),
        *,
        is_dry: bool = False,
        watch: Watch | None = None,
    ) -> Answer:
        """Run one statement in a transaction of its own; a dry one is rolled back.

        Invalid, in words for the plugin's author, when it cannot be done; TooMany when too many wait already.
        """
        began = time.perf_counter()
        answer, told = Answer([], 0), ""
        try:
            async with self._session() as session:
                answer = await self._run(session, user_id, statement, parameters, is_dry)
        except (Invalid, TooMany, Unavailable) as error:
            told = str(error)
            raise
        finally:
            if watch is not None:
                duration_ms = (time.perf_counter() - began) * 1_000
                watch(Ran(statement.text, duration_ms, answer.affected, told))
        return answer

    async def close(self) -> None:
        """Close every connection."""
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[_Session]:
        if self._waiting >= self._bounds.waiting:
            raise TooMany("too many plugins are asking the database; try again soon", 1)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._bounds.patience_s):
                await self._turns.acquire()
        except TimeoutError:
            raise TooMany("too many plugins are asking the database; try again soon", 1) from None
        finally:
            self._waiting -= 1
        session: _Session | None = None
        try:
            session = self._idle.pop() if self._idle else await _Session.open(self._access)
            yield session
        finally:
            # What does not look as it should is never used again: a statement may have left its transaction.
            if session is not None and session.is_clean:
                self._idle.append(session)
            elif session is not None:
                session.abandon()
            self._turns.release()

    async def _run(
        self, session: _Session, user_id: UUID, statement: Ready, parameters: Sequence[object], is_dry: bool
    ) -> Answer:
        values: list[object] = list(parameters)
        if statement.has_user:
            values.append(str(user_id))
        if statement.has_instant:
            values.append(datetime.now(UTC).isoformat())
        try:
            # The server gives up first; this is for one that does not answer at all.
            async with asyncio.timeout(self._bounds.time_ms / 1_000 + 1):
                return await session.run(statement, values, self._setup(session, user_id), self._bounds, is_dry)
        except (TimeoutError, asyncpg.PostgresError, *_DRIVER, OSError, ValueError) as error:
            raise explain(error, self._bounds.time_ms) from None

    def _setup(self, session: _Session, user_id: UUID) -> str:
        bounds = self._bounds
        local = {
            "devtime.identity": session.signer.sign(user_id),
            "statement_timeout": str(bounds.time_ms),
            "lock_timeout": str(bounds.lock_ms),
            "idle_in_transaction_session_timeout": str(bounds.time_ms + 1_000),
            "work_mem": str(bounds.memory_kb),
            "search_path": "pg_catalog, pg_temp",
            "row_security": "on",
            "timezone": "UTC",
            "datestyle": "ISO, YMD",
            "intervalstyle": "postgres",
            "extra_float_digits": "1",
            "bytea_output": "hex",
        }
        if session.has_transaction_timeout:
            local["transaction_timeout"] = str(bounds.time_ms + 1_000)
        lines = [f"SET LOCAL {name} = {_value(name, value)}" for name, value in local.items()]
        if self._access.assumes_role:
            lines.append(f"SET LOCAL ROLE {quote_name(self._access.assumes_role)}")
        return "; ".join(["BEGIN", *lines])


def _value(name: str, value: str) -> str:
    return value if name in ("search_path", "datestyle") else f"'{value}'"


class _Session:
    """One connection of the plugin role."""

    def __init__(self, connection: Any, signer: Signer) -> None:
        self._connection = connection
        self.signer = signer
        self.has_transaction_timeout: bool = connection.get_server_version().major >= 17
        self.is_clean = True

    @classmethod
    async def open(cls, access: PluginAccess) -> _Session:
        try:
            connection = await cast("Any", asyncpg).connect(
                **access.address.asyncpg(),
                timeout=5,
                statement_cache_size=200,
                server_settings={"application_name": "devtime plugins", "jit": "off"},
            )
            # The driver asks what arrays are made of, and first switches JIT off with functions this role cannot call.
            connection._server_caps = connection._server_caps._replace(jit=False)
            for name, decoder in DECODERS.items():
                await connection.set_type_codec(
                    name, schema="pg_catalog", format="text", encoder=encode, decoder=decoder
                )
            return cls(connection, await Signer.of(connection, access.key))
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            raise unreachable(error) from error

    async def run(self, statement: Ready, values: Sequence[object], setup: str, bounds: Bounds, is_dry: bool) -> Answer:
        """Run in a transaction; whatever goes wrong, it is over afterwards or the session is not clean."""
        self.is_clean = False
        await self._connection.execute(setup)
        try:
            answer = await self._ask(statement, values, bounds)
            if not self._connection.is_in_transaction():
                raise Invalid("", "the statement left its transaction")
            await self._connection.execute("ROLLBACK" if is_dry else "COMMIT")
            self.is_clean = not self._connection.is_in_transaction()
        except (Invalid, asyncpg.PostgresError, asyncpg.InternalClientError, ValueError):
            if self._connection.is_in_transaction() and not self._connection.is_closed():
                await self._connection.execute("ROLLBACK")
                self.is_clean = not self._connection.is_in_transaction()
            raise
        return answer

    async def _ask(self, statement: Ready, values: Sequence[object], bounds: Bounds) -> Answer:
        prepared = await self._connection.prepare(statement.text)
        if not statement.has_rows:
            await prepared.fetch(*values)
            return Answer([], _count(prepared.get_statusmsg()))
        names = [attribute.name for attribute in prepared.get_attributes()]
        cursor = await prepared.cursor(*values)
        rows: list[dict[str, Any]] = []
        size, portion = 0, 4
        while True:
            found = await cursor.fetch(portion)
            for row in found:
                rows.append(dict(zip(names, (_plain(value) for value in row), strict=True)))
                size += len(msgspec.json.encode(rows[-1]))
            if len(rows) > bounds.rows:
                raise Invalid("", f"the statement answers more than {bounds.rows} rows; add a LIMIT")
            if size > bounds.result_bytes:
                raise Invalid("", f"the answer is larger than {bounds.result_bytes} bytes; ask for less at a time")
            if len(found) < portion:
                return Answer(rows, len(rows))
            # As many as are expected to fit into what is left, so that nothing large is ever held.
            left = max(1, (bounds.result_bytes - size) // max(1, size // len(rows)))
            portion = max(1, min(500, left, bounds.rows + 1 - len(rows)))

    async def close(self) -> None:
        """Say goodbye."""
        with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await self._connection.close(timeout=2)

    def abandon(self) -> None:
        """Cut the connection."""
        self._connection.terminate()


def _plain(value: Any) -> Any:
    """Arrays and rows as lists."""
    if isinstance(value, (list, tuple, asyncpg.Record)):
        return [_plain(item) for item in cast("Sequence[Any]", value)]
    return value


def _count(tag: str | None) -> int:
    last = (tag or "").rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0
