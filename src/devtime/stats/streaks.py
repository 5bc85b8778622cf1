"""Streaks: days in a row with activity, in the user's zone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY
from devtime.kernel.zones import slot_offsets
from devtime.stats.ranges import FIRST_DAY, days_range
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats")


class Streaks(msgspec.Struct, frozen=True):
    """In days. Activity today or yesterday keeps the current one alive."""

    current: int
    longest: int


async def fetch_streaks(database: Database, user_id: UUID, zone: str, now_ms: int) -> Streaks:
    """The user's streaks as of now."""
    first_slot = days_range(FIRST_DAY, FIRST_DAY, zone).start_ms // SLOT_MS
    now_slot = now_ms // SLOT_MS
    last_slot = (now_slot // SLOTS_PER_DAY + 400) * SLOTS_PER_DAY
    offsets = slot_offsets(zone, first_slot, last_slot)
    rows = await database.fetch(_QUERIES["fetch_active_days"], user_id, offsets.offsets, offsets.transitions)
    return count_streaks([row[0] for row in rows], offsets.local(now_slot) // SLOTS_PER_DAY)


def count_streaks(days: Sequence[int], today: int) -> Streaks:
    """From ascending day numbers with activity; days after today do not count."""
    longest = run = 0
    previous: int | None = None
    for day in days:
        if day > today:
            break
        run = run + 1 if previous is not None and day == previous + 1 else 1
        longest = max(longest, run)
        previous = day
    is_alive = previous is not None and previous >= today - 1
    return Streaks(run if is_alive else 0, longest)
