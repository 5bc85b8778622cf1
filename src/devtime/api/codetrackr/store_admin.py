"""`/api/v1/store/admin`: what admins do with plugins. Whatever it is, it holds for everybody at once."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, RawBody

from devtime.api.codetrackr.store_shapes import read_body, store_plugin
from devtime.api.documents import USUAL, plain_errors, takes
from devtime.kernel.clock import to_rfc3339
from devtime.marketplace.listings import MOST_A_PAGE, list_all
from devtime.marketplace.moderation import ban, delete_any, list_reports, resolve_report, unban
from devtime.server.guards import requires_role
from devtime.server.parts import Parts
from devtime.wire.store import BanRequest, Done, ReportEntry, Reports, StorePlugins

_GUARDS = [requires_role("admin")]
_ERRORS = plain_errors(*USUAL, 404)
_REASON = {"type": "object", "properties": {"reason": {"type": ["string", "null"]}}}


@get("/store/admin/plugins", guards=_GUARDS, responses=_ERRORS, summary="All plugins")
async def get_all_plugins(
    parts: NamedDependency[Parts], limit: FromQuery[int] = MOST_A_PAGE, offset: FromQuery[int] = 0
) -> StorePlugins:
    """Banned ones first."""
    limit, offset = max(1, min(limit, MOST_A_PAGE)), max(0, min(offset, 2**31))
    page = await list_all(parts.database, limit, offset)
    return StorePlugins([store_plugin(listing) for listing in page.listings], page.total, limit, offset)


@post(
    "/store/admin/ban/{plugin_id:uuid}",
    status_code=200,
    guards=_GUARDS,
    responses=_ERRORS,
    operation_class=takes(_REASON),
    summary="Ban a plugin",
)
async def ban_plugin(plugin_id: FromPath[UUID], body: RawBody, parts: NamedDependency[Parts]) -> Done:
    """It runs for nobody from now on."""
    await ban(parts.database, plugin_id, read_body(body, BanRequest, may_be_empty=True).reason)
    return Done("banned")


@post("/store/admin/unban/{plugin_id:uuid}", status_code=200, guards=_GUARDS, responses=_ERRORS, summary="Lift a ban")
async def unban_plugin(plugin_id: FromPath[UUID], parts: NamedDependency[Parts]) -> Done:
    """It runs again for those who have it."""
    await unban(parts.database, plugin_id)
    return Done("unbanned")


@delete(
    "/store/admin/delete/{plugin_id:uuid}",
    status_code=200,
    guards=_GUARDS,
    responses=_ERRORS,
    summary="Delete a plugin",
)
async def delete_plugin(plugin_id: FromPath[UUID], parts: NamedDependency[Parts]) -> Done:
    """Out of the store and of all dashboards."""
    await delete_any(parts.database, plugin_id)
    return Done("deleted")


@get("/store/admin/reports", guards=_GUARDS, responses=_ERRORS, summary="What users reported")
async def get_reports(parts: NamedDependency[Parts]) -> Reports:
    """Those that wait first."""
    entries = [
        ReportEntry(
            id=str(report.id),
            reason=report.reason,
            description=report.description,
            resolved=report.resolved,
            created_at=to_rfc3339(report.created_at),
            plugin_id=str(report.plugin_id),
            plugin_name=report.plugin_name,
            plugin_slug=report.plugin_slug,
            reporter_username=report.reporter_username,
        )
        for report in await list_reports(parts.database)
    ]
    return Reports(entries, len(entries))


@post(
    "/store/admin/reports/{report_id:uuid}/resolve",
    status_code=200,
    guards=_GUARDS,
    responses=_ERRORS,
    summary="A report is dealt with",
)
async def resolve(report_id: FromPath[UUID], parts: NamedDependency[Parts]) -> Done:
    """It goes to the end of the list."""
    await resolve_report(parts.database, report_id)
    return Done("resolved")
