"""The panels of a user's dashboard: installed plugins with their scripts, in the order the user gave them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from devtime.kernel.errors import Invalid
from devtime.store.database import Database, Executor
from devtime.store.sqlfile import load

MOST_PANELS = 100

_QUERIES = load("devtime.marketplace", "panels.sql")


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One installed plugin as a panel. `script` is the newest, `accepted_script` the one that runs."""

    panel: str
    title: str
    icon: str
    plugin_type: str
    widget_type: str
    api_endpoint: str | None
    plugin_id: UUID
    version: str
    script: str | None
    accepted_version: str
    accepted_script: str


async def list_panels(database: Executor, user_id: UUID) -> list[Panel]:
    """Those with a place first, then in the order they were installed."""
    rows = await database.fetch(_QUERIES["list_panels"], user_id)
    return [Panel(**{name: row[name] for name in Panel.__struct_fields__}) for row in rows]


async def order_panels(database: Database, user_id: UUID, names: Sequence[str]) -> None:
    """Give the named panels their places, in place of any order before; a name told twice counts once."""
    if len(names) > MOST_PANELS:
        raise Invalid("panel_names", f"are {MOST_PANELS} at most")
    places = [name for name in dict.fromkeys(names) if 0 < len(name) <= 64 and name.isprintable()]
    async with database.transaction() as connection:
        # Two at once would each write over half of the other's.
        await connection.execute(_QUERIES["lock_order"], user_id)
        await connection.execute(_QUERIES["forget_order"], user_id)
        for position, name in enumerate(places):
            await connection.execute(_QUERIES["insert_place"], user_id, name, position)
