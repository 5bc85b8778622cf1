"""How a length of time is spelled in answers: exact seconds, and the texts WakaTime clients show. Pure."""

from __future__ import annotations

from devtime.kernel.clock import HOUR_MS, MINUTE_MS, SECOND_MS


def to_seconds(length_ms: int) -> float:
    """Exact seconds: an int when they are whole, else a float with milliseconds, so that parts add up to the sum."""
    return length_ms // SECOND_MS if length_ms % SECOND_MS == 0 else length_ms / SECOND_MS


def to_text(length_ms: int) -> str:
    """`4 hrs 22 mins`, `1 hr`, `22 mins`, `45 secs`, `0 secs`; rounded down."""
    hours, minutes = divmod(length_ms // MINUTE_MS, 60)
    if not hours and not minutes:
        return _count(length_ms // SECOND_MS, "sec")
    parts = [_count(hours, "hr")] if hours else []
    return " ".join([*parts, _count(minutes, "min")] if minutes else parts)


def to_digital(length_ms: int) -> str:
    """`4:22`; rounded down."""
    hours, minutes = divmod(length_ms // MINUTE_MS, 60)
    return f"{hours}:{minutes:02d}"


def to_decimal(length_ms: int) -> str:
    """Hours with two decimals: `4.37`."""
    return f"{length_ms / HOUR_MS:.2f}"


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"
