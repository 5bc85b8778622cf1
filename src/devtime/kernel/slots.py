"""Quarter-hour UTC slots: the grid credits are summed on. Every UTC offset in use is a whole number of slots."""

from __future__ import annotations

from collections.abc import Iterator

SLOT_MS = 900_000
SLOTS_PER_DAY = 96


def slot_start(slot: int) -> int:
    """Epoch milliseconds at which the slot begins; slot 0 begins at the Unix epoch."""
    return slot * SLOT_MS


def split(start_ms: int, length_ms: int) -> Iterator[tuple[int, int]]:
    """Cut `[start, start + length)` at slot edges: pairs of (slot, milliseconds inside it); nothing for length 0."""
    end_ms = start_ms + length_ms
    while start_ms < end_ms:
        slot = start_ms // SLOT_MS
        edge_ms = min((slot + 1) * SLOT_MS, end_ms)
        yield slot, edge_ms - start_ms
        start_ms = edge_ms
