"""`/settings/data`: bringing history in, how long it is kept, deleting a part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from litestar import get, post
from litestar.di import NamedDependency

from devtime.activity.choosing import choose_retention
from devtime.activity.deleting import delete_heartbeats
from devtime.activity.import_jobs import ImportJob as Job
from devtime.activity.import_jobs import list_imports
from devtime.activity.settings import fetch_settings
from devtime.kernel.errors import Conflict, Invalid
from devtime.kernel.slots import slot_start
from devtime.server.identity import Identity
from devtime.server.imports import AUTO, take_import
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.server.uploads import MOST_UPLOAD_BYTES
from devtime.stats.filters import Filters, fetch_context_ids, stored_names
from devtime.stats.names import fetch_first_slot
from devtime.stats.ranges import days_range, named_range
from devtime.usage.deleting import delete_usage
from devtime.usage.stored import UsageContext
from devtime.web.format import plural
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, chrome_of, go_to, read_day
from devtime.web.views.settings import DataView, ImportJob
from devtime.wire.text import clean

_PATH = "/settings/data"
_KINDS = (
    (AUTO, "Find out from the file"),
    ("devtime", "DevTime export or archive"),
    ("wakatime", "WakaTime data dump"),
    ("wakapi", "Wakapi export"),
    ("activitywatch", "ActivityWatch export"),
    ("generic", "CodeTrackr or any list of heartbeats"),
)
_REASONS_SHOWN = 20


@get(_PATH)
async def show_data(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The page."""
    return await _answer(request, parts, identity, {})


@post(f"{_PATH}/import", request_max_body_size=MOST_UPLOAD_BYTES)
async def upload(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Take a file; the worker records what it holds."""
    parts.limits.take_bulk(identity)
    try:
        await take_import(request, parts, identity)
    except Invalid as error:
        return await _answer(request, parts, identity, {error.field or "file": error.reason})
    except Conflict as error:
        return await _answer(request, parts, identity, {"file": str(error)})
    return go_to(_PATH, "The file is here and is being imported.")


@post(f"{_PATH}/retention")
async def save_retention(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Choose how long heartbeats are kept."""
    text = (await read_form(request)).get("retention_days", "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 7):
        return await _answer(request, parts, identity, {"retention_days": "is not a number of days"})
    try:
        async with parts.database.transaction() as connection:
            await choose_retention(connection, identity.user_id, int(text) if text else None)
    except Invalid as error:
        return await _answer(request, parts, identity, {error.field: error.reason})
    return go_to(_PATH, "Saved.")


@post(f"{_PATH}/delete")
async def delete_part(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Delete the heartbeats and the AI usage of some days, of one project or all."""
    form = await read_form(request)
    if form.get("confirm", "").strip().lower() != "delete":
        return await _answer(request, parts, identity, {"confirm": "must say delete"})
    try:
        first, last = read_day(form.get("start", ""), "start"), read_day(form.get("end", ""), "end")
        span = days_range(first, last, identity.timezone)
    except Invalid as error:
        return await _answer(request, parts, identity, {error.field: error.reason})
    project = clean(form.get("project", ""), "project")
    filters = Filters(project=(project,)) if project else Filters()
    ids = await fetch_context_ids(parts.database, identity.user_id, filters)
    async with parts.database.transaction() as connection:
        deleted = await delete_heartbeats(
            connection, identity.user_id, start_ms=span.start_ms, end_ms=span.end_ms, context_ids=ids
        )
        usage = await delete_usage(
            connection,
            identity.user_id,
            start_ms=span.start_ms,
            end_ms=span.end_ms,
            wanted=_of_project(project) if project else None,
        )
    told = (
        f"{plural(deleted, 'heartbeat')} and {plural(usage, 'AI response')}" if usage else plural(deleted, "heartbeat")
    )
    return go_to(_PATH, f"Deleted {told}.")


def _of_project(project: str) -> Callable[[UsageContext], bool]:
    """Whether usage is a project's, by its own name or by its agent's folder."""
    names = stored_names((project,)) or []
    return lambda context: context.project in names or bool(context.folder and context.folder in names)


async def _answer(request: AnyRequest, parts: Parts, identity: Identity, errors: Mapping[str, str]) -> Page:
    everything = named_range("all", parts.clock(), identity.timezone)
    total = (await parts.tallies.fetch(identity.user_id, everything)).total()
    first_slot = await fetch_first_slot(parts.database, identity.user_id)
    settings = await fetch_settings(parts.database, identity.user_id)
    view = DataView(
        zone=identity.timezone,
        now_ms=parts.clock(),
        heartbeats=total.heartbeats,
        first_ms=None if first_slot is None else slot_start(first_slot),
        retention_days=settings.retention_days,
        kinds=_KINDS,
        jobs=tuple(map(_job, await list_imports(parts.database, identity.user_id))),
        errors=errors,
    )
    return answer_html("settings/data", view, chrome_of(request, identity), status=400 if errors else 200)


def _job(job: Job) -> ImportJob:
    progress = job.progress
    return ImportJob(
        id=str(job.id),
        name=job.name,
        kind=job.kind,
        state=job.state,
        created_ms=job.created_ms,
        done=progress.bytes_read,
        total=progress.bytes_total,
        inserted=progress.inserted,
        duplicates=progress.duplicates,
        rejected=progress.rejected,
        reasons=tuple(
            f"Row {reason.index + 1}: {reason.field} {reason.reason}".replace(":  ", ": ")
            for reason in progress.reasons[:_REASONS_SHOWN]
        ),
        error=job.error,
    )
