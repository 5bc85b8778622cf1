"""Moderation, for admins: reports, bans. What they do holds at once, everywhere."""

from __future__ import annotations

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.kernel.errors import Invalid
from devtime.marketplace.listings import fetch_listing_by_name
from devtime.marketplace.moderation import ban, resolve_report, unban
from devtime.server.guards import requires_role
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest, local_path
from devtime.web.compose.own_plugins import compose_moderation
from devtime.web.compose.store import plugin_path
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, answer_json, chrome_of, go_to
from devtime.web.pages.store.looking import viewer_of

_REPORTS = "/plugins/reports"


@get([_REPORTS, f"{_REPORTS}.json"], guards=[requires_role("admin")])
async def show_reports(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """What people reported, and what is banned."""
    view = await compose_moderation(parts.database, viewer_of(identity), identity.timezone, parts.clock)
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("store/reports", view, chrome_of(request, identity))


@post(f"{_REPORTS}/{{report_id:uuid}}/resolve", guards=[requires_role("admin")])
async def settle_report(report_id: FromPath[UUID], parts: NamedDependency[Parts]) -> Page:
    """It is dealt with."""
    await resolve_report(parts.database, report_id)
    return go_to(_REPORTS, "Settled.")


@post("/plugin/{name:str}/ban", guards=[requires_role("admin")])
async def ban_plugin(request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts]) -> Page:
    """From now on it runs for nobody."""
    form = await read_form(request)
    listing = await fetch_listing_by_name(parts.database, name)
    back = local_path(form.get("next")) if form.get("next") else plugin_path(name)
    try:
        await ban(parts.database, listing.id, form.get("ban_reason", ""))
    except Invalid as error:
        return go_to(back, f"Not banned: the reason {error.reason}.", kind="failed")
    return go_to(back, f"“{listing.display_name}” is banned: it runs for nobody from now on.")


@post("/plugin/{name:str}/unban", guards=[requires_role("admin")])
async def unban_plugin(request: AnyRequest, name: FromPath[str], parts: NamedDependency[Parts]) -> Page:
    """It may run again."""
    form = await read_form(request)
    listing = await fetch_listing_by_name(parts.database, name)
    await unban(parts.database, listing.id)
    back = local_path(form.get("next")) if form.get("next") else plugin_path(name)
    return go_to(back, f"The ban of “{listing.display_name}” is lifted.")
