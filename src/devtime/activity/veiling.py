"""Hashing or dropping the paths and branches that are stored already, as if they had been veiled when they came.

Ids of dictionary rows are digests of their content, so a veiled path or context gets the id new heartbeats will give
it, and breakdowns merge. Identities are digests of what the client sent and stay: a duplicate stays a duplicate.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from devtime.activity.deleting import prune_dictionaries
from devtime.activity.dictionary import Entry, Kind, entry_id, store_entries
from devtime.activity.privacy import BRANCH_FIELDS, PATH_FIELDS, veil_branch, veil_path
from devtime.activity.rebuilding import rebuild_activity
from devtime.activity.settings import ActivitySettings, lock_user
from devtime.store.database import Connection
from devtime.store.sqlfile import load

_DELETING = load("devtime.activity", "deleting.sql")

Moves = Mapping[int, Entry | None]
"""Old id → what the entry becomes (None: nothing is left of it)."""


async def veil_stored(connection: Connection, user_id: UUID) -> int:
    """Apply the user's present file and branch privacy to all that is stored, inside the caller's transaction.

    There is no way back from it. Answers how many paths and contexts changed.
    """
    settings = await lock_user(connection, user_id)
    moved = await _veil_files(connection, user_id, settings) + await _veil_branches(connection, user_id, settings)
    if moved:
        await prune_dictionaries(connection, user_id)
        await rebuild_activity(connection, user_id)
    return moved


async def _veil_files(connection: Connection, user_id: UUID, settings: ActivitySettings) -> int:
    if settings.file_privacy == "keep":
        return 0
    await connection.execute(_DELETING["strip_extra"], user_id, sorted(PATH_FIELDS))
    moves: dict[int, Entry | None] = {}
    for number, path in await connection.fetch(_DELETING["fetch_files"], user_id):
        veiled = veil_path(path, settings.file_privacy, settings.privacy_salt)
        if veiled != path:
            moves[number] = (veiled,) if veiled else None
    return await _move(connection, user_id, "files", moves)


async def _veil_branches(connection: Connection, user_id: UUID, settings: ActivitySettings) -> int:
    if settings.branch_privacy == "keep":
        return 0
    await connection.execute(_DELETING["strip_extra"], user_id, sorted(BRANCH_FIELDS))
    moves: dict[int, Entry | None] = {}
    for row in await connection.fetch(_DELETING["fetch_branched_contexts"], user_id):
        number, tool, project, language, branch, *rest = row
        veiled = veil_branch(branch, settings.branch_privacy, settings.privacy_salt)
        if veiled != branch:
            moves[number] = (tool, project, language, veiled, *rest)
    return await _move(connection, user_id, "contexts", moves)


async def _move(connection: Connection, user_id: UUID, kind: Kind, moves: Moves) -> int:
    if not moves:
        return 0
    made = {entry_id(kind, entry): entry for entry in moves.values() if entry is not None}
    if made:
        await store_entries(connection, user_id, kind, made)
    targets = [None if entry is None else entry_id(kind, entry) for entry in moves.values()]
    await connection.execute(_DELETING[f"move_{kind}"], user_id, list(moves), targets)
    return len(moves)
