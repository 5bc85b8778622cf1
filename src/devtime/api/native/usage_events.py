"""`POST /api/usage/events`: what the agents of a machine used, batch by batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from litestar import post
from litestar.di import NamedDependency
from litestar.params import RawBody

from devtime.api.documents import USUAL, problems, takes
from devtime.api.intake import read_request_origin
from devtime.api.native.usage_bodies import USAGE_BATCH_BODY
from devtime.kernel.errors import Invalid
from devtime.server.faults import Rejected
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.server.usage_rules import lock_usage
from devtime.usage.recording import MachineKey, record_events
from devtime.wire.native_answers import Rejection, rejection
from devtime.wire.usage_answers import UsageAccepted
from devtime.wire.usage_batch import MOST_EVENTS, MachineEvent, decode_usage_batch, read_key, read_usage_event

T = TypeVar("T")


@post(
    "/usage/events",
    status_code=200,
    guards=[requires("ingest")],
    responses=problems(*USUAL, 413, 429),
    operation_class=takes(USAGE_BATCH_BODY),
    tags=["AI usage"],
    summary="Send AI usage",
)
async def record_usage(
    request: AnyRequest,
    body: RawBody,
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
) -> UsageAccepted:
    """Stored when answered; sending a batch again is safe. A bad item costs no other and is told by its place."""
    parts.limits.take_bulk(identity)
    origin = read_request_origin(request, parts.clock())
    batch = decode_usage_batch(body, origin.machine)
    for name, items in (("events", batch.events), ("withdrawn", batch.withdrawn)):
        if len(items) > MOST_EVENTS:
            raise Rejected(f"{name} may hold {MOST_EVENTS:,} items; these are {len(items):,}", (), 413)
    told, refused = await asyncio.to_thread(
        _read, batch.events, lambda item: MachineEvent(batch.machine, read_usage_event(item, origin.received_ms))
    )
    withdrawn, unknown = await asyncio.to_thread(
        _read, batch.withdrawn, lambda item: MachineKey(batch.machine, read_key(item, "withdrawn"))
    )
    recorded = await record_events(parts.database, identity.user_id, told, lock_usage, withdrawn)
    outcomes = recorded.outcomes
    if recorded.withdrawn or "new" in outcomes or "changed" in outcomes:
        parts.live.publish(identity.user_id)
    return UsageAccepted(
        inserted=outcomes.count("new"),
        changed=outcomes.count("changed"),
        duplicates=outcomes.count("duplicate"),
        excluded=outcomes.count("excluded"),
        withdrawn=recorded.withdrawn,
        rejected=refused + unknown,
    )


def _read(items: Sequence[object], read: Callable[[object], T]) -> tuple[list[T], list[Rejection]]:
    """What the items tell, and which tell nothing."""
    found: list[T] = []
    refused: list[Rejection] = []
    for place, item in enumerate(items):
        try:
            found.append(read(item))
        except Invalid as error:
            refused.append(rejection(place, error))
    return found, refused
