"""From a request's body to heartbeats, the same for every dialect. What is refused keeps its place and says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from uuid import UUID

import msgspec

from devtime.activity.ingest import Ingest
from devtime.activity.recording import Outcome
from devtime.kernel.errors import Invalid
from devtime.server.faults import Rejected
from devtime.server.requests import AnyRequest, header
from devtime.wire.batch import decode_items
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.origin import Origin, read_origin
from devtime.wire.problem import ProblemField

MOST_ITEMS = 100_000
"""Items one request may hold; the import takes more."""

Read = Callable[[object, Origin], Heartbeat]
"""How a dialect reads an item."""

_AT_A_TIME_S = 0.02
"""How long others wait: by the clock, for a sender may make items that take long."""


class Taken(msgspec.Struct, frozen=True):
    """What became of the items: each a heartbeat, or why it is none; and the outcomes of the heartbeats."""

    items: list[Heartbeat | Invalid]
    outcomes: list[Outcome]

    @property
    def refused(self) -> list[tuple[int, Invalid]]:
        """The refused items with their places."""
        return [(place, item) for place, item in enumerate(self.items) if isinstance(item, Invalid)]


def read_request_origin(request: AnyRequest, received_ms: int) -> Origin:
    """Who sent the request, from its headers."""
    return read_origin(header(request.scope, b"user-agent"), header(request.scope, b"x-machine-name"), received_ms)


def decode_one(body: bytes, elsewhere: str) -> object:
    """The one item of a body; Invalid says where several are sent."""
    items = decode_items(body)
    if len(items) != 1:
        raise Invalid("", f"must be one heartbeat, not {len(items)}; send several to {elsewhere}")
    return items[0]


async def read_items(items: Sequence[object], read: Read, origin: Origin) -> list[Heartbeat | Invalid]:
    """Read every item; other requests are let in between."""
    if len(items) > MOST_ITEMS:
        raise Rejected(f"a request may hold {MOST_ITEMS:,} heartbeats; this one holds {len(items):,}", (), 413)
    found: list[Heartbeat | Invalid] = []
    pause_at = perf_counter() + _AT_A_TIME_S
    for item in items:
        try:
            found.append(read(item, origin))
        except Invalid as error:
            found.append(error)
        if perf_counter() > pause_at:
            await asyncio.sleep(0)
            pause_at = perf_counter() + _AT_A_TIME_S
    return found


async def record_items(ingest: Ingest, user_id: UUID, items: list[Heartbeat | Invalid]) -> Taken:
    """Record the heartbeats among the items; returns once they are durable."""
    heartbeats = [item for item in items if isinstance(item, Heartbeat)]
    recorded = await ingest.record(user_id, heartbeats) if heartbeats else None
    return Taken(items, recorded.outcomes if recorded else [])


def refuse_all(refused: list[tuple[int, Invalid]]) -> Rejected:
    """The error of a request none of whose items could be taken."""
    errors = [ProblemField(error.field, error.reason, place) for place, error in refused]
    return Rejected(f"none of the {len(errors):,} heartbeats can be accepted", errors)
