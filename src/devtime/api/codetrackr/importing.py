"""`POST /api/v1/import`: an array of heartbeats of any length, recorded as it is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from litestar import Response, post
from litestar.di import NamedDependency

from devtime.activity.import_jobs import imports_folder
from devtime.activity.importers.items import json_items
from devtime.activity.importers.row import Row, read_rows
from devtime.activity.importers.stored import read_any
from devtime.activity.importing import Progress, record_rows
from devtime.api.codetrackr.bodies import BULK_BODY
from devtime.api.documents import USUAL, plain_errors, takes
from devtime.kernel.errors import Invalid
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.server.uploads import MOST_UPLOAD_BYTES, receive_body
from devtime.wire.batch import decode_items
from devtime.wire.codetrackr_answers import Imported, spell_imported
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.native_answers import Rejection

_MOST_REASONS = 1_000
_AT_ONCE_BYTES = 1024 * 1024
"""A body up to this size is decoded in one piece, which forgives more; a longer one item by item."""


@post(
    "/import",
    status_code=200,
    request_max_body_size=MOST_UPLOAD_BYTES,
    guards=[requires("ingest")],
    responses=plain_errors(*USUAL, 413, 429),
    operation_class=takes(BULK_BODY),
    summary="Import heartbeats",
)
async def import_heartbeats(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Response[Imported]:
    """An array of any length, worth a minute each unless told otherwise. A bad row is told by its index and costs no
    other; duplicates change nothing, so sending again is safe.
    """
    parts.limits.take_bulk(identity)
    received_ms, progress = parts.clock(), Progress()
    async with receive_body(request, imports_folder(parts.settings.home)) as (file, size):
        rows = _read_body(file, size, received_ms)
        async for _ in record_rows(parts.ingest, identity.user_id, rows, progress, most_reasons=_MOST_REASONS):
            pass
    answer = Imported(
        status="ok",
        inserted=progress.inserted,
        duplicates=progress.duplicates,
        excluded=progress.excluded,
        rejected=[Rejection(reason.index, reason.field, reason.reason) for reason in progress.reasons],
        rejected_total=progress.rejected if progress.rejected > _MOST_REASONS else 0,
    )
    return Response(content=spell_imported(answer), media_type="application/json")  # pyright: ignore[reportReturnType]


def _read_body(file: BinaryIO, size: int, received_ms: int) -> Iterator[Row]:
    def build(item: object) -> Heartbeat:
        return read_any(item, received_ms)

    if size <= _AT_ONCE_BYTES:
        return read_rows(iter(decode_items(file.read(), "heartbeats")), build, 0)
    _check_array(file, size)
    return read_rows(json_items(file, "item"), build, 0)


def _check_array(file: BinaryIO, size: int) -> None:
    """Refuse what cannot be a whole array before anything of it is recorded."""
    file.seek(max(0, size - 4096))
    has_end = file.read().rstrip().endswith(b"]")
    file.seek(0)
    has_start = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")
    file.seek(0)
    if not has_start:
        raise Invalid("", "must be a JSON array of heartbeats")
    if not has_end:
        raise Invalid("", "not JSON: the array never ends; nothing was imported")
