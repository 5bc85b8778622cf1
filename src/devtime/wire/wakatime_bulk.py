"""What WakaTime clients are told about heartbeats they sent. Every rule here keeps some client from sending the same
heartbeats for ever: item answers stand in the order sent, none holds `error`, and none echoes a heartbeat.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from devtime.kernel.errors import Invalid
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.heartbeat_ids import heartbeat_uuid

CREATED = 201
REFUSED = 400
"""The only status at which clients drop an item for good."""


class StoredHeartbeat(msgspec.Struct, frozen=True):
    """All that is told of a stored heartbeat."""

    id: UUID


class HeartbeatStored(msgspec.Struct, frozen=True):
    """The answer for a heartbeat that is stored, new or not."""

    data: StoredHeartbeat


class HeartbeatAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer for one heartbeat of several: `data` when it is stored, else `errors`, the reasons by field."""

    data: StoredHeartbeat | None = None
    errors: dict[str, list[str]] = {}


class BulkAnswer(msgspec.Struct, frozen=True):
    """An answer and a status per heartbeat, in the order they were sent."""

    responses: list[tuple[HeartbeatAnswer, int]]


def answer_stored(heartbeat: Heartbeat) -> HeartbeatStored:
    """The answer for a heartbeat that is stored."""
    return HeartbeatStored(_store(heartbeat))


def answer_bulk(items: list[Heartbeat | Invalid]) -> BulkAnswer:
    """The answers for a request."""
    return BulkAnswer([_answer(item) for item in items])


def _answer(item: Heartbeat | Invalid) -> tuple[HeartbeatAnswer, int]:
    if isinstance(item, Heartbeat):
        return HeartbeatAnswer(data=_store(item)), CREATED
    return HeartbeatAnswer(errors={item.field or "heartbeat": [item.reason]}), REFUSED


def _store(heartbeat: Heartbeat) -> StoredHeartbeat:
    return StoredHeartbeat(heartbeat_uuid(heartbeat.time_ms, heartbeat.identity))
