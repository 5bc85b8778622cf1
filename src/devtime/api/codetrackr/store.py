"""`/api/v1/store`: what anybody may see of the store, publishing, and what authors do with their own."""

from __future__ import annotations

from typing import cast, get_args
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, RawBody

from devtime.api.codetrackr.store_shapes import read_body, store_plugin
from devtime.api.documents import USUAL, plain_errors, takes
from devtime.kernel.clock import to_rfc3339
from devtime.kernel.errors import Invalid, NotFound
from devtime.marketplace.dependencies import find_needs
from devtime.marketplace.drafts import Draft
from devtime.marketplace.listings import MOST_A_PAGE, Listing, Search, Sort, fetch_listing, list_own, search_listings
from devtime.marketplace.moderation import delete_own
from devtime.marketplace.opinions import list_reviews, list_screenshots
from devtime.marketplace.publishing import publish
from devtime.marketplace.versions import compare_versions, list_versions
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.plugin_sources import translate
from devtime.wire.store import (
    Done,
    PluginDetail,
    PluginDiff,
    PluginPublished,
    PluginReview,
    PluginRevision,
    PluginScreenshot,
    PluginScript,
    StorePlugins,
)

_TEXT = {"type": ["string", "null"]}
_PUBLISH = {
    "type": "object",
    "required": ["name", "display_name"],
    "properties": {
        "name": {"type": "string", "description": "Kebab-case; the same name again is an update."},
        "display_name": {"type": "string", "maxLength": 128},
        "description": _TEXT | {"maxLength": 90, "description": "`@name` says that it needs that plugin."},
        "version": _TEXT,
        "icon": _TEXT,
        "plugin_type": {"enum": ["widget", "lifecycle", None], "description": "Told by the script if absent."},
        "widget_type": {"enum": ["counter", "chart", "list", "text", "progress", None]},
        "repository": _TEXT,
        "api_endpoint": _TEXT,
        "script": _TEXT,
        "settings_schema": {"type": ["object", "null"]},
        "grants": {"type": ["object", "null"], "description": "`hosts` and `scopes` it asks its users for."},
        "category": _TEXT,
        "tags": {"type": ["array", "null"], "items": {"type": "string"}},
        "changelog": _TEXT,
        "has_external_access": {"type": ["boolean", "null"]},
    },
}


@get("/store", security=[{}], responses=plain_errors(400, 503), summary="The plugins of the store")
async def get_store(
    parts: NamedDependency[Parts],
    q: FromQuery[str] = "",
    sort: FromQuery[str] = "installs",
    category: FromQuery[str | None] = None,
    tag: FromQuery[str | None] = None,
    plugin_type: FromQuery[str | None] = None,
    author: FromQuery[str | None] = None,
    limit: FromQuery[int] = MOST_A_PAGE,
    offset: FromQuery[int] = 0,
) -> StorePlugins:
    """`sort` is `installs`, `rating`, `newest`, `updated` or `name`; `limit` 100 at most. Scripts are not listed."""
    if sort not in get_args(Sort):
        raise Invalid("sort", f"is one of {', '.join(get_args(Sort))}")
    if any("\0" in (text or "") for text in (category, tag, plugin_type, author)):
        raise Invalid("", "must not hold control characters")
    limit, offset = max(1, min(limit, MOST_A_PAGE)), max(0, min(offset, 2**31))
    search = Search(
        words=q, sort=cast("Sort", sort), category=category, tag=tag, plugin_type=plugin_type, author=author,
        limit=limit, offset=offset,
    )  # fmt: skip
    page = await search_listings(parts.database, search)
    return StorePlugins([store_plugin(listing) for listing in page.listings], page.total, limit, offset)


