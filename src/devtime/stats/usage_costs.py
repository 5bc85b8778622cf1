"""AI usage with its costs: rows by anything, single events, blocks. What every door that tells costs asks."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterable, Mapping
from decimal import Decimal
from uuid import UUID

import msgspec

from devtime.kernel.slots import SLOT_MS
from devtime.pricing.prices import Card
from devtime.reports.blocks import BLOCK_MS, Block, find_blocks
from devtime.reports.costs import Costing
from devtime.reports.rows import Row
from devtime.stats.ranges import TimeRange
from devtime.stats.usage import fetch_cells, fetch_events, fetch_rates
from devtime.store.database import Database
from devtime.wire.rates import Rate
from devtime.wire.usage import UsageEvent
from devtime.wire.usage_batch import MachineEvent
from devtime.wire.usage_sums import PriceEdges, TokenSums, UsageCell, UsageQuestion

AskCards = Callable[[Mapping[int, Rate]], Awaitable[Mapping[int, Card | None]]]
"""Whoever knows prices."""

Names = tuple[str | int, ...]

_MOST_AT_ONCE = 1_000_000


class UsageReport(msgspec.Struct, frozen=True):
    """Rows by the question's parts, what they add up to, and the models whose price nobody knows."""

    rows: list[Row[Names]]
    total: Row[str]
    unpriced_models: list[str]


class PricedEvent(msgspec.Struct, frozen=True):
    """An event, the machine it came from and its cost; None: nobody knows the price."""

    told: MachineEvent
    cost_usd: Decimal | None


class UsageBook:
    """Answers questions about usage, priced."""

    def __init__(self, database: Database, ask_cards: AskCards) -> None:
        self._database = database
        self._ask_cards = ask_cards

    async def open_costing(self, user_id: UUID) -> Costing:
        """The user's rates with their cards."""
        rates = await fetch_rates(self._database, user_id)
        return Costing(rates, await self._ask_cards(rates))

    async def report(self, user_id: UUID, question: UsageQuestion, span: TimeRange) -> UsageReport:
        """The priced sums of a span, in order of the days if they are the first part, else the dearest first."""
        costing = await self.open_costing(user_id)
        cells = await fetch_cells(self._database, user_id, question, costing.edges, span)
        is_by_day = question.parts[:1] in (("day",), ("slot",))
        # Others are to be served while a year of sessions is folded.
        return await asyncio.to_thread(fold_report, cells, costing, is_by_day=is_by_day)

    async def events(
        self, user_id: UUID, question: UsageQuestion, span: TimeRange, *, offset: int = 0, limit: int = 100
    ) -> tuple[list[PricedEvent], int]:
        """A page of the span's events, newest first, each with its cost; and how many there are."""
        costing = await self.open_costing(user_id)
        told = await fetch_events(self._database, user_id, question, span, offset=offset, limit=limit)
        [*sums] = await fetch_cells(self._database, user_id, question._replace(parts=()), {}, span)
        priced: list[PricedEvent] = []
        edges = costing.edges
        for each in told:
            # An event that came since the rates were read has perhaps a rate nobody has priced yet.
            known = each.event.rate.id in costing.rates
            cost = costing.cost(cell_of_event(each.event, edges)) if known else None
            priced.append(PricedEvent(each, cost.usd if cost is not None and cost.is_priced else None))
        return priced, sum(cell.tokens.events for cell in sums)

    async def blocks(
        self, user_id: UUID, question: UsageQuestion, span: TimeRange, length_ms: int = BLOCK_MS
    ) -> list[Block]:
        """The blocks that reach into the span. One follows from another, so they are counted from the first event."""
        costing = await self.open_costing(user_id)
        question = question._replace(parts=("slot",), first_day=None, last_day=None)
        cells = await fetch_cells(self._database, user_id, question, costing.edges)
        loop = asyncio.get_running_loop()

        def split_slot(slot: int) -> Iterable[UsageCell]:
            return asyncio.run_coroutine_threadsafe(self._split(user_id, question, costing, slot), loop).result()

        blocks = await asyncio.to_thread(find_blocks, cells, costing, split_slot, length_ms)
        return [block for block in blocks if block.end_ms > span.start_ms and block.start_ms < span.end_ms]

    async def _split(self, user_id: UUID, question: UsageQuestion, costing: Costing, slot: int) -> list[UsageCell]:
        span = TimeRange(start_ms=slot * SLOT_MS, end_ms=(slot + 1) * SLOT_MS, zone="UTC")
        told = await fetch_events(self._database, user_id, question, span, limit=_MOST_AT_ONCE)
        edges = costing.edges
        return [cell_of_event(each.event, edges) for each in told if each.event.rate.id in costing.rates]


def fold_report(cells: Iterable[UsageCell], costing: Costing, *, is_by_day: bool = False) -> UsageReport:
    """The report of cells. Cells of a rate that came since the rates were read are left for the next time."""
    rows: dict[Names, Row[Names]] = {}
    total: Row[str] = Row("total")
    unpriced: set[str] = set()
    for cell in cells:
        rate = costing.rates.get(cell.rate_id)
        if rate is None:
            continue
        row = rows.get(cell.names)
        if row is None:
            row = rows[cell.names] = Row(cell.names)
        cost = costing.cost(cell)
        row.add_model(rate, cell, cost)
        total.add_model(rate, cell, cost)
        if not cost.is_priced:
            unpriced.add(rate.model)

    def rank(row: Row[Names]) -> tuple[object, ...]:
        dearest = (-row.cost_usd, -row.tokens.total, [str(name) for name in row.name])
        return (row.name[0], *dearest) if is_by_day else dearest

    return UsageReport(sorted(rows.values(), key=rank), total, sorted(unpriced))


def cell_of_event(event: UsageEvent, edges: PriceEdges) -> UsageCell:
    """The cell a single event makes, in its price period."""
    slot, rate_id = event.time_ms // SLOT_MS, event.rate.id
    tokens = TokenSums(
        1,
        event.input_tokens,
        event.output_tokens,
        event.cache_read_tokens,
        event.cache_write_tokens,
        event.cache_write_1h_tokens,
        event.extra_tokens,
        event.reasoning_tokens,
        event.web_searches,
    )
    period = bisect_right(edges.get(rate_id, ()), slot)
    return UsageCell((slot,), rate_id, period, tokens, event.cost_nusd or 0, event.time_ms, event.time_ms)
