"""What a plugin needs besides itself: the plugins its description names, and those they name."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.kernel.errors import Conflict
from devtime.plugins.grants import Grants
from devtime.store.database import Executor
from devtime.store.sqlfile import load

MOST_DEPENDENCIES = 20

_QUERIES = load("devtime.marketplace", "dependencies.sql")


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that is needed. `plugin_id` is None when there is none of that name, or it may not be installed."""

    name: str
    plugin_id: UUID | None = None
    display_name: str | None = None
    grants: Grants = Grants()


async def find_needs(database: Executor, plugin_id: UUID) -> list[Need]:
    """All that installing it brings along, however deep, each once; Conflict when they are too many."""
    found: dict[str, Need] = {}
    asked = {plugin_id}
    layer = [plugin_id]
    while layer:
        rows = await database.fetch(_QUERIES["fetch_needs"], layer)
        layer: list[UUID] = []
        for row in rows:
            needed: UUID | None = row["id"]
            if row["name"] in found or needed == plugin_id:
                continue
            is_there = row["is_available"] is True
            found[row["name"]] = Need(
                name=row["name"],
                plugin_id=needed if is_there else None,
                display_name=row["display_name"] if is_there else None,
                grants=msgspec.convert(row["grants"], Grants) if is_there else Grants(),
            )
            if is_there and needed is not None and needed not in asked:
                asked.add(needed)
                layer.append(needed)
        if len(asked) > MOST_DEPENDENCIES + 1:
            raise Conflict(f"it needs more than {MOST_DEPENDENCIES} other plugins")
    return list(found.values())
