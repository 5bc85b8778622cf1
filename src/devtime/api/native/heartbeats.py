"""`POST /api/heartbeat` and `POST /api/heartbeat/batch`: heartbeats in DevTime's own dialect."""

from __future__ import annotations

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from devtime.api.documents import USUAL, problems, takes
from devtime.api.intake import decode_one, read_items, read_request_origin, record_items, refuse_all
from devtime.api.native.bodies import BATCH_BODY, HEARTBEAT_BODY
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.wire import native
from devtime.wire.batch import decode_items
from devtime.wire.native_answers import ACCEPTED, Accepted, BatchAccepted, rejection

_ERRORS = problems(*USUAL, 413, 429)


@post(
    "/heartbeat",
    status_code=200,
    guards=[requires("ingest")],
    responses=_ERRORS,
    operation_class=takes(HEARTBEAT_BODY),
    tags=["Heartbeats"],
    summary="Send one heartbeat",
)
async def record_heartbeat(
    request: AnyRequest,
    body: RawBody,
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
) -> Response[Accepted]:
    """Stored when answered. The same heartbeat sent twice is one heartbeat."""
    parts.limits.take_heartbeat(identity)
    item = decode_one(body, "/api/heartbeat/batch")
    heartbeat = native.read(item, read_request_origin(request, parts.clock()))
    await parts.ingest.record(identity.user_id, [heartbeat])
    return Response(content=ACCEPTED, media_type="application/json")  # pyright: ignore[reportReturnType]


@post(
    "/heartbeat/batch",
    status_code=200,
    guards=[requires("ingest")],
    responses=_ERRORS,
    operation_class=takes(BATCH_BODY),
    tags=["Heartbeats"],
    summary="Send several heartbeats",
)
async def record_batch(
    request: AnyRequest,
    body: RawBody,
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
) -> BatchAccepted:
    """An object with `heartbeats`, or the bare array, in any order. A bad one is told by its index and costs no other;
    only when all are bad the answer is an error. Sending a batch again is safe.
    """
    parts.limits.take_bulk(identity)
    origin = read_request_origin(request, parts.clock())
    items = await read_items(decode_items(body, "heartbeats"), native.read, origin)
    taken = await record_items(parts.ingest, identity.user_id, items)
    if taken.refused and not taken.outcomes:
        raise refuse_all(taken.refused)
    return BatchAccepted(
        inserted=taken.outcomes.count("new"),
        duplicates=taken.outcomes.count("duplicate"),
        excluded=taken.outcomes.count("excluded"),
        rejected=[rejection(place, error) for place, error in taken.refused],
    )
