"""`/api/plugins/mine`: what one published, as it was handed in. The store itself is in CodeTrackr's dialect."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.api.documents import USUAL, problems
from devtime.kernel.errors import NotFound
from devtime.marketplace.listings import fetch_listing_by_name
from devtime.marketplace.looking import fetch_source
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts


class OwnPluginAnswer(msgspec.Struct, frozen=True):
    """A plugin as its author handed it in: `manifest` has the fields of `plugin.json`."""

    manifest: dict[str, Any]
    script: str | None
    revision: int


@get(
    "/plugins/mine/{name:str}",
    guards=[requires("read")],
    responses=problems(*USUAL, 404),
    tags=["Plugins"],
    summary="A plugin of one's own",
)
async def get_own_plugin(
    name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> OwnPluginAnswer:
    """Its manifest and script; 404 when one has published none of that name."""
    listing = await fetch_listing_by_name(parts.database, name)
    if listing.author_id != identity.user_id:
        raise NotFound("Plugin not found")
    source = await fetch_source(parts.database, listing.id, listing.revision)
    manifest: dict[str, Any] = {
        "name": listing.name,
        "display_name": listing.display_name,
        "version": listing.version,
        "description": listing.description or "",
        "icon": listing.icon,
        "plugin_type": listing.plugin_type,
        "widget_type": listing.widget_type,
        "repository": listing.repository or "",
        "settings_schema": listing.settings_schema,
        "grants": msgspec.to_builtins(listing.grants) if listing.grants else None,
        "category": listing.category,
        "tags": listing.tags,
    }
    return OwnPluginAnswer(manifest, source.text, listing.revision)
