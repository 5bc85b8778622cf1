"""The quarter-hour sums of events: kept by differences, made anew from the events, and proved by brute force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec

from devtime.kernel.clock import to_rfc3339
from devtime.kernel.slots import SLOT_MS
from devtime.store.database import Connection
from devtime.store.sqlfile import load
from devtime.usage.stored import Cell, StoredEvent, cell_of

_QUERIES = load("devtime.usage")
_EXAMPLES = 5
_LATEST_MS = 253_402_300_799_999
_KEY_WIDTH = len(Cell._fields)


class UsageVerdict(msgspec.Struct, frozen=True):
    """What was compared for one user, and what differed (`problems` are sentences; empty: all is well)."""

    events: int
    slots: int
    differences: int
    problems: list[str]


class _Sum:
    """What a cell gains: events, logged cost and counts (may be negative), and the edges of what was added."""

    __slots__ = ("first_ms", "last_ms", "values")

    def __init__(self, width: int) -> None:
        self.values = [0] * width
        self.first_ms, self.last_ms = _LATEST_MS, 0

    def add(self, values: Sequence[int], sign: int) -> None:
        for place, value in enumerate(values):
            self.values[place] += sign * value


async def add_to_sums(
    connection: Connection, user_id: UUID, came: Sequence[StoredEvent], lost: Sequence[StoredEvent]
) -> None:
    """Bring the sums up to date with events that came and events that are there no more."""
    if not came and not lost:
        return
    cells: dict[Cell, _Sum] = {}
    for event in came:
        part = _part(cells, event)
        part.add(_values(event), 1)
        part.first_ms, part.last_ms = min(part.first_ms, event.time_ms), max(part.last_ms, event.time_ms)
    for event in lost:
        _part(cells, event).add(_values(event), -1)
    # A cell that only loses is there already, and settled below; its edges here must not widen it.
    rows = [
        (*cell, *part.values, part.first_ms, max(part.last_ms, cell.slot * SLOT_MS))
        for cell, part in sorted(cells.items())
    ]
    await connection.execute(_QUERIES["add_sums"], user_id, *columns(rows, len(rows[0])))
    if lost:
        emptied = columns(sorted({cell_of(event) for event in lost}), _KEY_WIDTH)
        await connection.execute(_QUERIES["drop_empty_sums"], user_id, *emptied)
        await connection.execute(_QUERIES["settle_edges"], user_id, *emptied)


async def rebuild_usage(connection: Connection, user_id: UUID) -> None:
    """Make all sums of the user anew from the events, inside the caller's transaction, which holds the user's lock."""
    await connection.execute(_QUERIES["delete_sums"], user_id)
    await connection.execute(_QUERIES["rebuild_sums"], user_id)


async def verify_usage(connection: Connection, user_id: UUID) -> UsageVerdict:
    """Compare the user's stored sums with a recomputation, inside a transaction that holds the user's lock."""
    expected: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    rows = await connection.fetch(_QUERIES["fetch_raw"], user_id)
    for row in rows:
        _, time_ms, context_id, rate_id, cost_nusd, *counts = row
        cell = expected[time_ms // SLOT_MS, context_id, rate_id]
        if not cell:
            cell += [time_ms, time_ms, 0, 0, *(0 for _ in counts)]
        cell[0], cell[1] = min(cell[0], time_ms), max(cell[1], time_ms)
        for place, value in enumerate((1, cost_nusd or 0, *counts)):
            cell[place + 2] += value
    stored: dict[tuple[int, int, int], list[int]] = {}
    for row in await connection.fetch(_QUERIES["fetch_sums"], user_id):
        slot, context_id, rate_id, *values = row
        stored[slot, context_id, rate_id] = [int(value) for value in values]
    problems = [
        f"usage slot at {to_rfc3339(key[0] * SLOT_MS)}, context {key[1]}, rate {key[2]}: "
        f"{stored.get(key)} instead of {expected.get(key)}"
        for key in sorted(expected.keys() | stored.keys())
        if expected.get(key) != stored.get(key)
    ]
    orphans = await connection.fetchval(_QUERIES["count_orphans"], user_id)
    if orphans:
        problems.append(f"{orphans} usage events refer to a dictionary row that is missing")
    return UsageVerdict(len(rows), len(expected), len(problems), problems[:_EXAMPLES])


def columns(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    """The columns of rows, as `unnest` wants them."""
    return [[row[place] for row in rows] for place in range(width)]


def _part(cells: dict[Cell, _Sum], event: StoredEvent) -> _Sum:
    cell = cell_of(event)
    if cell not in cells:
        cells[cell] = _Sum(2 + len(event.counts))
    return cells[cell]


def _values(event: StoredEvent) -> tuple[int, ...]:
    return (1, event.cost_nusd or 0, *event.counts)