@post(
    "/store/publish",
    status_code=200,
    guards=[requires("full")],
    responses=plain_errors(*USUAL, 409, 413, 429),
    operation_class=takes(_PUBLISH),
    summary="Publish a plugin, or its next version",
)
async def publish_plugin(
    body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> PluginPublished:
    """Only its author may publish under a name again. What is left out of an update stays as it was."""
    parts.limits.take_publish(identity)
    draft = await translate(parts.plugins.runtime.pool, read_body(body, Draft), str(identity.user_id))
    published = await publish(parts.database, identity.user_id, draft)
    return PluginPublished(plugin=store_plugin(await fetch_listing(parts.database, published.plugin_id)))


@get("/store/my", guards=[requires("read")], responses=plain_errors(*USUAL), summary="One's own plugins")
async def get_own_plugins(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> StorePlugins:
    """Banned ones too."""
    own = [store_plugin(listing) for listing in await list_own(parts.database, identity.user_id)]
    return StorePlugins(own, len(own), len(own), 0)


@delete(
    "/store/my/{plugin_id:uuid}",
    status_code=200,
    guards=[requires("full")],
    responses=plain_errors(*USUAL, 404),
    summary="Take one's own plugin out of the store",
)
async def delete_own_plugin(
    plugin_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Done:
    """It stops running for everybody. Its name stays its author's."""
    await delete_own(parts.database, identity.user_id, plugin_id)
    return Done("deleted")


@get(
    "/store/plugin/{plugin_id:uuid}/script",
    guards=[requires("read")],
    responses=plain_errors(*USUAL, 404),
    summary="A plugin's script",
)
async def get_script(
    plugin_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> PluginScript:
    """The newest one."""
    return PluginScript((await _visible(parts, plugin_id, identity)).script)


@get(
    "/store/plugin/{plugin_id:uuid}/detail",
    security=[{}],
    responses=plain_errors(404, 503),
    summary="All about a plugin",
)
async def get_detail(
    plugin_id: FromPath[UUID], parts: NamedDependency[Parts], visitor: NamedDependency[Identity | None]
) -> PluginDetail:
    """With its script, newest 50 reviews and 20 screenshots."""
    listing = await _visible(parts, plugin_id, visitor)
    reviews = await list_reviews(parts.database, plugin_id)
    screenshots = await list_screenshots(parts.database, plugin_id)
    versions = await list_versions(parts.database, plugin_id)
    return PluginDetail(
        plugin=store_plugin(listing),
        author_username=listing.author_username,
        reviews=[
            PluginReview(review.username, review.body, review.rating, to_rfc3339(review.created_at))
            for review in reviews
        ],
        screenshots=[
            PluginScreenshot(shot.url, shot.caption, shot.username, to_rfc3339(shot.created_at)) for shot in screenshots
        ],
        versions=[
            PluginRevision(version.revision, version.version, version.changelog, to_rfc3339(version.created_at))
            for version in versions
        ],
        grants=listing.grants.describe(),
        needs=[need.name for need in await find_needs(parts.database, plugin_id)],
    )


@get(
    "/store/plugin/{plugin_id:uuid}/diff",
    security=[{}],
    responses=plain_errors(400, 404, 503),
    summary="What changed between two versions",
)
async def get_diff(
    plugin_id: FromPath[UUID],
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Identity | None],
    old: FromQuery[int],
    new: FromQuery[int],
) -> PluginDiff:
    """`old` and `new` are revisions, as `detail` tells them."""
    await _visible(parts, plugin_id, visitor)
    if not (0 < old < 2**31 and 0 < new < 2**31):
        raise NotFound("Version not found")
    found = await compare_versions(parts.database, plugin_id, old, new)
    return PluginDiff(
        from_version=found.old.version,
        to_version=found.new.version,
        changelog=found.new.changelog,
        diff=found.diff,
        asks_more=found.asks_more.describe(),
    )


async def _visible(parts: Parts, plugin_id: UUID, visitor: Identity | None) -> Listing:
    """The plugin; a banned one is there for its author and for admins only."""
    listing = await fetch_listing(parts.database, plugin_id)
    is_theirs = visitor is not None and (visitor.user_id == listing.author_id or visitor.role != "member")
    if listing.is_banned and not is_theirs:
        raise NotFound("Plugin not found")
    return listing
