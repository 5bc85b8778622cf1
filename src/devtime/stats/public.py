"""What may be told to anybody: sums over the accounts whose owners made them public."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import msgspec

from devtime.kernel.clock import MINUTE_MS
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats")


class PublicSum(msgspec.Struct, frozen=True):
    """Public accounts, and their wall-clock time."""

    accounts: int
    active_ms: int
    summed_ms: int


_remembered: WeakKeyDictionary[Database, PublicSum] = WeakKeyDictionary()


async def fetch_public_sum(database: Database, now_ms: int) -> PublicSum:
    """The sum as it was at most a minute ago: strangers may ask as often as they like."""
    held = _remembered.get(database)
    if held is None or not held.summed_ms <= now_ms < held.summed_ms + MINUTE_MS:
        [row] = await database.fetch(_QUERIES["sum_public"])
        held = _remembered[database] = PublicSum(row[0], row[1], now_ms)
    return held
