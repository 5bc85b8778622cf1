"""`/api/limits`: how much of AI plans is left, as machines tell it, and how it came to that."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter, RawBody

from devtime.alerts.limit_watch import fetch_alerts
from devtime.api.documents import USUAL, problems, takes
from devtime.api.intake import read_request_origin
from devtime.api.native.limit_answers import (
    LimitHistoryAnswer,
    LimitsAccepted,
    LimitsAnswer,
    answer_alert,
    answer_history,
    answer_source,
)
from devtime.api.native.limit_bodies import LIMITS_BATCH_BODY
from devtime.kernel.clock import DAY_MS, to_rfc3339
from devtime.kernel.errors import Invalid
from devtime.limits.history import fetch_history
from devtime.limits.reading import MOST_SNAPSHOTS, decode_limits_batch, read_told
from devtime.limits.sources import Told, fetch_sources
from devtime.server.faults import Rejected
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.limit_keeping import forget_plan, keep_limits
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.wire.native_answers import Rejection, rejection

_OPTIONS: dict[str, Any] = {"guards": [requires("read")], "responses": problems(*USUAL), "tags": ["AI limits"]}
_ALERTS_MS = 30 * DAY_MS


@post(
    "/limits",
    status_code=200,
    guards=[requires("ingest")],
    responses=problems(*USUAL, 413, 429),
    operation_class=takes(LIMITS_BATCH_BODY),
    tags=["AI limits"],
    summary="Send limits of AI plans",
)
async def record_limits(
    request: AnyRequest, body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> LimitsAccepted:
    """Stored when answered, in any order; sending a batch again is safe. Of each source the newest is shown."""
    parts.limits.take_bulk(identity)
    origin = read_request_origin(request, parts.clock())
    batch = decode_limits_batch(body, origin.machine)
    if len(batch.snapshots) > MOST_SNAPSHOTS:
        raise Rejected(f"snapshots may hold {MOST_SNAPSHOTS:,} items; these are {len(batch.snapshots):,}", (), 413)
    told, refused = await asyncio.to_thread(_read, batch.snapshots, batch.machine, origin.received_ms)
    kept = await keep_limits(parts, identity, told)
    return LimitsAccepted(renewed=kept.renewed, rejected=refused)


@get("/limits", summary="Limits of AI plans now", **_OPTIONS)
async def get_limits(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> LimitsAnswer:
    """What every machine told last of every plan, with its pace, and the alerts of the last 30 days."""
    now_ms = parts.clock()
    sources = await fetch_sources(parts.database, identity.user_id)
    alerts = await fetch_alerts(parts.database, identity.user_id, now_ms - _ALERTS_MS)
    return LimitsAnswer(
        sources=[answer_source(each, now_ms) for each in sources], alerts=[answer_alert(each) for each in alerts]
    )


@get("/limits/history", summary="The past of limits", **_OPTIONS)
async def get_limit_history(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    days: Annotated[int, QueryParameter(ge=1, le=400)] = 7,
    source: Annotated[str | None, QueryParameter(description="Of this source only.")] = None,
) -> LimitHistoryAnswer:
    """Every progress line of the last days: stretches in which it said the same."""
    now_ms = parts.clock()
    start_ms = now_ms - days * DAY_MS
    number = None if source is None else read_source(source)
    found = await fetch_history(parts.database, identity.user_id, start_ms, now_ms + 1, number)
    return LimitHistoryAnswer(
        start=to_rfc3339(start_ms), end=to_rfc3339(now_ms), lines=[answer_history(each) for each in found]
    )


@delete(
    "/limits/{source:str}",
    guards=[requires("full")],
    responses=problems(*USUAL, 404),
    tags=["AI limits"],
    summary="Forget a plan",
)
async def delete_limits(
    source: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> None:
    """With its past and its alerts. A machine that still asks for it makes it anew."""
    await forget_plan(parts, identity, read_source(source))


def read_source(text: str) -> int:
    """The number of a source. Raises Invalid."""
    try:
        number = int(text) if len(text) <= 20 else None
    except ValueError:
        number = None
    if number is None or not -(2**63) <= number < 2**63:
        raise Invalid("source", "is the id of a source, as /api/limits tells it")
    return number


def _read(items: list[object], machine: str, received_ms: int) -> tuple[list[Told], list[Rejection]]:
    found: list[Told] = []
    refused: list[Rejection] = []
    for place, item in enumerate(items):
        try:
            found.append(read_told(item, machine, received_ms))
        except Invalid as error:
            refused.append(rejection(place, error))
    return found, refused
