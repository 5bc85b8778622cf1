"""Installed plugins of Ada and Bob, and what it takes to run their hooks: one turn at a time, or by dispatchers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from devtime.activity.ingest import Ingest
from devtime.kernel.ids import new_uuid
from devtime.marketplace.hooks.dispatching import Dispatcher
from devtime.marketplace.hooks.events import WITNESS
from devtime.marketplace.hooks.logs import Written, fetch_log
from devtime.marketplace.hooks.queue import enqueue_install
from devtime.marketplace.hooks.turns import Rules, take_turn
from devtime.marketplace.running import Runtime
from devtime.plugins.engine.pool import Pool
from devtime.wire.heartbeat import Heartbeat
from plugin_stage import Stage

QUICK = Rules(lease_s=20, pause_s=0.0, rest_share=0.0, longest_rest_s=0.0, failures=3)
NOW_MS = 1_790_000_000_000


class Farm:
    """Plugins of Ada and Bob, and dispatchers that run them."""

    sent = 0

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.database = stage.plugins.database
        self.ada = stage.plugins.ada
        self.ingest = Ingest(self.database, witness=WITNESS)
        self.runtime = Runtime(stage.pool, stage.plugins.sql, stage.kv, "http://localhost")

    async def install(self, name: str, script: str, user: UUID | None = None) -> UUID:
        """Publish and install in one go."""
        user = user or self.stage.plugins.ada
        plugin_id: UUID = await self.database.fetchval(
            """INSERT INTO plugin_listings (id, author_id, name, display_name, script, plugin_type)
            VALUES ($1, $2, $3, $3, $4, 'lifecycle')
            ON CONFLICT (name) DO UPDATE SET script = excluded.script RETURNING id""",
            new_uuid(),
            self.stage.plugins.ada,
            name,
            script,
        )
        async with self.database.transaction() as connection:
            insert = "INSERT INTO installed_plugins (user_id, plugin_id, accepted_script) VALUES ($1, $2, $3)"
            await connection.execute(insert, user, plugin_id, script)
            await enqueue_install(connection, user, plugin_id)
        return plugin_id

    async def beat(self, count: int = 1, *, user: UUID | None = None, project: str = "p", **options: Any) -> list[str]:
        """Record so many heartbeats in one request; answers their files."""
        beats = [
            Heartbeat(
                time_ms=NOW_MS + (self.sent + n) * 1_000,
                identity=self.sent + n,
                tool="vim",
                project=project,
                file=f"f{self.sent + n}",
            )
            for n in range(count)
        ]
        Farm.sent += count
        await self.ingest.record(user or self.stage.plugins.ada, beats, **options)
        return [beat.file for beat in beats]

    async def kept(self, name: str, key: str, user: UUID | None = None) -> str | None:
        """A key of a plugin."""
        return await self.stage.kv.get(user or self.stage.plugins.ada, name, key)

    async def turn(self, plugin_id: UUID, user: UUID | None = None, rules: Rules = QUICK) -> None:
        """One turn."""
        await take_turn(self.database, self.runtime, rules, user or self.stage.plugins.ada, plugin_id)

    async def log(self, plugin_id: UUID, user: UUID | None = None, **options: Any) -> list[Written]:
        """What the plugin wrote."""
        return await fetch_log(self.database, user or self.stage.plugins.ada, plugin_id, limit=500, **options)

    async def run_row(self, plugin_id: UUID) -> Any:
        """Where it stands."""
        return await self.database.fetchrow("SELECT * FROM plugin_runs WHERE plugin_id = $1", plugin_id)

    async def make_due(self, plugin_id: UUID) -> None:
        """Let the next tick be due now."""
        await self.database.execute("UPDATE plugin_runs SET next_tick_at = now() WHERE plugin_id = $1", plugin_id)

    @asynccontextmanager
    async def working(self, pools: int = 1, rules: Rules = QUICK) -> AsyncIterator[list[Pool]]:
        """Dispatchers at work, each with a pool of its own."""
        stopping = asyncio.Event()
        made = [Pool(self.stage.folder, workers=1) for _ in range(pools)]
        tasks = [
            asyncio.create_task(
                Dispatcher(
                    self.database,
                    Runtime(pool, self.stage.plugins.sql, self.stage.kv, "http://localhost"),
                    tell=nobody,
                    rules=rules,
                ).run(stopping)
            )
            for pool in made
        ]
        try:
            yield made
        finally:
            stopping.set()
            await asyncio.gather(*tasks)
            for pool in made:
                await pool.close()

    async def until(self, holds: Callable[[], Any], seconds: float = 30) -> None:
        """Wait until something holds."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not await holds():
            assert asyncio.get_running_loop().time() < deadline, "it never came to be"
            await asyncio.sleep(0.05)


async def nobody(_user: UUID) -> None:
    """Tell nobody."""
