"""`users/current/heartbeats` and `heartbeats.bulk`: what every editor plugin sends, and a day of it back."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter, RawBody

from devtime.api.documents import USUAL, plain_errors, takes
from devtime.api.intake import read_items, read_request_origin, record_items
from devtime.api.wakatime.bodies import BULK_BODY, HEARTBEAT_BODY
from devtime.api.wakatime.question import DATE, Timezone, read_asked_day
from devtime.kernel.clock import to_rfc3339
from devtime.kernel.errors import Invalid
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.stats.ranges import days_range
from devtime.stats.senders import fetch_last_names
from devtime.stats.sent import SentHeartbeat, fetch_sent_heartbeats
from devtime.wire import wakatime
from devtime.wire.batch import decode_items, is_array
from devtime.wire.durations import to_seconds
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.heartbeat_ids import heartbeat_uuid
from devtime.wire.wakatime_bulk import BulkAnswer, HeartbeatStored, answer_bulk, answer_stored
from devtime.wire.wakatime_lists import HeartbeatsAnswer, client_id
from devtime.wire.wakatime_times import last_second

_BULK = "/users/current/heartbeats.bulk"
_ONE = "/users/current/heartbeats"
_BY_ACCIDENT = [f"{before}{_BULK}" for before in ("/users/current", "/heartbeats", _ONE, _BULK)]
"""What clients make of an `api_url` that is more than the API's root."""

_ERRORS = plain_errors(*USUAL, 413, 429)
_MEDIA = ("application/json", "text/plain")


async def _record_bulk(
    request: AnyRequest, body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> BulkAnswer:
    """The answers stand in the order sent: 201 for what is stored, new or not, 400 for what never will be. A bad
    heartbeat costs no other.
    """
    parts.limits.take_bulk(identity)
    return answer_bulk(await _take(request, parts, identity, body))


record_bulk = post(
    _BULK,
    guards=[requires("ingest")],
    responses=_ERRORS,
    operation_class=takes(BULK_BODY, *_MEDIA),
    summary="Send heartbeats",
)(_record_bulk)

record_bulk_by_accident = post(_BY_ACCIDENT, guards=[requires("ingest")], include_in_schema=False)(_record_bulk)


@post(
    _ONE,
    guards=[requires("ingest")],
    responses=_ERRORS,
    operation_class=takes(HEARTBEAT_BODY, *_MEDIA),
    summary="Send one heartbeat, or several",
)
async def record_heartbeats(
    request: AnyRequest, body: RawBody, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> HeartbeatStored | BulkAnswer:
    """An object is answered as one, an array as `heartbeats.bulk` does."""
    if is_array(body):
        parts.limits.take_bulk(identity)
        return answer_bulk(await _take(request, parts, identity, body))
    parts.limits.take_heartbeat(identity)
    items = await _take(request, parts, identity, body)
    if len(items) != 1:
        # An array all the same, in a spelling that `is_array` does not see through.
        return answer_bulk(items)
    item = items[0]
    if isinstance(item, Invalid):
        raise item
    return answer_stored(item)


@get(_ONE, guards=[requires("read")], responses=plain_errors(*USUAL), summary="The heartbeats of a day")
async def list_heartbeats(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    date: Annotated[str, QueryParameter(description="The local day.", schema_extra=DATE)],
    timezone: Timezone = None,
) -> HeartbeatsAnswer:
    """As they were sent, oldest first."""
    day = read_asked_day(date, "date")
    span = days_range(day, day, timezone or identity.timezone)
    return HeartbeatsAnswer(
        data=[_answer(sent) for sent in await fetch_sent_heartbeats(parts.database, identity.user_id, span)],
        start=to_rfc3339(span.start_ms),
        end=last_second(span.end_ms),
        timezone=span.zone,
    )


async def _take(request: AnyRequest, parts: Parts, identity: Identity, body: bytes) -> list[Heartbeat | Invalid]:
    """Record what can be; the heartbeats and refusals in the order sent."""
    origin = read_request_origin(request, parts.clock())
    items = await read_items(decode_items(body), wakatime.read, origin)
    if starts := [item.time_ms for item in items if isinstance(item, Heartbeat) and wakatime.needs_last(item)]:
        items = _fill(items, await fetch_last_names(parts.database, identity.user_id, min(starts)))
    return (await record_items(parts.ingest, identity.user_id, items)).items


def _fill(items: list[Heartbeat | Invalid], last: dict[str, str]) -> list[Heartbeat | Invalid]:
    filled = iter(wakatime.fill_last([item for item in items if isinstance(item, Heartbeat)], last))
    return [next(filled) if isinstance(item, Heartbeat) else item for item in items]


def _answer(sent: SentHeartbeat) -> dict[str, Any]:
    """Under the names clients send; what no column holds is answered as it came."""
    return {
        "type": "file",
        **(sent.extra or {}),
        "id": heartbeat_uuid(sent.time_ms, sent.identity),
        "entity": sent.file,
        "time": to_seconds(sent.time_ms),
        "category": sent.activity_type,
        "project": sent.project or None,
        "branch": sent.branch or None,
        "language": sent.language or None,
        "is_write": sent.is_write,
        "ai_session": sent.session or None,
        "ai_input_tokens": sent.tokens_in,
        "ai_output_tokens": sent.tokens_out,
        "machine_name_id": sent.machine or None,
        "user_agent_id": None if sent.client_id is None else client_id(sent.client_id),
        "created_at": to_rfc3339(sent.created_ms),
    }
