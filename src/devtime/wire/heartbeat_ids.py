"""The public id of a stored heartbeat: a UUID that is nothing but its instant and identity, so it needs no column."""

from __future__ import annotations

from uuid import UUID

_MASK_64 = (1 << 64) - 1


def heartbeat_uuid(time_ms: int, identity: int) -> UUID:
    """A version 8 UUID: 48 bits of time, so that ids sort by it, and the 64 bits of the identity."""
    digest = identity & _MASK_64
    high, low = digest >> 54, digest & ((1 << 54) - 1)
    return UUID(int=time_ms << 80 | 8 << 76 | high << 64 | 0b10 << 62 | low)
