"""Running a user's plugin: the sandbox and what it may ask for, as a process holds them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec

from devtime.marketplace.active import ActivePlugin
from devtime.plugins.engine import Limits
from devtime.plugins.engine.pool import Pool
from devtime.plugins.kinds.lifecycle import Call, Ended, Person, run_call
from devtime.plugins.kinds.lifecycle.dry import DryKv
from devtime.plugins.kinds.lifecycle.host import Kv, Sql, Statement


class Rehearsal(msgspec.Struct, frozen=True):
    """How code is tried: `is_dry` keeps nothing of what it writes; `watch` hears of every statement."""

    is_dry: bool = True
    watch: Callable[[Statement], None] | None = None


class Runtime:
    """Runs lifecycle plugins in one process."""

    def __init__(self, pool: Pool, sql: Sql, kv: Kv, base_url: str, limits: Limits | None = None) -> None:
        self.pool = pool
        self.kv = kv
        self._sql = sql
        self._base_url = base_url
        self._limits = limits or Limits()

    async def run(
        self,
        plugin: ActivePlugin,
        user_id: UUID,
        call: Call,
        *,
        until_s: float | None = None,
        rehearsal: Rehearsal | None = None,
    ) -> Ended:
        """Call the plugin for the user. Unavailable when there is no sandbox, or none is free in time."""
        person = Person(
            user_id=user_id,
            plugin=plugin.name,
            version=plugin.version,
            base_url=self._base_url,
            settings=plugin.settings,
        )
        is_dry = rehearsal is not None and rehearsal.is_dry
        return await run_call(
            self.pool,
            plugin.script,
            person,
            call,
            sql=self._sql,
            kv=DryKv(self.kv) if is_dry else self.kv,
            limits=self._limits,
            until_s=until_s,
            is_dry=is_dry,
            watch=rehearsal.watch if rehearsal else None,
        )
