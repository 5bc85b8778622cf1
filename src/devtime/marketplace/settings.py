"""A user's settings of a plugin: its defaults, and over them what the user chose, checked against its schema."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from devtime.kernel.clock import now_ms
from devtime.kernel.errors import Invalid, NotFound
from devtime.kernel.ids import new_uuid
from devtime.marketplace.settings_schema import MOST_SETTINGS_BYTES, check_settings, defaults_of
from devtime.store.database import Database, Executor, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace", "settings.sql")


class PluginSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Whose they are, what they may be, and what they are."""

    name: str
    display_name: str
    settings_schema: dict[str, Any] | None
    settings: dict[str, Any]


async def fetch_settings(database: Executor, user_id: UUID, plugin_id: UUID) -> PluginSettings:
    """NotFound when the user has not installed it."""
    row = await database.fetchrow(_QUERIES["fetch_settings"], user_id, plugin_id)
    if row is None:
        raise NotFound("Plugin not found or not installed")
    return _settings(row, row["settings"])


async def change_settings(database: Database, user_id: UUID, plugin_id: UUID, told: Any) -> PluginSettings:
    """Keep what is told. What the plugin itself keeps beside the settings of its schema stays."""
    async with database.transaction() as connection:
        row = await connection.fetchrow(_QUERIES["fetch_settings"], user_id, plugin_id)
        if row is None:
            raise NotFound("Plugin not found or not installed")
        schema: dict[str, Any] | None = row["settings_schema"]
        stored: dict[str, Any] = row["settings"] or {}
        chosen = check_settings(schema, told)
        known: set[str] = set(schema.get("properties", {})) if schema else set(stored)
        kept = {name: value for name, value in stored.items() if name not in known}
        settings = {**kept, **chosen}
        if len(msgspec.json.encode(settings)) > MOST_SETTINGS_BYTES - 1_024:
            raise Invalid("settings", f"are larger than {MOST_SETTINGS_BYTES:,} bytes with what the plugin keeps there")
        await connection.execute(_QUERIES["store_settings"], user_id, row["name"], new_uuid(), settings, now_ms())
    return _settings(row, settings)


def _settings(row: Row, chosen: dict[str, Any] | None) -> PluginSettings:
    schema = row["settings_schema"]
    return PluginSettings(
        name=row["name"],
        display_name=row["display_name"],
        settings_schema=schema,
        settings={**defaults_of(schema), **(chosen or {})},
    )
