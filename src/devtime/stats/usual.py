"""What is usual: sums of past days up to a time of day, to compare a day with."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY
from devtime.kernel.zones import date_of_day
from devtime.stats.ranges import TimeRange
from devtime.stats.tally import Sum
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats")


async def fetch_days_until(
    database: Database, user_id: UUID, span: TimeRange, until_slot: int = SLOTS_PER_DAY
) -> dict[date, Sum]:
    """Sums per local day of a range of whole days, each day only up to `until_slot` quarter-hours after midnight."""
    offsets = span.offsets
    rows = await database.fetch(
        _QUERIES["tally_days_until"],
        user_id,
        span.start_ms // SLOT_MS,
        -(-span.end_ms // SLOT_MS),
        offsets.offsets,
        offsets.transitions,
        until_slot,
    )
    return {date_of_day(row["day"]): Sum(row[1], row[2], row[3]) for row in rows}
