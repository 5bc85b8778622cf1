"""What the user published: the list, the form to publish, and reading it from a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.kernel.errors import Conflict, Forbidden, Invalid
from devtime.marketplace.drafts import CATEGORIES, Draft
from devtime.marketplace.listings import fetch_listing_by_name, list_own
from devtime.marketplace.looking import fetch_source
from devtime.marketplace.moderation import delete_any, delete_own
from devtime.marketplace.publishing import publish
from devtime.plugins.engine.limits import SOURCE_BYTES
from devtime.plugins.grants import SCOPES
from devtime.plugins.kit.archive import MOST_BYTES, unpack
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.plugin_sources import translate
from devtime.server.requests import AnyRequest, local_path
from devtime.web.compose.own_plugins import compose_mine
from devtime.web.compose.store import category_name, compose_tabs, plugin_path
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, answer_json, chrome_of, go_to, read_word
from devtime.web.pages.store.looking import viewer_of
from devtime.web.views.own_plugins import PublishView
from devtime.web.views.studio import WIDGET_TYPES

_MINE = "/plugins/mine"
_MOST_FORM_BYTES = 4 * SOURCE_BYTES
"""A script, percent-encoded: three bytes for one where it is not plain."""
_NEW = {"version": "0.1.0", "icon": "🔌", "category": "other", "widget_type": "counter"}
_NOTHING: Mapping[str, str] = {}


@get([_MINE, f"{_MINE}.json"])
async def show_mine(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """What the user published."""
    view = await compose_mine(parts.database, viewer_of(identity), identity.user_id)
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("store/mine", view, chrome_of(request, identity))


@get("/plugins/publish")
async def show_publish(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The form: empty, or with `name` filled with what is published under it."""
    name = read_word(request, "name")
    values = await _published_values(parts, identity, name) if name else _NEW
    return await _answer(request, parts, identity, values)


@post("/plugins/publish", request_max_body_size=_MOST_FORM_BYTES)
async def publish_plugin(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Publish what the form says."""
    form = await read_form(request)
    try:
        parts.limits.take_publish(identity)
        draft = await translate(parts.plugins.runtime.pool, _draft(form), str(identity.user_id))
        done = await publish(parts.database, identity.user_id, draft)
    except Invalid as error:
        return await _answer(request, parts, identity, form, {_field(error.field): error.reason})
    except (Conflict, Forbidden) as error:
        return await _answer(request, parts, identity, form, {"name": str(error)})
    name = form.get("name", "")
    told = "It is in the store." if done.is_new else "The new version is in the store."
    return go_to(plugin_path(name), told)


@post("/plugins/import", request_max_body_size=MOST_BYTES + 64 * 1024)
async def import_plugin(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Fill the form from a `.ctplugin` file; nothing is published."""
    try:
        bundle = unpack(await read_file(request))
    except Invalid as error:
        return await _answer(request, parts, identity, _NEW, {"file": error.reason})
    told = bundle.manifest
    grants: dict[str, Any] = told.grants or {}
    values = {
        **_NEW,
        "name": told.name,
        "display_name": told.display_name,
        "description": told.description,
        "version": told.version,
        "icon": told.icon,
        "widget_type": told.widget_type,
        "repository": told.repository,
        "changelog": told.changelog,
        "script": bundle.script,
        "settings_schema": _as_json(told.settings_schema),
        "hosts": "\n".join(_texts(grants.get("hosts"))),
        **{f"scope:{scope}": "1" for scope in _texts(grants.get("scopes"))},
    }
    return await _answer(request, parts, identity, values)


@post("/plugin/{name:str}/delete")
async def delete_plugin(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Take a plugin out of the store, as its author or as an admin."""
    listing = await fetch_listing_by_name(parts.database, name)
    form = await read_form(request)
    if viewer_of(identity).is_admin and listing.author_id != identity.user_id:
        await delete_any(parts.database, listing.id)
    else:
        await delete_own(parts.database, identity.user_id, listing.id)
    back = local_path(form.get("next")) if form.get("next") else _MINE
    return go_to(back, f"“{listing.display_name}” is out of the store.")


async def read_file(request: AnyRequest) -> bytes:
    """The one file of a form."""
    form = await request.form()
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid("file", "is missing")
    return await file.read()


def _draft(form: Mapping[str, str]) -> Draft:
    schema = form.get("settings_schema", "").strip()
    try:
        settings_schema = msgspec.json.decode(schema, type=dict[str, Any]) if schema else {}
    except (msgspec.DecodeError, UnicodeError):
        raise Invalid("settings_schema", "is no JSON object") from None
    return Draft(
        name=form.get("name", "").strip(),
        display_name=form.get("display_name", ""),
        description=form.get("description", ""),
        version=form.get("version", ""),
        repository=form.get("repository", ""),
        icon=form.get("icon", "") or _NEW["icon"],
        widget_type=form.get("widget_type", "counter"),
        category=form.get("category", "other"),
        script=form.get("script", "").replace("\r\n", "\n"),
        settings_schema=settings_schema,
        grants={
            "hosts": form.get("hosts", "").split(),
            "scopes": [name for name in SCOPES if form.get(f"scope:{name}")],
        },
        changelog=form.get("changelog", ""),
    )


def _field(name: str) -> str:
    """The form's field for what the draft calls it."""
    if name.startswith("settings_schema"):
        return "settings_schema"
    return {"grants.hosts": "hosts", "grants.scopes": "hosts", "grants": "hosts"}.get(name, name)


async def _published_values(parts: Parts, identity: Identity, name: str) -> dict[str, str]:
    listing = await fetch_listing_by_name(parts.database, name)
    if listing.author_id != identity.user_id:
        raise Forbidden("this plugin is another author’s")
    source = await fetch_source(parts.database, listing.id, listing.revision)
    return {
        "name": listing.name,
        "display_name": listing.display_name,
        "description": listing.description or "",
        "version": listing.version,
        "icon": listing.icon,
        "category": listing.category,
        "widget_type": listing.widget_type,
        "repository": listing.repository or "",
        "script": source.text,
        "settings_schema": _as_json(listing.settings_schema),
        "hosts": "\n".join(listing.grants.hosts),
        **{f"scope:{scope}": "1" for scope in listing.grants.scopes},
    }


async def _answer(
    request: AnyRequest,
    parts: Parts,
    identity: Identity,
    values: Mapping[str, str],
    errors: Mapping[str, str] = _NOTHING,
) -> Page:
    own = {each.name: each for each in await list_own(parts.database, identity.user_id)}
    before = own.get(values.get("name", ""))
    view = PublishView(
        tabs=await compose_tabs(parts.database, viewer_of(identity), _MINE),
        values=values,
        is_update=before is not None,
        current_version=before.version if before else "",
        widget_types=WIDGET_TYPES,
        categories=tuple((name, category_name(name)) for name in CATEGORIES),
        scopes=tuple((scope, sentence, values.get(f"scope:{scope}") == "1") for scope, sentence in SCOPES.items()),
        errors=errors,
    )
    return answer_html("store/publish", view, chrome_of(request, identity), status=400 if errors else 200)


def _as_json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() if value else ""


def _texts(value: Any) -> list[str]:
    return [each for each in cast("list[Any]", value) if isinstance(each, str)] if isinstance(value, list) else []
