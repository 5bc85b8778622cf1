"""Proof that stored credits and slots are right: recomputed by brute force from the raw rows, not in SQL."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

import msgspec

from devtime.activity.settings import lock_user
from devtime.kernel.clock import to_rfc3339
from devtime.kernel.slots import SLOT_MS
from devtime.store.database import Connection
from devtime.store.sqlfile import load

_QUERIES = load("devtime.activity")
_EXAMPLES = 5


class Verdict(msgspec.Struct, frozen=True):
    """What was compared for one user, and what differed (`problems` are sentences; empty: all is well)."""

    heartbeats: int
    slots: int
    differences: int
    problems: list[str]


async def verify_activity(connection: Connection, user_id: UUID) -> Verdict:
    """Compare the user's stored credits and slots with a recomputation, under the user's lock."""
    settings = await lock_user(connection, user_id)
    rows = await connection.fetch(_QUERIES["fetch_raw"], user_id)
    problems: list[str] = []
    expected: dict[tuple[int, int], list[int]] = defaultdict(_nothing)
    next_time: int | None = None
    next_in_lane: dict[int, int] = {}
    for time_ms, identity, lane_id, context_id, cap_ms, lane_ms, active_ms in reversed(rows):
        lane_gap = next_in_lane.get(lane_id)
        want_lane = _credit(time_ms, lane_gap, cap_ms, settings.timeout_ms)
        want_active = _credit(time_ms, next_time, cap_ms, settings.timeout_ms)
        next_time = next_in_lane[lane_id] = time_ms
        if (lane_ms, active_ms) != (want_lane, want_active):
            problems.append(
                f"heartbeat {identity} at {to_rfc3339(time_ms)} is credited {lane_ms}/{active_ms} ms "
                f"instead of {want_lane}/{want_active} ms"
            )
        expected[time_ms // SLOT_MS, context_id][2] += 1
        _spread(expected, time_ms, want_lane, context_id, 0)
        _spread(expected, time_ms, want_active, context_id, 1)
    stored = {
        (row["slot"], row["context_id"]): [row["lane_ms"], row["active_ms"], row["heartbeats"]]
        for row in await connection.fetch(_QUERIES["fetch_slots"], user_id)
    }
    for key in sorted(expected.keys() | stored.keys()):
        if expected.get(key) != stored.get(key):
            at = to_rfc3339(key[0] * SLOT_MS)
            problems.append(f"slot at {at}, context {key[1]}: {stored.get(key)} instead of {expected.get(key)}")
    orphans = await connection.fetchval(_QUERIES["fetch_orphans"], user_id)
    if orphans:
        problems.append(f"{orphans} heartbeats refer to a dictionary row that is missing")
    return Verdict(len(rows), len(expected), len(problems), problems[:_EXAMPLES])


def _nothing() -> list[int]:
    return [0, 0, 0]


def _credit(time_ms: int, next_ms: int | None, cap_ms: int | None, timeout_ms: int) -> int:
    if next_ms is None:
        return cap_ms or 0
    gap_ms = next_ms - time_ms
    if cap_ms is not None:
        return gap_ms if gap_ms < cap_ms else cap_ms
    return 0 if gap_ms >= timeout_ms else gap_ms


def _spread(
    expected: dict[tuple[int, int], list[int]], start_ms: int, length_ms: int, context_id: int, column: int
) -> None:
    end_ms = start_ms + length_ms
    for slot in range(start_ms // SLOT_MS, -(-end_ms // SLOT_MS)):
        part = min(end_ms, (slot + 1) * SLOT_MS) - max(start_ms, slot * SLOT_MS)
        if part > 0:
            expected[slot, context_id][column] += part
