"""What a lifecycle plugin may ask for: its user's rows and its own keys. Whose they are is decided here, once a run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from uuid import UUID

import msgspec

from devtime.kernel.errors import DevTimeError, Invalid
from devtime.plugins.engine import HostError
from devtime.plugins.sql import Checked, check_statement

CAPABILITIES = frozenset({"db.query", "redis.get", "redis.set", "redis.del", "redis.incr", "redis.expire", "redis.ttl"})
"""The calls the prelude makes."""

_EXACT = 2**53


class Rows(Protocol):
    """What a statement answered."""

    @property
    def rows(self) -> list[dict[str, Any]]: ...


class Sql(Protocol):
    """Runs a checked statement on one user's rows; errors say what is wrong in words for the plugin's author."""

    async def run(
        self,
        user_id: UUID,
        statement: Checked,
        parameters: Sequence[object] = (),
        *,
        is_dry: bool = False,
        watch: Callable[[Any], None] | None = None,
    ) -> Rows: ...


class Kv(Protocol):
    """Keeps strings of one plugin and user."""

    async def get(self, user_id: UUID, plugin: str, key: str) -> str | None: ...
    async def set(self, user_id: UUID, plugin: str, key: str, value: str, ttl_s: int | None = None) -> None: ...
    async def delete(self, user_id: UUID, plugin: str, key: str) -> bool: ...
    async def increment(self, user_id: UUID, plugin: str, key: str, by: int = 1) -> int: ...
    async def expire(self, user_id: UUID, plugin: str, key: str, ttl_s: int) -> bool: ...
    async def ttl(self, user_id: UUID, plugin: str, key: str) -> int | None: ...


class Statement(msgspec.Struct, frozen=True):
    """What became of a statement: the plugin's own text, rows read or written, the error if it had one."""

    sql: str
    duration_ms: float
    rows: int
    error: str = ""


class LifecycleHost:
    """The host calls of one run of one user's plugin."""

    def __init__(
        self,
        user_id: UUID,
        plugin: str,
        sql: Sql,
        kv: Kv,
        *,
        until_s: float | None = None,
        is_dry: bool = False,
        watch: Callable[[Statement], None] | None = None,
    ) -> None:
        """`is_dry`: every statement is rolled back; keys are the given `kv`'s business. `watch` hears of statements.

        After `until_s` of the event loop's clock nothing is done any more.
        """
        self._user_id = user_id
        self._plugin = plugin
        self._sql = sql
        self._kv = kv
        self._until_s = until_s
        self._is_dry = is_dry
        self._watch = watch
        self.met_outage = False
        """Whether something it asked for was not there for reasons that are not the plugin's."""

    async def call(self, name: str, args_json: str) -> str:
        """The answer as JSON; HostError in words for the plugin's author."""
        if self._until_s is not None and asyncio.get_running_loop().time() > self._until_s:
            # A process that slept through its lease must not act any more: somebody else may be at it.
            raise HostError("late", "the time of this run is over")
        try:
            answer = await self._answer(name, args_json)
        except Invalid as error:
            raise HostError("refused", error.reason) from None
        except DevTimeError as error:
            self.met_outage = True
            raise HostError("unavailable", str(error)) from None
        return msgspec.json.encode(answer).decode()

    async def _answer(self, name: str, args_json: str) -> object:
        user_id, plugin, kv = self._user_id, self._plugin, self._kv
        try:
            match name:
                case "db.query":
                    sql, parameters = _read(args_json, tuple[str, list[Any]])
                    return await self._query(sql, parameters)
                case "redis.get":
                    (key,) = _read(args_json, tuple[str])
                    return await kv.get(user_id, plugin, key)
                case "redis.set":
                    key, value, ttl_s = _read(args_json, tuple[str, str, int | None])
                    return await kv.set(user_id, plugin, key, value, ttl_s)
                case "redis.del":
                    (key,) = _read(args_json, tuple[str])
                    return int(await kv.delete(user_id, plugin, key))
                case "redis.incr":
                    key, by = _read(args_json, tuple[str, int])
                    total = await kv.increment(user_id, plugin, key, by)
                    return total if abs(total) <= _EXACT else str(total)
                case "redis.expire":
                    key, seconds = _read(args_json, tuple[str, int])
                    return int(await kv.expire(user_id, plugin, key, seconds))
                case "redis.ttl":
                    (key,) = _read(args_json, tuple[str])
                    return await kv.ttl(user_id, plugin, key)
                case _:
                    raise HostError("forbidden", f"{name} is not available to plugins")
        except msgspec.DecodeError:
            raise HostError("invalid", f"{name} was not called with what it takes") from None

    async def _query(self, sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
        began = asyncio.get_running_loop().time()
        rows, told = 0, ""

        def note(ran: Any) -> None:
            nonlocal rows
            rows = ran.rows

        try:
            checked = check_statement(sql, len(parameters))
            answer = await self._sql.run(self._user_id, checked, parameters, is_dry=self._is_dry, watch=note)
            return answer.rows
        except DevTimeError as error:
            told = error.reason if isinstance(error, Invalid) else str(error)
            raise
        finally:
            if self._watch is not None:
                took_ms = (asyncio.get_running_loop().time() - began) * 1_000
                self._watch(Statement(sql, took_ms, rows, told))


def _read(args_json: str, kind: type[Any]) -> Any:
    return msgspec.json.decode(args_json.encode(), type=kind)
