"""Blocks from slots are those one finds going through every single event."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.kernel.clock import HOUR_MS, MINUTE_MS
from devtime.kernel.slots import SLOT_MS
from devtime.reports.blocks import (
    BLOCK_MS,
    Block,
    burn_of,
    find_blocks,
    largest_finished,
    last_pause_before,
    projection_of,
)
from priced_cells import OPUS, UNKNOWN, Used, cell_of, cells_of, costing

START_MS = 1_795_000_000_000 // HOUR_MS * HOUR_MS


@dataclass
class Window:
    """A block as the model finds it."""

    start_ms: int
    end_ms: int
    tokens: int = 0
    is_gap: bool = False


def model(events: list[Used], length_ms: int, is_floored: bool) -> list[Window]:
    """Event by event, as the rule reads."""
    windows: list[Window] = []
    start_ms = before_ms = None
    for used in sorted(events, key=lambda used: used.time_ms):
        time_ms = used.time_ms
        if start_ms is None or before_ms is None or time_ms - start_ms > length_ms or time_ms - before_ms > length_ms:
            if before_ms is not None and time_ms - before_ms > length_ms:
                windows.append(Window(before_ms + length_ms, time_ms, is_gap=True))
            start_ms = time_ms - time_ms % HOUR_MS if is_floored else time_ms
            windows.append(Window(start_ms, start_ms + length_ms))
        windows[-1].tokens += used.tokens * 3
        before_ms = time_ms
    return windows


def found(events: list[Used], length_ms: int = BLOCK_MS, is_floored: bool = True) -> list[Block]:
    def split(slot: int):
        return [cell_of(used) for used in events if used.slot == slot]

    return find_blocks(cells_of(events, by_slot=True), costing(), split, length_ms, is_floored)


def windows_of(blocks: list[Block]) -> list[Window]:
    return [Window(block.start_ms, block.end_ms, block.row.tokens.total, block.is_gap) for block in blocks]


_STEPS = st.sampled_from(
    [0, 1, MINUTE_MS, SLOT_MS, 37 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, BLOCK_MS - 1, BLOCK_MS, BLOCK_MS + 1, 30 * HOUR_MS]
)
_HISTORIES = st.tuples(
    st.sampled_from([0, 1, SLOT_MS - 1, 59 * MINUTE_MS]),
    st.lists(st.tuples(_STEPS, st.sampled_from([OPUS, UNKNOWN]), st.integers(0, 1000)), min_size=1, max_size=40),
)


@given(_HISTORIES, st.sampled_from([BLOCK_MS, 2.5 * HOUR_MS, HOUR_MS, 7 * MINUTE_MS]), st.booleans())
def test_blocks_of_slots_are_those_of_single_events(history, length, is_floored: bool) -> None:
    offset_ms, steps = history
    time_ms, events = START_MS + offset_ms, []
    for step_ms, rate, tokens in steps:
        time_ms += step_ms
        events.append(Used(time_ms, rate, tokens))
    assert windows_of(found(events, int(length), is_floored)) == model(events, int(length), is_floored)


def test_a_request_at_the_very_end_of_a_block_still_belongs_to_it() -> None:
    events = [Used(START_MS), Used(START_MS + 3 * HOUR_MS), Used(START_MS + BLOCK_MS), Used(START_MS + BLOCK_MS + 1)]
    assert [block.row.tokens.events for block in found(events)] == [3, 1]


def test_a_pause_of_exactly_a_block_is_no_gap() -> None:
    events = [Used(START_MS + HOUR_MS - 1), Used(START_MS + HOUR_MS - 1 + BLOCK_MS)]
    assert [block.is_gap for block in found(events)] == [False, False]
    events[1] = Used(events[1].time_ms + 1)
    assert [block.is_gap for block in found(events)] == [False, True, False]


def test_no_cells_make_no_blocks() -> None:
    assert find_blocks([], costing(), lambda _slot: []) == []
    assert last_pause_before([], BLOCK_MS) is None


def test_a_block_is_active_until_its_end_and_while_it_is_used() -> None:
    (block,) = found([Used(START_MS + 10)])
    assert block.is_active(START_MS + BLOCK_MS - 1)
    assert not block.is_active(START_MS + BLOCK_MS)
    assert not block.is_active(START_MS - 1)
    (late,) = found([Used(START_MS)], BLOCK_MS, is_floored=False)
    assert not late.is_active(START_MS + BLOCK_MS)


def test_burn_and_projection_go_on_as_the_block_began() -> None:
    (block,) = found([Used(START_MS, tokens=1000), Used(START_MS + HOUR_MS, tokens=1000)])
    burn = burn_of(block)
    assert burn is not None
    assert burn.tokens_per_minute == pytest.approx(100)
    assert burn.cost_usd_per_hour == pytest.approx(float(block.row.cost_usd))
    projection = projection_of(block, START_MS + 2 * HOUR_MS)
    assert projection is not None
    assert projection == (180, 6000 + 18_000, round(float(block.row.cost_usd) * 4, 2))
    assert projection_of(block, START_MS + 9 * HOUR_MS) is None


def test_one_request_has_no_rate() -> None:
    (block,) = found([Used(START_MS)])
    assert burn_of(block) is None
    assert projection_of(block, START_MS + 1) is None


def test_the_largest_finished_block_is_neither_a_gap_nor_the_active_one() -> None:
    blocks = found([Used(START_MS, tokens=5), Used(START_MS + 12 * HOUR_MS, tokens=7), Used(START_MS + 24 * HOUR_MS)])
    assert largest_finished(blocks, START_MS + 25 * HOUR_MS) == 21
    assert largest_finished([], START_MS) == 0


def test_the_last_pause_is_where_blocks_begin_whatever_was_before() -> None:
    events = [Used(START_MS), Used(START_MS + HOUR_MS), Used(START_MS + 7 * HOUR_MS), Used(START_MS + 8 * HOUR_MS)]
    assert last_pause_before(cells_of(events, by_slot=True), BLOCK_MS) == events[2].slot
    assert last_pause_before(cells_of(events[2:], by_slot=True), BLOCK_MS) is None
