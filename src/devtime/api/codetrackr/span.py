"""The stretch of time a CodeTrackr question is about: the dependency `span`."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from devtime.api.spans import LAST_DAY, read_edge
from devtime.kernel.clock import DAY_MS
from devtime.kernel.errors import Invalid
from devtime.kernel.slots import slot_start
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.names import fetch_first_slot
from devtime.stats.ranges import FIRST_DAY, TimeRange, days_range, named_range

_DAYS = {"7d": 7, "30d": 30, "90d": 90}
_DEFAULT = "7d"

RangeName = Annotated[
    str | None, QueryParameter(name="range", description="`7d` (also for what is unknown), `30d`, `90d` or `all`.")
]
Instant = Annotated[str | None, QueryParameter(description="An RFC 3339 instant, or a date.")]


class Asked(msgspec.Struct, frozen=True):
    """The stretch time is summed over, and the end it is told to have.

    One that ends now is summed to the end of the day, as everywhere else: what was credited just now reaches a
    little into the future.
    """

    range: TimeRange
    told_end_ms: int


async def provide_span(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    range_name: RangeName = None,
    start: Instant = None,
    end: Instant = None,
) -> Asked:
    """So many times 24 hours up to `end` or now, or from `start`; `all` begins with the first activity."""
    zone, now_ms = identity.timezone, parts.clock()
    told_end_ms = _read(end, "end", zone) if end else now_ms
    end_ms = told_end_ms if end else named_range("today", now_ms, zone).end_ms
    if start:
        start_ms = _read(start, "start", zone)
        if told_end_ms <= start_ms:
            raise Invalid("end", "does not lie after start")
    else:
        start_ms = await _begin(parts, identity, range_name, told_end_ms)
    return Asked(TimeRange(start_ms=start_ms, end_ms=end_ms, zone=zone), told_end_ms)


async def _begin(parts: Parts, identity: Identity, range_name: str | None, end_ms: int) -> int:
    if range_name == "all":
        slot = await fetch_first_slot(parts.database, identity.user_id)
        if slot is not None and slot_start(slot) < end_ms:
            return slot_start(slot)
    return end_ms - _DAYS.get(range_name or _DEFAULT, _DAYS[_DEFAULT]) * DAY_MS


def _read(text: str, field: str, zone: str) -> int:
    """An edge, brought to the days that can have heartbeats, and for the end so far that a range fits before it."""
    is_end = field == "end"
    earliest = days_range(FIRST_DAY, FIRST_DAY, "UTC").start_ms + (max(_DAYS.values()) * DAY_MS if is_end else 0)
    latest = days_range(LAST_DAY, LAST_DAY, "UTC").end_ms
    return min(max(read_edge(text, field, zone, is_end=is_end), earliest), latest)
