"""The plugins that run for a user: installed, neither banned nor withdrawn.

The newest revision runs, unless it asks for more than the user was shown: then the one they accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from devtime.marketplace.settings_schema import defaults_of
from devtime.plugins.grants import Grants
from devtime.store.database import Executor, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace", "active.sql")


class ActivePlugin(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin as it runs for one user. `plugin_type` is `widget` or `lifecycle`; `script` is the one to run."""

    plugin_id: UUID
    author_id: UUID
    name: str
    display_name: str
    version: str
    plugin_type: str
    script: str
    settings: Mapping[str, Any]
    granted: Grants


async def list_active(database: Executor, user_id: UUID) -> list[ActivePlugin]:
    """All of the user's, in the order they were installed."""
    return [_active(row) for row in await database.fetch(_QUERIES["list_active"], user_id, None, None)]


async def find_active(database: Executor, user_id: UUID, name: str) -> ActivePlugin | None:
    """The one of that name; None when the user has not installed it, or it may not run."""
    row = await database.fetchrow(_QUERIES["list_active"], user_id, name, None)
    return None if row is None else _active(row)


async def find_active_by_id(database: Executor, user_id: UUID, plugin_id: UUID) -> ActivePlugin | None:
    """The one with that id; None as for `find_active`."""
    row = await database.fetchrow(_QUERIES["list_active"], user_id, None, plugin_id)
    return None if row is None else _active(row)


async def find_author(database: Executor, name: str) -> UUID | None:
    """Whose the plugin of that name is; None when there is none."""
    return await database.fetchval(_QUERIES["find_author"], name)


def _active(row: Row) -> ActivePlugin:
    return ActivePlugin(
        plugin_id=row["plugin_id"],
        author_id=row["author_id"],
        name=row["name"],
        display_name=row["display_name"],
        version=row["version"],
        plugin_type=row["plugin_type"],
        script=row["script"],
        settings={**defaults_of(row["settings_schema"]), **(row["settings"] or {})},
        granted=msgspec.convert(row["granted"], Grants).within(msgspec.convert(row["asks"], Grants)),
    )
