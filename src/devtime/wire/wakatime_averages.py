"""Sums and means over days as WakaTime-compatible answers tell them. The mean is of the days with activity. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from devtime.kernel.clock import SECOND_MS
from devtime.wire.durations import to_decimal, to_digital, to_seconds, to_text


class CumulativeTotal(msgspec.Struct, frozen=True, kw_only=True):
    """The sum of all days."""

    seconds: float
    text: str
    digital: str
    decimal: str


class DailyAverage(msgspec.Struct, frozen=True, kw_only=True):
    """The mean of the days with activity; the others are `holidays`."""

    holidays: int
    days_including_holidays: int
    days_minus_holidays: int
    seconds: int
    text: str
    seconds_including_other_language: int
    text_including_other_language: str


class BestDay(msgspec.Struct, frozen=True, kw_only=True):
    """The day with the most time."""

    date: date
    text: str
    total_seconds: float


def cumulate(lengths_ms: Iterable[int]) -> CumulativeTotal:
    """The sum of the days."""
    total_ms = sum(lengths_ms)
    return CumulativeTotal(
        seconds=to_seconds(total_ms),
        text=to_text(total_ms),
        digital=to_digital(total_ms),
        decimal=to_decimal(total_ms),
    )


def average_days(lengths_ms: Iterable[int], days: int) -> DailyAverage:
    """The mean of the days with activity, among so many days."""
    busy = [length_ms for length_ms in lengths_ms if length_ms]
    mean_ms = sum(busy) // len(busy) if busy else 0
    return DailyAverage(
        holidays=days - len(busy),
        days_including_holidays=days,
        days_minus_holidays=len(busy),
        seconds=mean_ms // SECOND_MS,
        text=to_text(mean_ms),
        seconds_including_other_language=mean_ms // SECOND_MS,
        text_including_other_language=to_text(mean_ms),
    )


def find_best_day(lengths_ms: Mapping[date, int]) -> BestDay | None:
    """The day with the most time, the earliest of equals; None when no day has any."""
    best = max(lengths_ms, key=lambda day: (lengths_ms[day], -day.toordinal()), default=None)
    if best is None or not lengths_ms[best]:
        return None
    return BestDay(date=best, text=to_text(lengths_ms[best]), total_seconds=to_seconds(lengths_ms[best]))
