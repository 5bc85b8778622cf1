"""One plugin's pages: all about it, its source, and what changed between two versions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from devtime.kernel.clock import Clock
from devtime.kernel.errors import NotFound
from devtime.marketplace.dependencies import find_needs
from devtime.marketplace.installs import Installed, find_installed
from devtime.marketplace.listings import Listing, fetch_listing_by_name
from devtime.marketplace.looking import Opinion, fetch_opinion, fetch_source, fetch_spread
from devtime.marketplace.moderation import REASONS
from devtime.marketplace.opinions import list_reviews, list_screenshots
from devtime.marketplace.versions import Version, list_versions
from devtime.plugins.grants import Grants
from devtime.store.database import Database
from devtime.web.compose.differing import compare
from devtime.web.compose.store import BASICS, PATH, Viewer, asked_of, card_of, compose_tabs, plugin_path
from devtime.web.views.parts import Choice
from devtime.web.views.store import (
    ChangesView,
    PluginView,
    ReviewRow,
    ScreenshotRow,
    SourceView,
    UpdateOffer,
    VersionRow,
)

REASON_NAMES = {
    "broken": "It is broken",
    "malware": "It does harm",
    "spam": "It is spam",
    "inappropriate": "It is offensive",
    "other": "Something else",
}
_MOST_VERSIONS = 10
_MOST_LINES = 5_000
_NOTHING: Mapping[str, str] = {}


async def find_plugin(database: Database, viewer: Viewer, name: str) -> tuple[Listing, Installed | None]:
    """The plugin and the viewer's install. A banned one is there for its author and admins only."""
    listing = await fetch_listing_by_name(database, name)
    if listing.is_banned and not (viewer.is_admin or listing.author_id == viewer.user_id):
        raise NotFound("an admin of this server has banned this plugin: it runs for nobody")
    installed = await find_installed(database, viewer.user_id, listing.id) if viewer.user_id else None
    return listing, installed


async def compose_plugin(
    database: Database,
    viewer: Viewer,
    name: str,
    zone: str,
    clock: Clock,
    errors: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] = _NOTHING,
) -> PluginView:
    """Everything about it, as the viewer may see it."""
    listing, installed = await find_plugin(database, viewer, name)
    versions = await list_versions(database, listing.id)
    needs = await find_needs(database, listing.id)
    own = await fetch_opinion(database, viewer.user_id, listing.id) if viewer.user_id else Opinion(0, "", False)
    reviews = await list_reviews(database, listing.id)
    asks = listing.grants
    for need in needs:
        asks = _together(asks, need.grants)
    granted = installed.granted if installed else Grants()
    return PluginView(
        zone=zone,
        now_ms=clock(),
        tabs=await compose_tabs(database, viewer, PATH),
        card=card_of(listing, viewer, installed),
        repository=listing.repository or "",
        basics=BASICS.get(listing.plugin_type, BASICS["widget"]),
        asked=asked_of(asks if installed is None else listing.grants, granted),
        versions=tuple(_version_rows(listing, versions, installed))[:_MOST_VERSIONS],
        more_versions=max(0, len(versions) - _MOST_VERSIONS),
        needs=tuple(
            (need.display_name or need.name, plugin_path(need.name) if need.plugin_id else "") for need in needs
        ),
        screenshots=tuple(
            ScreenshotRow(
                str(shot.id), shot.url, urlsplit(shot.url).hostname or "", shot.caption, shot.username,
                can_remove=listing.author_id == viewer.user_id,
            )
            for shot in await list_screenshots(database, listing.id)
        ),
        reviews=tuple(
            ReviewRow(each.username, each.body, each.rating or 0, each.created_at, each.username == viewer.username)
            for each in reviews
        ),
        spread=await fetch_spread(database, listing.id),
        own_rating=own.rating,
        own_review=own.body,
        reasons=tuple((reason, REASON_NAMES[reason]) for reason in sorted(REASONS, key=list(REASON_NAMES).index)),
        has_reported=own.has_reported,
        update=await _offer(database, listing, installed),
        settings_href=plugin_path(name, "settings"),
        source_href=plugin_path(name, "source"),
        json_href=f"{plugin_path(name)}.json",
        is_signed_in=viewer.user_id is not None,
        is_published=listing.is_published,
        is_banned=listing.is_banned,
        ban_reason=listing.ban_reason or "",
        can_moderate=viewer.is_admin and not listing.is_builtin,
        errors=errors,
        typed=typed,
    )  # fmt: skip


