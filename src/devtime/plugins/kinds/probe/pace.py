"""How fast a limit is used up: ahead of the clock, on track or behind, and what it comes to at the reset."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Literal

import msgspec

from devtime.kernel.clock import to_datetime
from devtime.plugins.kinds.probe.lines import Count, Dollars, Percent, Progress

Status = Literal["ahead", "on-track", "behind"]

_EARLY = 0.05
"""Before this share of the period nothing can be foretold."""
_ROOM = 0.8
_MINUTE_MS = 60_000
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SOON_MS = 5 * _MINUTE_MS

SENTENCES: dict[Status, str] = {"ahead": "Plenty of room", "on-track": "Right on target", "behind": "Will run out"}


class Pace(msgspec.Struct, frozen=True):
    """`projected` is what will be used at the reset, in the line's unit.

    `runs_out_in_ms` is there when the limit is met before the reset; `deficit` is how much more is used than an even
    pace would have, None when it is not.
    """

    status: Status
    projected: float
    elapsed_share: float
    runs_out_in_ms: int | None = None
    deficit: float | None = None


def resets_at_ms(line: Progress) -> int | None:
    """The instant of the reset in milliseconds."""
    if line.resets_at is None:
        return None
    try:
        return round(datetime.fromisoformat(line.resets_at.replace("Z", "+00:00")).timestamp() * 1_000)
    except (ValueError, OverflowError):
        return None


def pace_of(line: Progress, now_ms: int) -> Pace | None:
    """The pace now; None where the line has no period, the period is not under way, or it is too early to tell."""
    reset, period = resets_at_ms(line), line.period_duration_ms
    if reset is None or period is None:
        return None
    elapsed = now_ms - (reset - period)
    if elapsed <= 0 or now_ms >= reset:
        return None
    share = elapsed / period
    if line.used == 0:
        return Pace("ahead", 0.0, share)
    projected = line.used / share
    deficit = line.used - share * line.limit if share >= _EARLY else None
    deficit = deficit if deficit is not None and deficit > 0 else None
    if line.used >= line.limit:
        return Pace("behind", projected, share, None, deficit)
    if share < _EARLY:
        return None
    if projected <= _ROOM * line.limit:
        return Pace("ahead", projected, share, None, deficit)
    if projected <= line.limit:
        return Pace("on-track", projected, share, None, deficit)
    left_ms = (line.limit - line.used) / (projected / period)
    runs_out = int(left_ms) if 0 < left_ms < reset - now_ms else None
    return Pace("behind", projected, share, runs_out, deficit)


def sentence_of(line: Progress, pace: Pace) -> str:
    """`Plenty of room`, `Right on target`, `Will run out`, or that the limit is reached."""
    return "Limit reached" if line.used >= line.limit else SENTENCES[pace.status]


def foretell(line: Progress, pace: Pace, *, is_left: bool = False) -> str:
    """`Runs out in 2h 5m` where it does, else `64% used at reset`."""
    if pace.runs_out_in_ms is not None:
        return f"{'Limit' if is_left else 'Runs out'} in {spell_duration(pace.runs_out_in_ms)}"
    share = min(1.0, pace.projected / line.limit)
    return f"{round((1 - share) * 100)}% left at reset" if is_left else f"{round(share * 100)}% used at reset"


def spell_deficit(line: Progress, pace: Pace, *, is_left: bool = False) -> str:
    """`12% in deficit`; empty where there is none."""
    if pace.deficit is None:
        return ""
    return f"{spell_amount(line, pace.deficit)} {'short' if is_left else 'in deficit'}"


def spell_duration(duration_ms: int) -> str:
    """`2d 3h`, `3h 5m`, `5m`, `<1m`."""
    minutes = duration_ms // _MINUTE_MS
    if minutes < 1:
        return "<1m"
    days, hours = minutes // 1_440, minutes % 1_440 // 60
    if days:
        return f"{days}d {hours}h"
    return f"{hours}h {minutes % 60}m" if hours else f"{minutes}m"


def spell_reset(line: Progress, now_ms: int, zone: tzinfo | None = None) -> str:
    """`Resets in 3h 5m`, `Resets soon`; empty where nothing resets.

    By the clocks of a zone: `Resets today at 17:30`, `Resets tomorrow at 9:05`, `Resets Feb 3 at 0:00`.
    """
    reset = resets_at_ms(line)
    if reset is None:
        return ""
    if reset - now_ms < _SOON_MS:
        return "Resets soon"
    if zone is None:
        return f"Resets in {spell_duration(reset - now_ms)}"
    try:
        at, today = to_datetime(reset).astimezone(zone), to_datetime(now_ms).astimezone(zone)
    except OverflowError:
        return f"Resets in {spell_duration(reset - now_ms)}"
    days = (at.date() - today.date()).days
    day = {0: "today", 1: "tomorrow"}.get(days) or f"{_MONTHS[at.month - 1]} {at.day}"
    return f"Resets {day} at {at.hour}:{at.minute:02}"


def spell_amount(line: Progress, amount: float) -> str:
    """An amount in the line's unit: `42%`, `$3.50`, `120 credits`."""
    match line.format:
        case Percent():
            return f"{round(amount)}%"
        case Dollars():
            return f"${amount:,.0f}" if amount == int(amount) else f"${amount:,.2f}"
        case Count(suffix):
            number = f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"
            return f"{number} {suffix}".rstrip()


def spell_value(line: Progress, *, is_left: bool = False) -> str:
    """What is used, or left, of the limit: `42%`, `$58 left`."""
    if is_left:
        return f"{spell_amount(line, max(0.0, line.limit - line.used))} left"
    return spell_amount(line, line.used)


def spell_share(line: Progress) -> tuple[str, str]:
    """What is used and of how much: `$3` `of $20`, `100` `of 300 requests`; that of percents goes unsaid."""
    match line.format:
        case Percent():
            return spell_amount(line, line.used), ""
        case Dollars():
            return spell_amount(line, line.used), f"of {spell_amount(line, line.limit)}"
        case Count(suffix):
            # The name of what is counted stands behind the limit.
            used = spell_amount(line, line.used).removesuffix(suffix).strip()
            return used, f"of {spell_amount(line, line.limit)}"
