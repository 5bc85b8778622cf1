"""Blocks: the windows of five hours that plans count by, found from when requests were made.

A block begins at the UTC hour of its first request (or at the request itself, if asked so) and ends that many hours
later. The next begins with the first request after its end, or after a pause as long as a block; such a pause is a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from devtime.kernel.clock import HOUR_MS, MINUTE_MS
from devtime.kernel.slots import SLOT_MS
from devtime.reports.costs import Costing
from devtime.reports.rows import Row
from devtime.wire.usage_sums import UsageCell

BLOCK_MS = 5 * HOUR_MS

SplitSlot = Callable[[int], Iterable[UsageCell]]
"""The events of a slot, each as a cell of its own: asked for when a block ends within the slot."""


class Block(NamedTuple):
    """A window of time and what was used in it; `row` is empty for a gap."""

    start_ms: int
    end_ms: int
    row: Row[int]
    is_gap: bool = False

    def is_active(self, now_ms: int) -> bool:
        """Whether more may come into it. A block of a clock that is ahead has not begun."""
        length_ms = self.end_ms - self.start_ms
        return not self.is_gap and self.start_ms <= now_ms < self.end_ms and now_ms - self.row.last_ms < length_ms


class Burn(NamedTuple):
    """How fast a block is used up, from its first to its last request."""

    tokens_per_minute: float
    plain_tokens_per_minute: float
    """Input and output only, without the cache."""
    cost_usd_per_hour: float


class Projection(NamedTuple):
    """What a block will hold at its end if it goes on like this."""

    remaining_minutes: int
    tokens: int
    cost_usd: float


def find_blocks(
    cells: Iterable[UsageCell],
    costing: Costing,
    split_slot: SplitSlot,
    length_ms: int = BLOCK_MS,
    is_floored: bool = True,
) -> list[Block]:
    """The blocks and gaps of cells told apart by slot (the first of their names), the oldest first."""
    line = _Line(costing, length_ms, is_floored)
    ordered = sorted(cells, key=lambda cell: (int(cell.names[0]), cell.first_ms))
    for slot, group in groupby(ordered, key=lambda cell: int(cell.names[0])):
        together = list(group)
        first_ms = min(cell.first_ms for cell in together)
        last_ms = max(cell.last_ms for cell in together)
        if line.holds_together(first_ms, last_ms):
            line.lay(together, first_ms, last_ms)
            continue
        events = sorted(((cell.first_ms, cell) for cell in split_slot(slot)), key=itemgetter(0))
        for time_ms, cell in events:
            line.lay([cell], time_ms, time_ms)
    return line.blocks


class _Line:
    """Lays requests down in order of time and opens blocks where one is due."""

    def __init__(self, costing: Costing, length_ms: int, is_floored: bool) -> None:
        self._costing = costing
        self._length_ms = length_ms
        self._is_floored = is_floored
        self._last_ms = 0
        self.blocks: list[Block] = []

    def holds_together(self, first_ms: int, last_ms: int) -> bool:
        """Whether everything from first to last falls into one block."""
        if self._length_ms < SLOT_MS and first_ms != last_ms:
            return False
        start_ms = self._start(first_ms) if self._opens(first_ms) else self.blocks[-1].start_ms
        return last_ms - start_ms <= self._length_ms

    def lay(self, cells: list[UsageCell], first_ms: int, last_ms: int) -> None:
        if self._opens(first_ms):
            if self.blocks and first_ms - self._last_ms > self._length_ms:
                self.blocks.append(Block(self._last_ms + self._length_ms, first_ms, Row(0), is_gap=True))
            start_ms = self._start(first_ms)
            self.blocks.append(Block(start_ms, start_ms + self._length_ms, Row(start_ms)))
        row = self.blocks[-1].row
        for cell in cells:
            row.add_model(self._costing.rates[cell.rate_id], cell, self._costing.cost(cell))
        self._last_ms = max(self._last_ms, last_ms)

    def _opens(self, time_ms: int) -> bool:
        if not self.blocks:
            return True
        since_start_ms, pause_ms = time_ms - self.blocks[-1].start_ms, time_ms - self._last_ms
        return since_start_ms > self._length_ms or pause_ms > self._length_ms

    def _start(self, time_ms: int) -> int:
        return time_ms // HOUR_MS * HOUR_MS if self._is_floored else time_ms


def burn_of(block: Block) -> Burn | None:
    """None for a gap and where all requests were made at one instant."""
    row = block.row
    minutes = (row.last_ms - row.first_ms) / MINUTE_MS
    if block.is_gap or minutes <= 0:
        return None
    plain = row.tokens.input + row.tokens.output
    cost_usd = float(row.cost_usd)
    return Burn(row.tokens.total / minutes, plain / minutes, cost_usd / minutes * 60)


def projection_of(block: Block, now_ms: int) -> Projection | None:
    """None unless the block is active and has a rate."""
    burn = burn_of(block)
    if burn is None or not block.is_active(now_ms):
        return None
    minutes = max(0.0, (block.end_ms - now_ms) / MINUTE_MS)
    tokens = block.row.tokens.total + burn.tokens_per_minute * minutes
    cost_usd = float(block.row.cost_usd) + burn.cost_usd_per_hour / 60 * minutes
    return Projection(round(minutes), round(tokens), round(cost_usd, 2))


def largest_finished(blocks: Iterable[Block], now_ms: int) -> int:
    """The most tokens a block held that is over; 0 when none is."""
    over = (block.row.tokens.total for block in blocks if not block.is_gap and not block.is_active(now_ms))
    return max(over, default=0)


def last_pause_before(cells: Iterable[UsageCell], length_ms: int) -> int | None:
    """The first slot before which there was a pause longer than a block: what begins there needs nothing older.

    None where there is no such slot; the oldest slot given does not count, for nobody knows what was before it.
    """
    spans: dict[int, tuple[int, int]] = {}
    for cell in cells:
        slot = int(cell.names[0])
        first_ms, last_ms = spans.get(slot, (cell.first_ms, cell.last_ms))
        spans[slot] = min(first_ms, cell.first_ms), max(last_ms, cell.last_ms)
    before_ms: int | None = None
    for slot in sorted(spans):
        first_ms, last_ms = spans[slot]
        if before_ms is not None and first_ms - before_ms > length_ms:
            return slot
        before_ms = last_ms
    return None
