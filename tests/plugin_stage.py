"""Lifecycle plugins on a real sandbox and a real database: one stage, two users, and scripts as authors write them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec

from database import TestServer
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.lifecycle import Call, Ended, Person, run_call
from devtime.plugins.kinds.lifecycle.calls import rpc
from devtime.plugins.kinds.lifecycle.dry import DryKv
from devtime.plugins.kinds.lifecycle.host import Kv, Statement
from devtime.store.address import Address
from devtime.store.plugin_kv_table import TableKv
from plugin_database import PluginDatabase, plugin_database


@dataclass
class Stage:
    """Where scripts are run for Ada, or for whom is said."""

    pool: Pool
    plugins: PluginDatabase
    kv: Kv
    folder: Path
    statements: list[Statement] = field(default_factory=list[Statement])

    async def call(
        self,
        script: str,
        trigger: str,
        argument: object = None,
        *,
        user: UUID | None = None,
        name: str = "my-plugin",
        is_dry: bool = False,
    ) -> Ended:
        """One call; the argument is the heartbeat of `on_heartbeat`, or the body of an endpoint."""
        given = msgspec.json.encode(argument)
        call = rpc(trigger.removeprefix("rpc:"), given) if trigger.startswith("rpc:") else None
        person = Person(
            user_id=user or self.plugins.ada,
            plugin=name,
            version="1.0.0",
            base_url="http://localhost:8765",
            settings={"a": 1},
        )
        self.statements.clear()
        return await run_call(
            self.pool,
            script,
            person,
            call or Call(trigger=trigger, heartbeat_json=given),
            sql=self.plugins.sql,
            kv=DryKv(self.kv) if is_dry else self.kv,
            watch=self.statements.append,
            is_dry=is_dry,
        )


@asynccontextmanager
async def open_stage(server: TestServer, address: Address, compiled: Path) -> AsyncGenerator[Stage]:
    """A stage with two workers."""
    pool = Pool(compiled, workers=2)
    try:
        async with plugin_database(server, address) as plugins:
            yield Stage(pool, plugins, TableKv(plugins.database), compiled)
    finally:
        await pool.close()