async def compose_source(database: Database, viewer: Viewer, name: str, revision: int | None) -> SourceView:
    """The script of a version, the newest if none is told."""
    listing, installed = await find_plugin(database, viewer, name)
    versions = await list_versions(database, listing.id)
    source = await fetch_source(database, listing.id, revision or listing.revision)
    lines = source.text.splitlines()
    path = plugin_path(name, "source")
    return SourceView(
        tabs=await compose_tabs(database, viewer, PATH),
        card=card_of(listing, viewer, installed),
        version=source.version,
        lines=tuple(lines[:_MOST_LINES]),
        is_cut=len(lines) > _MOST_LINES,
        is_original=source.is_original,
        bytes=len(source.text.encode("utf-8", "replace")),
        versions=tuple(
            Choice(
                str(each.revision), each.version, f"{path}?revision={each.revision}", each.revision == source.revision
            )
            for each in versions[:_MOST_VERSIONS]
        ),
        raw_href=f"{plugin_path(name)}.js?revision={source.revision}",
    )


async def compose_changes(database: Database, viewer: Viewer, name: str, old: int, new: int) -> ChangesView:
    """What is different between two kept versions."""
    listing, installed = await find_plugin(database, viewer, name)
    versions = {each.revision: each for each in await list_versions(database, listing.id)}
    if old not in versions or new not in versions:
        raise NotFound("one of these versions is not kept any more")
    before, after = versions[old], versions[new]
    texts = [(await fetch_source(database, listing.id, revision)).text for revision in (old, new)]
    return ChangesView(
        tabs=await compose_tabs(database, viewer, PATH),
        card=card_of(listing, viewer, installed),
        from_version=before.version,
        to_version=after.version,
        changelog=after.changelog,
        asked_new=tuple(after.grants.beyond(before.grants).describe()),
        asked_gone=tuple(before.grants.beyond(after.grants).describe()),
        diff=await asyncio.to_thread(compare, texts[0], texts[1]),
    )


def _version_rows(listing: Listing, versions: list[Version], installed: Installed | None) -> list[VersionRow]:
    rows: list[VersionRow] = []
    for at, each in enumerate(versions):
        before = versions[at + 1].revision if at + 1 < len(versions) else 0
        rows.append(
            VersionRow(
                revision=each.revision,
                version=each.version,
                changelog=each.changelog,
                created_ms=each.created_at,
                diff_href=f"{plugin_path(listing.name, 'changes')}?from={before}&to={each.revision}" if before else "",
                source_href=f"{plugin_path(listing.name, 'source')}?revision={each.revision}",
                is_current=each.revision == listing.revision,
                is_accepted=_runs(installed, each, listing),
            )
        )
    return rows


def _runs(installed: Installed | None, version: Version, listing: Listing) -> bool:
    if installed is None:
        return False
    return version.revision == (installed.accepted_revision if installed.is_waiting else listing.revision)


async def _offer(database: Database, listing: Listing, installed: Installed | None) -> UpdateOffer | None:
    """What waits for the user's word; None when the newest version runs already."""
    if installed is None or not installed.is_waiting:
        return None
    old, new = installed.accepted_revision, listing.revision
    versions = [each for each in await list_versions(database, listing.id) if old < each.revision <= new]
    try:
        before = (await fetch_source(database, listing.id, old)).text
    except NotFound:
        before = ""
    after = (await fetch_source(database, listing.id, new)).text
    told = [each.changelog for each in versions if each.changelog]
    return UpdateOffer(
        from_version=installed.runs_version,
        to_version=listing.version,
        changelog="\n\n".join(told),
        asked=asked_of(listing.grants, installed.granted, installed.asks_more),
        diff=await asyncio.to_thread(compare, before, after),
        diff_href=f"{plugin_path(listing.name, 'changes')}?from={old}&to={new}",
        revision=new,
    )


def _together(one: Grants, other: Grants) -> Grants:
    return Grants(tuple(sorted({*one.hosts, *other.hosts})), tuple(sorted({*one.scopes, *other.scopes})))
