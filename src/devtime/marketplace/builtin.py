"""The plugins and themes that come with DevTime, published as strangers' are, by an account nobody signs in to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from uuid import UUID

import msgspec

from devtime.kernel.errors import DevTimeError
from devtime.marketplace.drafts import LONGEST_CHANGELOG, Draft
from devtime.marketplace.publishing import publish
from devtime.marketplace.themes import ThemeDraft, publish_theme
from devtime.plugins.builtin.themes import list_themes
from devtime.store.database import Database

_LOG = logging.getLogger("devtime.marketplace")


def read_builtin() -> Iterator[Draft]:
    """What comes with this version, in the order of names."""
    folder = files("devtime.plugins.builtin").joinpath("store")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.joinpath("plugin.json").is_file():
            yield _read(entry)


async def publish_builtin(database: Database, author_id: UUID) -> int:
    """Publish all of it; answers how many could be. Again it changes nothing.

    One whose name somebody took before it came along is left out, and the log says so.
    """
    published = 0
    for draft in read_builtin():
        try:
            await publish(database, author_id, draft)
        except DevTimeError as error:
            _LOG.warning("the plugin %s that comes with DevTime was not published: %s", draft.name, error)
        else:
            published += 1
    return published


async def publish_builtin_themes(database: Database, author_id: UUID) -> int:
    """Publish the themes as `publish_builtin` does the plugins."""
    published = 0
    for theme in list_themes():
        draft = ThemeDraft(
            name=theme.name,
            display_name=theme.display_name,
            description=theme.description,
            version=theme.version,
            icon=theme.icon,
            variables=dict(theme.variables),
        )
        try:
            await publish_theme(database, author_id, draft)
        except DevTimeError as error:
            _LOG.warning("the theme %s that comes with DevTime was not published: %s", theme.name, error)
        else:
            published += 1
    return published


def _read(folder: Traversable) -> Draft:
    draft = msgspec.json.decode(folder.joinpath("plugin.json").read_bytes(), type=Draft)
    draft.script = folder.joinpath("plugin.js").read_text("utf-8")
    draft.changelog = _newest(folder.joinpath("CHANGELOG.md").read_text("utf-8"))
    return draft


def _newest(changes: str) -> str:
    """What is under the first version of `CHANGELOG.md`."""
    return changes.partition("\n## ")[2].partition("\n")[2].partition("\n## ")[0].strip()[:LONGEST_CHANGELOG]
