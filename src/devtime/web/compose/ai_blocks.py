"""The windows of five hours that plans count by: the one that is running, and those of a range."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec.structs import replace

from devtime.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS
from devtime.kernel.slots import SLOT_MS
from devtime.reports.blocks import BLOCK_MS, Block, burn_of, find_blocks, last_pause_before
from devtime.stats.ranges import TimeRange
from devtime.stats.usage import fetch_cells, fetch_events
from devtime.stats.usage_costs import cell_of_event
from devtime.web.compose.ai_address import AiAddress
from devtime.web.compose.ai_asking import AiFilters, PricedSums
from devtime.web.compose.reader import Reader
from devtime.web.views.ai import BlockRow, CurrentBlock
from devtime.wire.usage_sums import UsageCell

_FIRST_LOOK_MS = 4 * DAY_MS
_MOST_IN_SLOT = 1_000_000
_WAIT_S = 20


def block_filters(filters: AiFilters, known: PricedSums) -> AiFilters:
    """Whose blocks are meant: those of the agents asked for, or of Claude Code, whose plans count by them, if used."""
    agents = {rate.agent for rate in known.costing.rates.values()}
    return replace(filters, agent=("claude",)) if not filters.agent and "claude" in agents else filters


async def fetch_blocks(reader: Reader, filters: AiFilters, span: TimeRange, known: PricedSums) -> list[Block]:
    """The blocks and gaps that reach into the span, oldest first. A block depends on the one before it, so the events
    from the last long pause before the span are looked at, however far back it lies.
    """
    cells = await _fetch_from_pause(reader, filters, span, known)
    loop = asyncio.get_running_loop()

    def split_slot(slot: int) -> Iterable[UsageCell]:
        return asyncio.run_coroutine_threadsafe(_split(reader, filters, known, slot), loop).result(_WAIT_S)

    blocks = await asyncio.to_thread(find_blocks, cells, known.costing, split_slot)
    return [block for block in blocks if block.end_ms > span.start_ms and block.start_ms < span.end_ms]


async def _fetch_from_pause(
    reader: Reader, filters: AiFilters, span: TimeRange, known: PricedSums
) -> Sequence[UsageCell]:
    question = filters.question("UTC", "slot")
    look_ms = _FIRST_LOOK_MS
    while True:
        # Whole slots, and the last one to its end: a block that began in the span is told to its end.
        start_ms = max(0, span.start_ms - look_ms) // SLOT_MS * SLOT_MS
        wide = TimeRange(start_ms=start_ms, end_ms=max(span.end_ms + BLOCK_MS, start_ms + 1), zone="UTC")
        found = await fetch_cells(reader.database, reader.user_id, question, known.costing.edges, wide)
        cells = [cell for cell in found if cell.rate_id in known.costing.rates]
        if not cells or min(cell.first_ms for cell in cells) - start_ms > BLOCK_MS or start_ms == 0:
            return cells
        pause = last_pause_before(cells, BLOCK_MS)
        if pause is not None and pause * SLOT_MS <= span.start_ms:
            return [cell for cell in cells if int(cell.names[0]) >= pause]
        look_ms *= 4


async def _split(reader: Reader, filters: AiFilters, known: PricedSums, slot: int) -> list[UsageCell]:
    span = TimeRange(start_ms=slot * SLOT_MS, end_ms=(slot + 1) * SLOT_MS, zone="UTC")
    question = filters.question("UTC")
    told = await fetch_events(reader.database, reader.user_id, question, span, limit=_MOST_IN_SLOT)
    edges = known.costing.edges
    return [cell_of_event(each.event, edges) for each in told if each.event.rate.id in known.costing.rates]


def fold_blocks(blocks: Sequence[Block], address: AiAddress, now_ms: int) -> tuple[BlockRow, ...]:
    """Rows of blocks, newest first."""
    return tuple(_row(block, address, now_ms) for block in reversed(blocks))


def _row(block: Block, address: AiAddress, now_ms: int) -> BlockRow:
    row = block.row
    return BlockRow(
        start_ms=block.start_ms,
        end_ms=block.end_ms,
        last_ms=row.last_ms,
        cost_usd=row.cost_usd,
        tokens=row.tokens.total,
        events=row.tokens.events,
        models=tuple(label for label, _ in row.models_by_cost),
        href="" if block.is_gap else address.events(row.first_ms, row.last_ms + 1),
        is_active=block.is_active(now_ms),
        is_gap=block.is_gap,
        is_unpriced=row.is_unpriced,
    )


def find_current(blocks: Sequence[Block], address: AiAddress, now_ms: int) -> CurrentBlock | None:
    """The block that is running, among those of the range and of now; None while none is."""
    block = next((block for block in reversed(blocks) if block.is_active(now_ms)), None)
    if block is None:
        return None
    burn = burn_of(block)
    left_ms = max(0, block.end_ms - now_ms)
    per_hour = Decimal(str(burn.cost_usd_per_hour)) if burn else None
    over = [each for each in blocks if not each.is_gap and not each.is_active(now_ms)]
    largest = max(over, key=lambda each: each.row.tokens.total, default=None)
    return CurrentBlock(
        block=_row(block, address, now_ms),
        left_ms=left_ms,
        passed_ms=min(max(0, now_ms - block.start_ms), BLOCK_MS),
        tokens_per_minute=round(burn.tokens_per_minute) if burn else None,
        usd_per_hour=per_hour,
        projected_usd=block.row.cost_usd + per_hour * left_ms / HOUR_MS if per_hour is not None else None,
        projected_tokens=(
            block.row.tokens.total + round(burn.tokens_per_minute * left_ms / MINUTE_MS) if burn else None
        ),
        largest_tokens=largest.row.tokens.total if largest else 0,
        largest_href=address.events(largest.row.first_ms, largest.row.last_ms + 1) if largest else "",
    )
