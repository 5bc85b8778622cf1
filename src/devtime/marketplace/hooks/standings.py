"""How the hooks of a user's plugins stand, for that user to see."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.store.database import Executor, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace.hooks", "logs.sql")


class RunStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One plugin's; instants in epoch milliseconds."""

    plugin_id: UUID
    name: str
    display_name: str
    is_known: bool
    may_run: bool
    hears: bool
    next_tick_at: int | None
    failures: int
    trouble: str | None
    paused_at: int | None
    runs: int
    last_run_at: int | None
    lines: int

    @property
    def state(self) -> str:
        """`withdrawn`: banned or unpublished; `waiting`: not looked at yet; else `paused`, `failing` or `running`."""
        if not self.may_run:
            return "withdrawn"
        if self.paused_at is not None:
            return "paused"
        if self.failures:
            return "failing"
        return "running" if self.is_known else "waiting"


async def list_runs(database: Executor, user_id: UUID) -> list[RunStanding]:
    """All of the user's, by name."""
    return [_standing(row) for row in await database.fetch(_QUERIES["list_runs"], user_id, None)]


async def find_run(database: Executor, user_id: UUID, name: str) -> RunStanding | None:
    """That of the plugin of that name; None when it is not installed or has no hooks."""
    row = await database.fetchrow(_QUERIES["list_runs"], user_id, name)
    return None if row is None else _standing(row)


def _standing(row: Row) -> RunStanding:
    return RunStanding(**{field: row[field] for field in RunStanding.__struct_fields__})
