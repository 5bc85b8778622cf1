"""The one clock. Instants are integer milliseconds since the Unix epoch, in UTC, everywhere inside DevTime."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], int]
"""A function that answers the present instant in epoch milliseconds; tests hand in their own."""

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now_ms() -> int:
    """The present instant in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def to_datetime(instant_ms: int) -> datetime:
    """The instant as an aware UTC datetime, exact to the millisecond."""
    return _EPOCH + timedelta(milliseconds=instant_ms)


def from_datetime(moment: datetime) -> int:
    """Epoch milliseconds of an aware datetime; a naive one is refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without a time zone names no instant")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def to_rfc3339(instant_ms: int) -> str:
    """`2025-01-15T09:30:00.000Z`; milliseconds are left out when they are zero."""
    moment = to_datetime(instant_ms)
    spec = "milliseconds" if instant_ms % 1_000 else "seconds"
    return moment.isoformat(timespec=spec).replace("+00:00", "Z")
