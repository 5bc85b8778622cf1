"""Axes: round steps for durations and the hours of a day, whatever its length."""

from __future__ import annotations

from devtime.kernel.clock import HOUR_MS, MINUTE_MS
from devtime.web.format import localize

_STEPS_MS = tuple(
    [minutes * MINUTE_MS for minutes in (5, 10, 15, 30)]
    + [hours * HOUR_MS for hours in (1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 120, 240, 480, 960)]
)


def duration_ticks(longest_ms: int, most: int = 5) -> list[int]:
    """Round values from 0 to the first at or above the longest, at most `most` steps."""
    step = next((step for step in _STEPS_MS if step * most >= longest_ms), _STEPS_MS[-1])
    while step * most < longest_ms:
        step *= 2
    count = max(1, -(-longest_ms // step))
    return [step * index for index in range(count + 1)]


def tick_label(value_ms: int) -> str:
    """`0`, `30m`, `2h`, `1.5h`: short enough for an axis."""
    if value_ms == 0:
        return "0"
    if value_ms < HOUR_MS:
        return f"{value_ms // MINUTE_MS}m"
    return f"{value_ms / HOUR_MS:g}h"


def hour_ticks(start_ms: int, end_ms: int, zone: str) -> list[tuple[int, int]]:
    """Every full local hour of `[start, end)` as (instant, hour on the clock); a repeated hour is there twice."""
    ticks: list[tuple[int, int]] = []
    for instant in range(start_ms, end_ms, 15 * MINUTE_MS):
        local = localize(instant, zone)
        if local.minute == 0:
            ticks.append((instant, local.hour))
    return ticks
