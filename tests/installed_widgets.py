"""Widgets for tests: installed for somebody as the store leaves them, and seen on the dashboard of a real browser."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

import msgspec
from playwright.sync_api import FrameLocator, Locator, Page

from devtime.plugins.grants import Grants
from devtime.store.database import Database
from instances import Instance, Resident

_LIST = """
INSERT INTO plugin_listings (id, author_id, name, display_name, plugin_type, script, grants, icon)
VALUES ($1, $2, $3, $4, $5, $6, $7, '🔥')
"""
_INSTALL = """
INSERT INTO installed_plugins (user_id, plugin_id, asked, granted, installed_at)
VALUES ($1, $2, $3, $3, clock_timestamp())
"""


async def install_plugin(
    database: Database,
    user_id: UUID,
    name: str,
    script: str,
    *,
    grants: Grants | None = None,
    author: UUID | None = None,
    plugin_type: str = "widget",
    title: str = "",
) -> UUID:
    """Publish and install it."""
    plugin_id, told = uuid4(), msgspec.to_builtins(grants or Grants())
    author_id = author or user_id
    await database.execute(_LIST, plugin_id, author_id, name, title or name, plugin_type, script, told)
    await database.execute(_INSTALL, user_id, plugin_id, told)
    return plugin_id


def give_widgets(
    instance: Instance, resident: Resident, scripts: Sequence[str], *, grants: Grants | None = None, title: str = ""
) -> list[str]:
    """Install a widget for each script; answers their names."""
    names = [f"w{uuid4().hex[:12]}" for _ in scripts]

    async def work(database: Database) -> None:
        for name, script in zip(names, scripts, strict=True):
            await install_plugin(database, resident.id, name, script, grants=grants, title=title)

    instance.reach(work)
    return names


def panel(page: Page, name: str) -> Locator:
    """The panel of a widget."""
    return page.locator(f'[data-widget="{name}"]')


def inside(page: Page, name: str) -> FrameLocator:
    """What a widget shows."""
    return panel(page, name).frame_locator("iframe")
