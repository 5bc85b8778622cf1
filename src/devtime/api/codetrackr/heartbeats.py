"""`POST /api/v1/heartbeat` and `/api/v1/heartbeats`: heartbeats of CodeTrackr's editor extensions and scripts."""

from __future__ import annotations

from litestar import post
from litestar.di import NamedDependency
from litestar.params import RawBody
from msgspec import UNSET

from devtime.api.codetrackr.bodies import BULK_BODY, HEARTBEAT_BODY
from devtime.api.documents import USUAL, plain_errors, takes
from devtime.api.intake import decode_one, read_items, read_request_origin, record_items
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.wire import codetrackr
from devtime.wire.batch import decode_items
from devtime.wire.codetrackr_answers import BulkRecorded, Recorded
from devtime.wire.native_answers import rejection

_ERRORS = plain_errors(*USUAL, 413, 429)


@post(
    "/heartbeat",
    status_code=200,
    guards=[requires("ingest")],
    responses=_ERRORS,
    operation_class=takes(HEARTBEAT_BODY),
    summary="Send one heartbeat",
)
async def record_heartbeat(
    request: AnyRequest,
    body: RawBody,
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
) -> Recorded:
    """Stored when answered. The same heartbeat sent twice is one heartbeat; without a time it happens now."""
    parts.limits.take_heartbeat(identity)
    item = decode_one(body, "/api/v1/heartbeats")
    heartbeat = codetrackr.read(item, read_request_origin(request, parts.clock()))
    await parts.ingest.record(identity.user_id, [heartbeat])
    return Recorded(recorded_at=to_rfc3339(heartbeat.time_ms))


@post(
    "/heartbeats",
    status_code=200,
    guards=[requires("ingest")],
    responses=_ERRORS,
    operation_class=takes(BULK_BODY),
    summary="Send several heartbeats",
)
async def record_bulk(
    request: AnyRequest,
    body: RawBody,
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
) -> BulkRecorded:
    """An array, in any order. A bad heartbeat is told by its index and costs no other; sending again is safe."""
    parts.limits.take_bulk(identity)
    origin = read_request_origin(request, parts.clock())
    items = await read_items(decode_items(body, "heartbeats"), codetrackr.read, origin)
    taken = await record_items(parts.ingest, identity.user_id, items)
    return BulkRecorded(
        inserted=taken.outcomes.count("new"),
        duplicates=taken.outcomes.count("duplicate"),
        rejected=[rejection(place, error) for place, error in taken.refused],
        excluded=taken.outcomes.count("excluded") or UNSET,
    )
