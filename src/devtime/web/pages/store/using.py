"""Using a plugin: installing, updating, removing and taking that back; rating, reviewing, reporting."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.kernel.errors import Conflict, Forbidden, Invalid
from devtime.marketplace.dependencies import find_needs
from devtime.marketplace.installs import accept, find_installed, install, uninstall
from devtime.marketplace.listings import fetch_listing_by_name
from devtime.marketplace.looking import fetch_opinion
from devtime.marketplace.moderation import report
from devtime.marketplace.opinions import add_screenshot, delete_review, delete_screenshot, rate, review
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.compose.plugin import compose_plugin, find_plugin
from devtime.web.compose.store import plugin_path, read_granted
from devtime.web.links import query
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, chrome_of, go_to
from devtime.web.pages.store.looking import viewer_of


@post("/plugin/{name:str}/install")
async def install_plugin(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Install it and what it needs, with what the boxes allow."""
    listing, _ = await find_plugin(parts.database, viewer_of(identity), name)
    form = await read_form(request)
    asked = [listing.grants, *[need.grants for need in await find_needs(parts.database, listing.id)]]
    try:
        outcome = await install(parts.database, identity.user_id, listing.id, read_granted(form, asked))
    except (Conflict, Forbidden) as error:
        return go_to(plugin_path(name), str(error), kind="failed")
    also = f" {', '.join(outcome.also)} came along." if outcome.also else ""
    missing = f" It also wants {', '.join(outcome.missing)}, which is not here." if outcome.missing else ""
    where = "It is on your dashboard." if listing.plugin_type == "widget" else "It runs from now on."
    return go_to(plugin_path(name), f"“{listing.display_name}” is installed. {where}{also}{missing}")


@post("/plugin/{name:str}/restore")
async def restore_plugin(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Take a removal back: it is installed again, with what it was allowed before."""
    listing, _ = await find_plugin(parts.database, viewer_of(identity), name)
    await install(
        parts.database, identity.user_id, listing.id, read_granted(await read_form(request), [listing.grants])
    )
    return go_to("/plugins", f"“{listing.display_name}” is back.")


@post("/plugin/{name:str}/accept")
async def accept_plugin(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Run the newest version, with what the boxes allow."""
    listing, _ = await find_plugin(parts.database, viewer_of(identity), name)
    form = await read_form(request)
    revision = form.get("revision", "")
    seen = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 9 else None
    try:
        version = await accept(parts.database, identity.user_id, listing.id, read_granted(form, [listing.grants]), seen)
    except (Conflict, Forbidden) as error:
        return go_to(plugin_path(name), f"Not updated: {error}.", kind="failed")
    return go_to(plugin_path(name), f"Version {version} runs from now on.")


@post("/plugin/{name:str}/uninstall")
async def uninstall_plugin(
    name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Remove it; the next page offers to take that back."""
    # Of a banned plugin there is no page any more, but whoever has it must be able to remove it.
    listing = await fetch_listing_by_name(parts.database, name)
    installed = await find_installed(parts.database, identity.user_id, listing.id)
    if await uninstall(parts.database, identity.user_id, listing.id) is not None:
        await parts.plugins.runtime.forget_keys(identity.user_id, listing.name)
    if installed is None:
        return go_to("/plugins", f"“{listing.display_name}” is not installed any more.")
    granted = [f"host:{host}" for host in installed.granted.hosts]
    granted += [f"scope:{scope}" for scope in installed.granted.scopes]
    return go_to("/plugins" + query({"granted": granted}, removed=name))


@post("/plugin/{name:str}/review")
async def review_plugin(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Rate it, and say why; either alone will do."""
    listing, _ = await find_plugin(parts.database, viewer_of(identity), name)
    form = await read_form(request)
    stars, body = form.get("rating", ""), form.get("body", "").strip()
    if not stars and not body:
        return await _answer(request, parts, identity, name, {"rating": "is needed, or a few words"}, form)
    try:
        if stars:
            parts.limits.take_opinion(identity)
            await rate(parts.database, identity.user_id, listing.id, int(stars) if stars in "12345" else 0)
        if body:
            parts.limits.take_opinion(identity)
            await review(parts.database, identity.user_id, listing.id, body)
        elif (await fetch_opinion(parts.database, identity.user_id, listing.id)).body:
            await delete_review(parts.database, identity.user_id, listing.id)
    except Invalid as error:
        return await _answer(request, parts, identity, name, {error.field: error.reason}, form)
    except Forbidden as error:
        return go_to(plugin_path(name), f"{error}.".capitalize(), kind="failed")
    return go_to(f"{plugin_path(name)}#reviews", "Thank you; everybody can see it now.")


@post("/plugin/{name:str}/review/delete")
async def take_review_back(
    name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Take back what one wrote."""
    listing, _ = await find_plugin(parts.database, viewer_of(identity), name)
    await delete_review(parts.database, identity.user_id, listing.id)
    return go_to(f"{plugin_path(name)}#reviews", "Your review is gone.")


@post("/plugin/{name:str}/report")
async def report_plugin(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Tell the admins."""
    listing, _ = await find_plugin(parts.database, viewer_of(identity), name)
    form = await read_form(request)
    try:
        parts.limits.take_report(identity)
        await report(parts.database, identity.user_id, listing.id, form.get("reason", ""), form.get("description", ""))
    except Invalid as error:
        return await _answer(request, parts, identity, name, {error.field: error.reason}, form)
    return go_to(plugin_path(name), "Reported. The admins of this server will look at it.")


@post("/plugin/{name:str}/screenshots")
async def add_picture(
    request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Name a picture by its address; nothing is fetched."""
    listing, _ = await find_plugin(parts.database, viewer_of(identity), name)
    form = await read_form(request)
    try:
        parts.limits.take_opinion(identity)
        await add_screenshot(parts.database, identity.user_id, listing.id, form.get("url", ""), form.get("caption", ""))
    except Invalid as error:
        return await _answer(request, parts, identity, name, {error.field: error.reason}, form)
    except Conflict as error:
        return await _answer(request, parts, identity, name, {"url": str(error)}, form)
    return go_to(f"{plugin_path(name)}#pictures", "Added.")


@post("/plugin/{name:str}/screenshots/{picture_id:uuid}/delete")
async def remove_picture(
    name: FromPath[str],
    picture_id: FromPath[UUID],
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
) -> Page:
    """Take a picture away."""
    await delete_screenshot(parts.database, identity.user_id, picture_id)
    return go_to(f"{plugin_path(name)}#pictures", "Removed.")


async def _answer(
    request: AnyRequest,
    parts: Parts,
    identity: Identity,
    name: str,
    errors: Mapping[str, str],
    typed: Mapping[str, str],
) -> Page:
    viewer = viewer_of(identity)
    view = await compose_plugin(parts.database, viewer, name, identity.timezone, parts.clock, errors, typed)
    return answer_html("store/plugin", view, chrome_of(request, identity), status=400)
