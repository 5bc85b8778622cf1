"""The widgets of a user: what each may do, and how they stand on the dashboard."""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.plugins.grants import Grants
from devtime.store.database import Executor
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace", "widgets.sql")


class WidgetRights(msgspec.Struct, frozen=True, kw_only=True):
    """A widget and what its user granted. It may read, and call the endpoints of plugins by the same author."""

    plugin_id: UUID
    author_id: UUID
    name: str
    granted: Grants


class WidgetPanel(msgspec.Struct, frozen=True, kw_only=True):
    """A widget as it stands on the dashboard. `waiting_version` is newer, and asks for more than the user was shown."""

    plugin_id: UUID
    name: str
    display_name: str
    icon: str
    author: str
    version: str
    waiting_version: str | None
    has_settings: bool


async def fetch_widget_rights(database: Executor, user_id: UUID, plugin_id: UUID) -> WidgetRights | None:
    """As they are now; None when the user has not installed the plugin, or it may not run."""
    row = await database.fetchrow(_QUERIES["fetch_widget_rights"], user_id, plugin_id)
    if row is None:
        return None
    granted = msgspec.convert(row["granted"], Grants).within(msgspec.convert(row["asks"], Grants))
    return WidgetRights(plugin_id=row["plugin_id"], author_id=row["author_id"], name=row["name"], granted=granted)


async def list_panels(database: Executor, user_id: UUID) -> list[WidgetPanel]:
    """The user's widgets that may run: in the order the user gave them, then as they were installed."""
    rows = await database.fetch(_QUERIES["list_panels"], user_id)
    return [WidgetPanel(**{name: row[name] for name in WidgetPanel.__struct_fields__}) for row in rows]
