"""`/api/imports`: files of heartbeats, taken in at once and imported in the background."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from devtime.activity.import_jobs import KINDS, ImportJob, delete_import, fetch_import, list_imports
from devtime.api.documents import USUAL, problems, takes
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.imports import AUTO, take_import
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.server.uploads import MOST_UPLOAD_BYTES
from devtime.wire.import_answers import ImportAnswer, ImportsAnswer
from devtime.wire.native_answers import Rejection

_FILE = {"type": "string", "format": "binary"}

Kind = Annotated[
    str | None, QueryParameter(description=f"`{AUTO}` or one of {', '.join(KINDS)}; DevTime finds out if absent.")
]
Name = Annotated[str | None, QueryParameter(description="The file's name, when it is the bare body.")]


@post(
    "/imports",
    status_code=202,
    request_max_body_size=MOST_UPLOAD_BYTES,
    guards=[requires("ingest")],
    responses=problems(*USUAL, 409, 413, 429),
    operation_class=takes(_FILE, "application/octet-stream"),
    tags=["Imports"],
    summary="Import a file",
)
async def post_import(
    request: AnyRequest,
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    kind: Kind = None,
    name: Name = None,
) -> ImportAnswer:
    """The file as the bare body, or as the first file of a multipart form (`kind` may be a field of it): a WakaTime
    dump, a Wakapi, ActivityWatch or DevTime export, rows as JSON, JSON lines or CSV; packed or not. It is imported in
    the background; importing it again is safe.
    """
    parts.limits.take_bulk(identity)
    return _answer(await take_import(request, parts, identity, kind=kind, name=name))


@get(
    "/imports",
    guards=[requires("ingest", "read")],
    responses=problems(*USUAL),
    tags=["Imports"],
    summary="List imports",
)
async def get_imports(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> ImportsAnswer:
    """One's own, newest first."""
    return ImportsAnswer([_answer(job) for job in await list_imports(parts.database, identity.user_id)])


@get(
    "/imports/{import_id:uuid}",
    guards=[requires("ingest", "read")],
    responses=problems(*USUAL, 404),
    tags=["Imports"],
    summary="How far an import is",
)
async def get_import(
    import_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> ImportAnswer:
    """Brought up to date at least every second while it runs."""
    return _answer(await fetch_import(parts.database, identity.user_id, import_id))


@delete(
    "/imports/{import_id:uuid}",
    guards=[requires("ingest")],
    responses=problems(*USUAL, 404),
    tags=["Imports"],
    summary="Stop and forget an import",
)
async def cancel_import(
    import_id: FromPath[UUID], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> None:
    """One that runs stops within a second. What it has recorded stays."""
    await delete_import(parts.database, identity.user_id, import_id)


def _answer(job: ImportJob) -> ImportAnswer:
    progress = job.progress
    return ImportAnswer(
        id=str(job.id),
        name=job.name,
        kind=job.kind,
        state=job.state,
        read=progress.read,
        inserted=progress.inserted,
        duplicates=progress.duplicates,
        excluded=progress.excluded,
        rejected=progress.rejected,
        reasons=[Rejection(reason.index, reason.field, reason.reason) for reason in progress.reasons],
        bytes_read=progress.bytes_read,
        bytes_total=progress.bytes_total,
        error=job.error or None,
        created_at=to_rfc3339(job.created_ms),
        touched_at=to_rfc3339(job.touched_ms),
    )
