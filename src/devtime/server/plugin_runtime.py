"""The runtime of lifecycle plugins of one process: sandboxes, the way into the database, keys; made when first used."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from devtime.kernel.errors import Unavailable
from devtime.kernel.settings import Settings
from devtime.marketplace.running import Runtime
from devtime.plugins.engine.pool import Pool
from devtime.plugins.sql import Checked
from devtime.store.address import parse_address
from devtime.store.database import Database
from devtime.store.embedded import find
from devtime.store.plugin_access import find_access
from devtime.store.plugin_kv import PluginKv
from devtime.store.plugin_kv_redis import RedisKv
from devtime.store.plugin_kv_table import TableKv
from devtime.store.plugin_sql import Answer, Bounds, PluginSql
from devtime.store.roles import PLUGIN_ROLE

_AGAIN_S = 10.0


class LateSql:
    """Plugin SQL that finds its way in when the first statement comes. Unavailable tells why there is none."""

    def __init__(self, settings: Settings, dsn: str, bounds: Bounds) -> None:
        self._settings = settings
        self._dsn = dsn
        self._bounds = bounds
        self._sql: PluginSql | None = None
        self._trouble: Unavailable | None = None
        self._again_s = 0.0
        self._finding = asyncio.Lock()

    async def run(
        self,
        user_id: UUID,
        statement: Checked,
        parameters: Sequence[object] = (),
        *,
        is_dry: bool = False,
        watch: Callable[[Any], None] | None = None,
    ) -> Answer:
        """As `PluginSql.run`."""
        sql = self._sql or await self._find()
        return await sql.run(user_id, statement, parameters, is_dry=is_dry, watch=watch)

    async def close(self) -> None:
        """Close the connections."""
        if self._sql is not None:
            await self._sql.close()

    async def _find(self) -> PluginSql:
        async with self._finding:
            now_s = asyncio.get_running_loop().time()
            if self._trouble is not None and now_s < self._again_s:
                raise self._trouble
            if self._sql is None:
                try:
                    self._sql = await find_plugin_sql(self._settings, self._dsn, self._bounds)
                except Unavailable as error:
                    self._trouble, self._again_s = error, now_s + _AGAIN_S
                    raise
            return self._sql


async def find_plugin_sql(settings: Settings, dsn: str, bounds: Bounds | None = None) -> PluginSql:
    """The way plugins take into the database: with the built-in one's own role, or as DATABASE_URL allows."""
    core = parse_address(dsn)
    built_in = None if settings.database_url else find(settings.home)
    login = None if built_in is None else core.with_role(PLUGIN_ROLE, built_in.plugin_password)
    return PluginSql(await find_access(core, login), bounds)


def make_kv(settings: Settings, database: Database) -> PluginKv:
    """Where plugins keep keys: in the Redis of REDIS_URL, or in the database."""
    return RedisKv(settings.redis_url) if settings.redis_url else TableKv(database)


class ProcessRuntime(Runtime):
    """The runtime with what it must close."""

    def __init__(self, settings: Settings, dsn: str, database: Database, pool: Pool) -> None:
        # Every process holds its own, and the built-in database takes 32 of them.
        bounds = Bounds(at_once=max(1, min(3, 24 // (settings.workers + 1))))
        self._late = LateSql(settings, dsn, bounds)
        self._kv = make_kv(settings, database)
        super().__init__(pool, self._late, self._kv, settings.address)

    async def forget_keys(self, user_id: UUID, plugin: str) -> None:
        """Forget what a removed plugin kept."""
        await self._kv.clear(user_id, plugin)

    async def close(self) -> None:
        """Leave no process and no connection."""
        await self.pool.close()
        await self._late.close()
        await self._kv.close()
