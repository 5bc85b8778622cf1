"""The store for everybody, also without an account: the list, a plugin, its source and its changes."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.kernel.errors import Invalid, NotFound
from devtime.marketplace.drafts import CATEGORIES
from devtime.marketplace.looking import fetch_source
from devtime.plugins.kit.archive import Bundle, pack
from devtime.plugins.kit.manifest import Manifest
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.compose.plugin import compose_changes, compose_plugin, compose_source, find_plugin
from devtime.web.compose.store import Question, Viewer, compose_store, read_sort
from devtime.web.pages.frame import Page, answer_html, answer_json, chrome_of, read_page, read_word
from devtime.wire.text import clean

_ATTACHED = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def viewer_of(visitor: Identity | None) -> Viewer:
    """Who looks; a key that may not read is nobody."""
    if visitor is None or not visitor.allows("read"):
        return Viewer(None)
    return Viewer(visitor.user_id, visitor.username, is_admin=visitor.role in ("owner", "admin"))


@get(["/plugin-store", "/plugin-store.json"])
async def show_store(
    request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Identity | None]
) -> Page:
    """The list."""
    kind, category = read_word(request, "kind"), read_word(request, "category")
    asked = Question(
        words=clean(read_word(request, "q"), "project").strip()[:100],
        category=category if category in CATEGORIES else "",
        kind=kind if kind in ("widget", "lifecycle") else "",
        sort=read_sort(read_word(request, "sort")),
        page=read_page(request),
    )
    view = await compose_store(parts.database, viewer_of(visitor), asked)
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("store/list", view, chrome_of(request, visitor))


@get("/plugin/{name:str}")
async def show_plugin(
    request: AnyRequest,
    name: FromPath[str],
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Identity | None],
) -> Page | Response[bytes]:
    """One plugin; `.json` is its twin, `.ctplugin` the plugin as a file, `.js` a version's script as plain text."""
    stem, _, ending = name.partition(".")
    viewer = viewer_of(visitor)
    if ending in ("js", "ctplugin"):
        return await (_answer_script if ending == "js" else _answer_file)(request, parts, viewer, stem)
    if ending not in ("", "json"):
        raise NotFound("there is no such plugin")
    zone = visitor.timezone if visitor else "UTC"
    view = await compose_plugin(parts.database, viewer, stem, zone, parts.clock)
    return answer_json(view) if ending else answer_html("store/plugin", view, chrome_of(request, visitor))


@get("/plugin/{name:str}/source")
async def show_source(
    request: AnyRequest,
    name: FromPath[str],
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Identity | None],
) -> Page:
    """The script of a version."""
    view = await compose_source(parts.database, viewer_of(visitor), name, _read_revision(request, "revision"))
    return answer_html("store/source", view, chrome_of(request, visitor))


@get("/plugin/{name:str}/changes")
async def show_changes(
    request: AnyRequest,
    name: FromPath[str],
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Identity | None],
) -> Page:
    """What changed between two versions."""
    old, new = _read_revision(request, "from"), _read_revision(request, "to")
    if old is None or new is None:
        raise Invalid("to" if old else "from", "is missing: two versions are compared")
    view = await compose_changes(parts.database, viewer_of(visitor), name, old, new)
    return answer_html("store/changes", view, chrome_of(request, visitor))


async def _answer_script(request: AnyRequest, parts: Parts, viewer: Viewer, name: str) -> Response[bytes]:
    listing, _ = await find_plugin(parts.database, viewer, name)
    source = await fetch_source(parts.database, listing.id, _read_revision(request, "revision") or listing.revision)
    content = source.text.encode("utf-8", "replace")
    return Response(content=content, media_type="text/plain; charset=utf-8", headers=_ATTACHED)


async def _answer_file(request: AnyRequest, parts: Parts, viewer: Viewer, name: str) -> Response[bytes]:
    listing, _ = await find_plugin(parts.database, viewer, name)
    source = await fetch_source(parts.database, listing.id, listing.revision)
    grants = {"hosts": list(listing.grants.hosts), "scopes": list(listing.grants.scopes)} if listing.grants else None
    manifest = Manifest(
        name=listing.name,
        display_name=listing.display_name,
        version=listing.version,
        description=listing.description or "",
        icon=listing.icon,
        plugin_type="lifecycle" if listing.plugin_type == "lifecycle" else "widget",
        repository=listing.repository or "",
        settings_schema=listing.settings_schema,
        grants=grants,
    )
    disposition = f'attachment; filename="{listing.name}.ctplugin"'
    return Response(
        content=pack(Bundle(manifest, source.text)),
        media_type="application/json",
        headers={**_ATTACHED, "Content-Disposition": disposition},
    )


def _read_revision(request: AnyRequest, name: str) -> int | None:
    word = read_word(request, name)
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 9):
        raise Invalid(name, "is not the number of a version")
    return int(word)
