"""A whole past at once, for an account that has no usage: rows first, all sums made of them at the end."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from devtime.kernel.errors import Conflict
from devtime.store.database import Connection
from devtime.store.sqlfile import load
from devtime.usage.recording import store_rows
from devtime.usage.stored import StoredEvent, to_stored
from devtime.usage.sums import rebuild_usage
from devtime.wire.usage_batch import MachineEvent

_QUERIES = load("devtime.usage")
_ROWS_A_STATEMENT = 5_000


async def load_usage(connection: Connection, user_id: UUID, told: Sequence[MachineEvent]) -> int:
    """Write all events of a user who has none and keeps everything; answers how many there are then.

    Inside the caller's transaction, which holds the user's lock. Conflict when there are some already.
    """
    if await connection.fetchval(_QUERIES["has_events"], user_id):
        raise Conflict("this account has AI usage already")
    kept: dict[int, StoredEvent] = {}
    for stored in map(to_stored, told):
        rival = kept.get(stored.key)
        if rival is None or stored.standing > rival.standing:
            kept[stored.key] = stored
    rows = list(kept.values())
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        await store_rows(connection, user_id, rows[start : start + _ROWS_A_STATEMENT])
    await rebuild_usage(connection, user_id)
    return len(rows)
