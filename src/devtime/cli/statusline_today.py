"""How long was coded today, as the collector remembered it."""

from __future__ import annotations

import json
from pathlib import Path

from devtime.cli.usage_zone import today_in

_MOST_AGE_MS = 15 * 60_000
_DAY_S = 86_400


def coded_today_s(home: Path, zone: str, now_ms: int) -> float | None:
    """Seconds; None where nothing is remembered, or only what is too old or of another day."""
    try:
        told = json.loads((home / "cache" / "today.json").read_bytes()[:10_000])
        seconds, at_ms = told["active_seconds"], told["at_ms"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not isinstance(at_ms, int):
        return None
    if not 0 <= now_ms - at_ms <= _MOST_AGE_MS or not 0 <= seconds <= _DAY_S:
        return None
    return float(seconds) if today_in(zone, at_ms) == today_in(zone, now_ms) else None
