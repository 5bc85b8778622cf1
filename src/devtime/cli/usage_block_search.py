"""Finding blocks with as little of the past as makes them exact."""

from __future__ import annotations

from datetime import timedelta

from devtime.cli.usage_books import Books
from devtime.kernel.clock import DAY_MS
from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY
from devtime.reports.blocks import BLOCK_MS, Block, find_blocks, last_pause_before
from devtime.reports.periods import date_of
from devtime.wire.usage_sums import TokenSums, UsageCell, UsageQuestion

_LOOK_BACK_DAYS = (2, 8, 32, 128)


def blocks_since(
    books: Books, question: UsageQuestion, needed_ms: int | None, length_ms: int = BLOCK_MS, is_floored: bool = True
) -> list[Block]:
    """All blocks that begin at that time or later, and perhaps some before. None wants all there are."""
    cells = _cells_since(books, question, needed_ms, length_ms)

    def split(slot: int) -> list[UsageCell]:
        return _events_of(books, question, slot)

    return find_blocks(cells, books.costing, split, length_ms, is_floored)


def _cells_since(books: Books, question: UsageQuestion, needed_ms: int | None, length_ms: int) -> list[UsageCell]:
    if needed_ms is not None:
        for days in _LOOK_BACK_DAYS:
            # The question's days are those of its zone; a day more covers every zone.
            first_day = date_of(needed_ms // DAY_MS) - timedelta(days=days + 1)
            cells = books.ask_about(question._replace(first_day=first_day), "slot")
            if all(cell.last_ms < needed_ms for cell in cells):
                return []  # nothing can begin after the last request
            pause = last_pause_before(cells, length_ms)
            if pause is not None and pause * SLOT_MS <= needed_ms:
                return [cell for cell in cells if int(cell.names[0]) >= pause]
    return books.ask_about(question, "slot")


def _events_of(books: Books, question: UsageQuestion, slot: int) -> list[UsageCell]:
    cells: list[UsageCell] = []
    if books.server is not None:
        # The server is not asked for single requests: here a quarter-hour counts as its first request.
        day = date_of(slot // SLOTS_PER_DAY)
        asked = books.ask_about(question._replace(first_day=day, last_day=day, zone="UTC"), "slot")
        return [cell for cell in asked if int(cell.names[0]) == slot]
    for event in books.events_in_slot(question, slot):
        rate_id = event.rate.id
        tokens = TokenSums(
            events=1,
            input=event.input_tokens,
            output=event.output_tokens,
            cache_read=event.cache_read_tokens,
            cache_write=event.cache_write_tokens,
            cache_write_1h=event.cache_write_1h_tokens,
            extra=event.extra_tokens,
            reasoning=event.reasoning_tokens,
            web_searches=event.web_searches,
        )
        period = sum(1 for edge in books.costing.edges.get(rate_id, ()) if edge <= slot)
        time_ms = event.time_ms
        cells.append(UsageCell((slot,), rate_id, period, tokens, event.cost_nusd or 0, time_ms, time_ms))
    return cells
