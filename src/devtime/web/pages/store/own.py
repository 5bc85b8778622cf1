"""What is installed: the list, a plugin's settings, what it may, and what it keeps."""

from __future__ import annotations

from typing import cast

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.kernel.errors import Invalid, NotFound
from devtime.marketplace.hooks.queue import pause, resume
from devtime.marketplace.hooks.standings import RunStanding, find_run
from devtime.marketplace.installs import change_grants
from devtime.marketplace.looking import clear_kept
from devtime.marketplace.settings import change_settings, fetch_settings
from devtime.plugins.settings.schema import readable_fields
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.compose.own_plugins import compose_installed, compose_settings
from devtime.web.compose.plugin import find_plugin
from devtime.web.compose.setting_fields import read_settings
from devtime.web.compose.store import plugin_path, read_granted
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, answer_json, chrome_of, go_to, read_word
from devtime.web.pages.store.looking import viewer_of

_MOST_FORM_BYTES = 512 * 1024
"""Settings of many long texts, percent-encoded."""


@get(["/plugins", "/plugins.json"])
async def show_installed(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """What runs for the user."""
    view = await compose_installed(
        parts.database,
        viewer_of(identity),
        identity.user_id,
        identity.timezone,
        parts.clock,
        read_word(request, "removed")[:64],
        cast("list[str]", request.query_params.getall("granted", []))[:50],
    )
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("store/installed", view, chrome_of(request, identity))


@get(["/plugin/{name:str}/settings", "/plugin/{name:str}/settings.json"])
async def show_settings(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """A plugin's settings."""
    view = await compose_settings(
        parts.database, viewer_of(identity), identity.user_id, name, identity.timezone, parts.clock
    )
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("store/settings", view, chrome_of(request, identity))


@post("/plugin/{name:str}/settings", request_max_body_size=_MOST_FORM_BYTES)
async def save_settings(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Keep what the form says, all or nothing."""
    viewer = viewer_of(identity)
    listing, _ = await find_plugin(parts.database, viewer, name)
    form = await read_form(request)
    fields = readable_fields(listing.settings_schema)
    stored = (await fetch_settings(parts.database, identity.user_id, listing.id)).settings
    values, wrong = read_settings(fields, form, {field.name: stored.get(field.name) for field in fields})
    if not wrong:
        try:
            await change_settings(parts.database, identity.user_id, listing.id, values)
            return go_to(plugin_path(name, "settings"), "Saved.")
        except Invalid as error:
            wrong = {error.field.removeprefix("settings."): error.reason}
    view = await compose_settings(
        parts.database, viewer, identity.user_id, name, identity.timezone, parts.clock, wrong, form
    )
    return answer_html("store/settings", view, chrome_of(request, identity), status=400)


@post("/plugin/{name:str}/grants")
async def save_grants(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Allow what the boxes say, and nothing else."""
    listing, _ = await find_plugin(parts.database, viewer_of(identity), name)
    granted = read_granted(await read_form(request), [listing.grants])
    await change_grants(parts.database, identity.user_id, listing.id, granted)
    return go_to(plugin_path(name, "settings"), "Saved; it holds at once.")


@post("/plugin/{name:str}/clear")
async def clear_data(name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Forget what the plugin keeps."""
    await clear_kept(parts.database, identity.user_id, name)
    return go_to(plugin_path(name, "settings"), "Forgotten.")


@post("/plugin/{name:str}/pause")
async def pause_plugin(name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Let it rest until it is resumed."""
    run = await _find_run(parts, identity, name)
    await pause(parts.database, identity.user_id, run.plugin_id)
    return go_to(plugin_path(name, "settings"), f"“{run.display_name}” is paused.")


@post("/plugin/{name:str}/resume")
async def resume_plugin(
    name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Let it run again, from now on."""
    run = await _find_run(parts, identity, name)
    await resume(parts.database, identity.user_id, run.plugin_id)
    return go_to(plugin_path(name, "settings"), f"“{run.display_name}” runs again.")


async def _find_run(parts: Parts, identity: Identity, name: str) -> RunStanding:
    run = await find_run(parts.database, identity.user_id, name)
    if run is None:
        raise NotFound("this plugin is not installed, or does nothing that could be paused")
    return run
