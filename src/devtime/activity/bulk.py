"""A whole past at once, for an account that has none: no neighbours to look for, no duplicates to expect of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from devtime.activity.credit import Changes, insert_beats
from devtime.activity.dictionary import Gathering, ensure_entries
from devtime.activity.recording import prepare_lines, write_lines
from devtime.activity.settings import lock_user
from devtime.kernel.errors import Conflict
from devtime.store.database import Connection
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import Heartbeat

_QUERIES = load("devtime.activity")
_ROWS_A_STATEMENT = 5_000


async def load_history(
    connection: Connection,
    user_id: UUID,
    heartbeats: Sequence[Heartbeat],
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Write all heartbeats of a user who has none, inside the caller's transaction; answers how many there were.

    Credits, slots and the user's choices hold as if they had come one by one. Conflict when there are some already.
    `progress` is told how many are written.
    """
    settings = await lock_user(connection, user_id)
    if await connection.fetchval(_QUERIES["has_heartbeats"], user_id):
        raise Conflict("this account has heartbeats already")
    gathering = Gathering()
    _, lines = prepare_lines(heartbeats, settings, gathering)
    await ensure_entries(connection, user_id, gathering, set())
    rows = list(lines.values())
    changes = insert_beats([], [line.beat for line in rows], settings.timeout_ms)
    revision = settings.revision
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        part = rows[start : start + _ROWS_A_STATEMENT]
        await write_lines(connection, user_id, revision, part, Changes([], {}))
        revision += 1
        progress(start + len(part))
    await write_lines(connection, user_id, revision, [], changes)
    return len(rows)
