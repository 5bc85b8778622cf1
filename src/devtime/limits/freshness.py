"""How old what is known may be before it is called old."""

from __future__ import annotations

from devtime.kernel.clock import HOUR_MS
from devtime.limits.sources import StoredSource

STALE_MS = 2 * HOUR_MS + HOUR_MS // 4
"""The slowest machine asks every hour; two rounds missed are too many."""


def is_stale(source: StoredSource, now_ms: int) -> bool:
    """Whether the lines may no longer be true: too old, or none at all."""
    return source.fetched_at_ms is None or now_ms - source.fetched_at_ms > STALE_MS
