"""Writing what machines tell of limits: one batch in one transaction under the user's lock."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from devtime.kernel.errors import NotFound
from devtime.limits.history import add_readings
from devtime.limits.sources import Told, put_sources, source_id
from devtime.store.database import Connection


async def write_told(connection: Connection, user_id: UUID, told: Sequence[Told]) -> list[Told]:
    """Keep them; answers those that are the newest word of their source, which was news. The caller holds the lock."""
    try:
        renewed = await put_sources(connection, user_id, told)
        for each in sorted(told, key=lambda each: each.at_ms):
            await add_readings(connection, user_id, each)
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("this account no longer exists") from None
    newest = {source_id(each.source): each for each in sorted(told, key=lambda each: each.at_ms)}
    return [each for number, each in newest.items() if number in renewed]
