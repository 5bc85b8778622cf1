"""What somebody installed and published: the lists, and a plugin's settings with its log and what it keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from devtime.kernel.clock import Clock
from devtime.kernel.errors import NotFound
from devtime.marketplace.hooks.logs import fetch_log
from devtime.marketplace.hooks.standings import find_run, list_runs
from devtime.marketplace.installs import find_installed, list_installed
from devtime.marketplace.listings import fetch_listing_by_name, list_own
from devtime.marketplace.looking import count_kept, list_banned, list_stopped
from devtime.marketplace.moderation import list_reports
from devtime.marketplace.settings import fetch_settings
from devtime.marketplace.versions import list_versions
from devtime.plugins.settings.schema import readable_fields
from devtime.store.database import Database
from devtime.web.compose.pauses import tell_pause
from devtime.web.compose.plugin import REASON_NAMES
from devtime.web.compose.setting_fields import compose_fields
from devtime.web.compose.store import BASICS, Viewer, asked_of, card_of, compose_tabs, plugin_path
from devtime.web.views.own_plugins import (
    InstalledRow,
    InstalledView,
    LogLine,
    MineRow,
    MineView,
    ModerationView,
    PluginSettingsView,
    ReportRow,
)

BANNED = "An admin of this server has banned it: it runs for nobody."
_LINES = 100
"""Of the log that a page shows."""
_NOTHING: Mapping[str, str] = {}


async def compose_installed(
    database: Database, viewer: Viewer, user_id: UUID, zone: str, clock: Clock, removed: str, granted: Sequence[str]
) -> InstalledView:
    """What runs for the user, and what would."""
    paused = {run.plugin_id: tell_pause(run) for run in await list_runs(database, user_id)}
    rows = [
        InstalledRow(
            card=card_of(each.listing, viewer, each),
            accepted_version=each.runs_version,
            installed_ms=each.installed_at,
            settings_href=plugin_path(each.listing.name, "settings"),
            paused=paused.get(each.listing.id, ""),
        )
        for each in await list_installed(database, user_id)
    ]
    rows += [
        InstalledRow(
            card=card_of(each.listing, viewer),
            accepted_version=each.listing.version,
            installed_ms=each.installed_at,
            settings_href="",
            stopped=f"{BANNED} {each.listing.ban_reason or ''}".strip(),
        )
        for each in await list_stopped(database, user_id)
    ]
    return InstalledView(
        zone=zone,
        now_ms=clock(),
        tabs=await compose_tabs(database, viewer, "/plugins"),
        rows=tuple(rows),
        json_href="/plugins.json",
        removed=await _removed(database, rows, removed, granted),
    )


async def compose_settings(
    database: Database,
    viewer: Viewer,
    user_id: UUID,
    name: str,
    zone: str,
    clock: Clock,
    errors: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] | None = None,
) -> PluginSettingsView:
    """A plugin's settings; NotFound when it is not installed."""
    listing = await fetch_listing_by_name(database, name)
    installed = await find_installed(database, user_id, listing.id)
    if installed is None:
        raise NotFound("this plugin is not installed")
    stored = (await fetch_settings(database, user_id, listing.id)).settings
    fields = readable_fields(listing.settings_schema)
    run = await find_run(database, user_id, listing.name)
    lines = [] if run is None else await fetch_log(database, user_id, listing.id, limit=_LINES)
    return PluginSettingsView(
        zone=zone,
        now_ms=clock(),
        tabs=await compose_tabs(database, viewer, "/plugins"),
        card=card_of(listing, viewer, installed),
        accepted_version=installed.runs_version,
        fields=compose_fields(fields, stored, errors, typed),
        asked=asked_of(listing.grants, installed.granted) if not installed.is_waiting else (),
        basics=BASICS.get(listing.plugin_type, BASICS["widget"]),
        paused=tell_pause(run),
        can_pause=run is not None and run.paused_at is None,
        stopped="",
        lines=tuple(LogLine(line.at_ms, line.trigger, line.level, line.text) for line in reversed(lines)),
        kept_keys=await count_kept(database, user_id, listing.name),
        has_errors=bool(errors),
        json_href=plugin_path(name, "settings.json"),
    )


async def compose_mine(database: Database, viewer: Viewer, user_id: UUID) -> MineView:
    """What the user published."""
    rows: list[MineRow] = []
    for listing in await list_own(database, user_id):
        versions = len(await list_versions(database, listing.id))
        rows.append(MineRow(card_of(listing, viewer), versions, listing.is_banned, listing.ban_reason or ""))
    tabs = await compose_tabs(database, viewer, "/plugins/mine")
    return MineView(tabs, tuple(rows), "/plugins/mine.json")


async def compose_moderation(database: Database, viewer: Viewer, zone: str, clock: Clock) -> ModerationView:
    """Reports, those that wait first, and what is banned."""
    reports = tuple(
        ReportRow(
            id=str(each.id),
            plugin=each.plugin_slug,
            display_name=each.plugin_name,
            icon=each.plugin_name[:1].upper(),
            href=plugin_path(each.plugin_slug),
            reason=each.reason,
            description=each.description,
            reporter=each.reporter_username,
            created_ms=each.created_at,
            is_resolved=each.resolved,
            is_banned=each.is_banned,
        )
        for each in await list_reports(database)
    )
    banned = tuple(card_of(each, viewer) for each in await list_banned(database))
    tabs = await compose_tabs(database, viewer, "/plugins/reports")
    return ModerationView(zone, clock(), tabs, reports, banned, REASON_NAMES, "/plugins/reports.json")


async def _removed(
    database: Database, rows: Sequence[InstalledRow], name: str, granted: Sequence[str]
) -> tuple[str, str, tuple[str, ...]] | None:
    """The plugin that was just removed, if it is there to be taken back."""
    if not name or any(row.card.name == name for row in rows):
        return None
    try:
        listing = await fetch_listing_by_name(database, name)
    except NotFound:
        return None
    known = [f"host:{host}" for host in listing.grants.hosts] + [f"scope:{scope}" for scope in listing.grants.scopes]
    return listing.name, listing.display_name, tuple(field for field in granted if field in known)
