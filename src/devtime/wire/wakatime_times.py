"""How WakaTime-compatible answers spell time: totals, named parts with their share, days. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from devtime.kernel.clock import HOUR_MS, MINUTE_MS, SECOND_MS, to_rfc3339
from devtime.wire.durations import to_decimal, to_digital, to_seconds, to_text


class GrandTotal(msgspec.Struct, frozen=True, kw_only=True):
    """A length of time in every spelling; `hours` and `minutes` are the parts of `digital`."""

    digital: str
    hours: int
    minutes: int
    text: str
    decimal: str
    total_seconds: float


class NamedTime(msgspec.Struct, frozen=True, kw_only=True):
    """The time of one project, language, …; `percent` is its share of all parts listed with it."""

    name: str
    total_seconds: float
    percent: float
    digital: str
    decimal: str
    text: str
    hours: int
    minutes: int
    seconds: int


class MachineTime(msgspec.Struct, frozen=True, kw_only=True):
    """The time on one machine."""

    name: str
    machine_name_id: str
    total_seconds: float
    percent: float
    digital: str
    decimal: str
    text: str
    hours: int
    minutes: int
    seconds: int


class DaySpan(msgspec.Struct, frozen=True, kw_only=True):
    """A local day: its first and last second in UTC."""

    date: date
    start: str
    end: str
    text: str
    timezone: str


def grand_total(length_ms: int) -> GrandTotal:
    """The length in every spelling."""
    return GrandTotal(
        digital=to_digital(length_ms),
        hours=length_ms // HOUR_MS,
        minutes=length_ms // MINUTE_MS % 60,
        text=to_text(length_ms),
        decimal=to_decimal(length_ms),
        total_seconds=to_seconds(length_ms),
    )


def named_times(lengths_ms: Iterable[tuple[str, int]]) -> list[NamedTime]:
    """The parts that have any time, the longest first."""
    parts = sorted(((name, ms) for name, ms in lengths_ms if ms), key=lambda part: (-part[1], part[0]))
    total_ms = sum(ms for _, ms in parts)
    return [
        NamedTime(
            name=name,
            total_seconds=to_seconds(ms),
            percent=round(100 * ms / total_ms, 2),
            digital=to_digital(ms),
            decimal=to_decimal(ms),
            text=to_text(ms),
            hours=ms // HOUR_MS,
            minutes=ms // MINUTE_MS % 60,
            seconds=ms // SECOND_MS % 60,
        )
        for name, ms in parts
    ]


def machine_times(parts: Iterable[NamedTime]) -> list[MachineTime]:
    """The parts as machines, whose id is their name."""
    return [MachineTime(machine_name_id=part.name, **msgspec.structs.asdict(part)) for part in parts]


def day_span(day: date, start_ms: int, end_ms: int, zone: str, today: date) -> DaySpan:
    """The day that begins at `start_ms` and ends before `end_ms`, called Today or Yesterday where it is."""
    return DaySpan(
        date=day, start=to_rfc3339(start_ms), end=last_second(end_ms), text=_call_day(day, today), timezone=zone
    )


def category_title(activity_type: str) -> str:
    """`AI Coding` for `ai coding`."""
    return " ".join("AI" if word == "ai" else word.capitalize() for word in activity_type.split())


def last_second(end_ms: int) -> str:
    """The second before the end: WakaTime's ends are included."""
    return to_rfc3339(end_ms - SECOND_MS)


def _call_day(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    ending = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"{day:%a %b} {day.day}{ending} {day.year}"
