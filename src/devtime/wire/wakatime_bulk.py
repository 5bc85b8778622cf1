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


class HeartbeatRefused(msgspec.Struct, frozen=True):
    """The answer for a heartbeat that cannot be stored: reasons by field."""

    errors: dict[str, list[str]]


HeartbeatAnswer = HeartbeatStored | HeartbeatRefused


class BulkAnswer(msgspec.Struct, frozen=True):
    """An answer and a status per heartbeat, in the order they were sent."""

    responses: list[tuple[HeartbeatAnswer, int]]


def answer_heartbeat(outcome: Heartbeat | Invalid) -> HeartbeatAnswer:
    """The answer for one heartbeat: as it was recorded, or why it was not."""
    if isinstance(outcome, Heartbeat):
        return HeartbeatStored(StoredHeartbeat(heartbeat_uuid(outcome.time_ms, outcome.identity)))
    return HeartbeatRefused({outcome.field or "heartbeat": [outcome.reason]})


def answer_bulk(outcomes: list[Heartbeat | Invalid]) -> BulkAnswer:
    """The answers for a request."""
    return BulkAnswer(
        [(answer_heartbeat(outcome), CREATED if isinstance(outcome, Heartbeat) else REFUSED) for outcome in outcomes]
    )
