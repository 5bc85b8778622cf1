"""Sums of credit by local day and context: the one answer every total, breakdown and chart is folded from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from uuid import UUID

import msgspec

from devtime.activity.settings import fetch_settings
from devtime.kernel.slots import SLOT_MS
from devtime.kernel.zones import date_of_day
from devtime.stats.agents import is_agent
from devtime.stats.contexts import Context, ContextBook
from devtime.stats.filters import NO_FILTERS, Dimension, Filters, fetch_context_ids
from devtime.stats.ranges import TimeRange
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats")


class Sum(msgspec.Struct):
    """Credit in milliseconds: `lane_ms` adds parallel tools up, `active_ms` is wall clock; and heartbeats."""

    lane_ms: int = 0
    active_ms: int = 0
    heartbeats: int = 0

    def add(self, other: Sum | Cell) -> None:
        """Add another sum to this one."""
        self.lane_ms += other.lane_ms
        self.active_ms += other.active_ms
        self.heartbeats += other.heartbeats


class Cell(msgspec.Struct, frozen=True, gc=False):
    """The credit of one context on one local day (days since 1970-01-01 in local time)."""

    day: int
    context_id: int
    lane_ms: int
    active_ms: int
    heartbeats: int


class Tally(msgspec.Struct):
    """All cells of a range, ready to be folded."""

    range: TimeRange
    cells: list[Cell]
    contexts: dict[int, Context]
    _sums: dict[int, Sum] | None = None

    def total(self) -> Sum:
        """The sum of everything."""
        total = Sum()
        for cell in self.cells:
            total.add(cell)
        return total

    def by(self, dimension: Dimension) -> dict[str, Sum]:
        """Sums per name, the largest lane time first."""
        return _ranked(self._by_context(), lambda number: self.contexts[number].name(dimension))

    def by_day(self) -> dict[date, Sum]:
        """Sums per local day, in order; days without any credit or heartbeat are left out."""
        sums: dict[int, Sum] = defaultdict(Sum)
        for cell in self.cells:
            sums[cell.day].add(cell)
        return {date_of_day(day): sums[day] for day in sorted(sums)}

    def by_day_and(self, dimension: Dimension) -> dict[date, dict[str, Sum]]:
        """Sums per local day and name."""
        sums: dict[int, dict[str, Sum]] = defaultdict(lambda: defaultdict(Sum))
        for cell in self.cells:
            sums[cell.day][self.contexts[cell.context_id].name(dimension)].add(cell)
        return {date_of_day(day): dict(sums[day]) for day in sorted(sums)}

    def select(self, keep: Callable[[Context], bool]) -> Tally:
        """The part of the tally whose contexts pass."""
        kept = {number for number in {cell.context_id for cell in self.cells} if keep(self.contexts[number])}
        return Tally(self.range, [cell for cell in self.cells if cell.context_id in kept], self.contexts)

    def of_agents(self) -> Tally:
        """The part that AI agents worked: its lane time is the agent-hours."""
        return self.select(lambda context: is_agent(context.tool, context.activity_type))

    def split_days(self) -> dict[date, Tally]:
        """The parts of all local days that have any, in order."""
        cells: dict[int, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            cells[cell.day].append(cell)
        return {date_of_day(day): Tally(self.range, cells[day], self.contexts) for day in sorted(cells)}

    def _by_context(self) -> dict[int, Sum]:
        """Folded once, for every dimension that is asked for."""
        if self._sums is None:
            sums: dict[int, Sum] = defaultdict(Sum)
            for cell in self.cells:
                sums[cell.context_id].add(cell)
            self._sums = sums
        return self._sums


def _ranked(sums: dict[int, Sum], name_of: Callable[[int], str]) -> dict[str, Sum]:
    named: dict[str, Sum] = defaultdict(Sum)
    for number, part in sums.items():
        named[name_of(number)].add(part)
    order = sorted(named, key=lambda name: (-named[name].lane_ms, -named[name].active_ms, name))
    return {name: named[name] for name in order}


class Tallies:
    """Asks the store for tallies; remembers contexts between questions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.book = ContextBook()

    async def fetch(
        self,
        user_id: UUID,
        span: TimeRange,
        filters: Filters = NO_FILTERS,
        timeout_ms: int | None = None,
        *,
        writes_only: bool = False,
    ) -> Tally:
        """The tally of a range. From the slots, save the ends of a range that cuts a slot; from the raw heartbeats
        when another timeout than the user's is asked for, or what the time would be if only the writes were known.
        """
        settings = await fetch_settings(self._database, user_id)
        context_ids = await fetch_context_ids(self._database, user_id, filters)
        timeout_ms = timeout_ms or settings.timeout_ms
        if writes_only or timeout_ms != settings.timeout_ms:
            cells = await self._from_heartbeats(user_id, span, context_ids, timeout_ms, writes_only)
        else:
            cells = await self._from_slots(user_id, span, context_ids)
        numbers = {cell.context_id for cell in cells}
        contexts = await self.book.lookup(self._database, user_id, settings.epoch, numbers)
        return Tally(span, cells, contexts)

    async def _from_slots(self, user_id: UUID, span: TimeRange, context_ids: list[int] | None) -> list[Cell]:
        first, last = -(-span.start_ms // SLOT_MS), span.end_ms // SLOT_MS
        shift = (span.offsets.offsets, span.offsets.transitions)
        if first > last:
            return await self._from_edge(user_id, span.start_ms, span.end_ms, shift, context_ids)
        rows = await self._database.fetch(_QUERIES["tally_slots"], user_id, first, last, *shift, context_ids)
        cells = [Cell(*row) for row in rows]
        if span.start_ms < first * SLOT_MS:
            cells += await self._from_edge(user_id, span.start_ms, first * SLOT_MS, shift, context_ids)
        if span.end_ms > last * SLOT_MS:
            cells += await self._from_edge(user_id, last * SLOT_MS, span.end_ms, shift, context_ids)
        return cells

    async def _from_edge(
        self,
        user_id: UUID,
        start_ms: int,
        end_ms: int,
        shift: tuple[list[int], list[int]],
        context_ids: list[int] | None,
    ) -> list[Cell]:
        rows = await self._database.fetch(_QUERIES["tally_edge"], user_id, start_ms, end_ms, *shift, context_ids)
        return [Cell(*row) for row in rows]

    async def _from_heartbeats(
        self, user_id: UUID, span: TimeRange, context_ids: list[int] | None, timeout_ms: int, writes_only: bool
    ) -> list[Cell]:
        offsets = span.offsets
        rows = await self._database.fetch(
            _QUERIES["tally_heartbeats"],
            user_id,
            span.start_ms,
            span.end_ms,
            offsets.offsets,
            offsets.transitions,
            context_ids,
            timeout_ms,
            writes_only,
        )
        return [Cell(*row) for row in rows]
