"""When in the week time is spent: sums by local weekday and hour."""

from __future__ import annotations

from uuid import UUID

from devtime.kernel.slots import SLOT_MS
from devtime.stats.filters import NO_FILTERS, Filters, fetch_context_ids
from devtime.stats.ranges import TimeRange
from devtime.stats.tally import Sum
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats")

WeekHours = dict[tuple[int, int], Sum]
"""By weekday (0 = Sunday … 6 = Saturday) and hour (0 … 23); empty hours are left out."""


async def fetch_week_hours(
    database: Database, user_id: UUID, span: TimeRange, filters: Filters = NO_FILTERS
) -> WeekHours:
    """Sums over a range of whole days."""
    ids = await fetch_context_ids(database, user_id, filters)
    first, last = span.start_ms // SLOT_MS, -(-span.end_ms // SLOT_MS)
    offsets = span.offsets
    rows = await database.fetch(
        _QUERIES["tally_week_hours"], user_id, first, last, offsets.offsets, offsets.transitions, ids
    )
    return {(row["weekday"], row["hour"]): Sum(row[2], row[3], row[4]) for row in rows}
