"""Deleting and veiling events that are stored: a range or a project, what is too old, what the user keeps no longer.

Everything here happens inside the caller's transaction, which holds the user's lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from uuid import UUID

from devtime.store.database import Connection
from devtime.store.sqlfile import load
from devtime.usage.rules import Rules, Veil
from devtime.usage.stored import UsageContext
from devtime.usage.sums import columns, rebuild_usage

_QUERIES = load("devtime.usage")


async def delete_usage(
    connection: Connection,
    user_id: UUID,
    *,
    start_ms: int | None = None,
    end_ms: int | None = None,
    wanted: Callable[[UsageContext], bool] | None = None,
) -> int:
    """Delete the events of `[start_ms, end_ms)` whose contexts are wanted; None is no bound. Answers how many went."""
    numbers: list[int] | None = None
    if wanted is not None:
        contexts = await _fetch_contexts(connection, user_id)
        numbers = [number for number, context in contexts.items() if wanted(context)]
    tag = await connection.execute(_QUERIES["delete_events"], user_id, start_ms, end_ms, numbers)
    deleted = int(tag.rsplit(" ", 1)[-1])
    if deleted:
        await _settle(connection, user_id)
    return deleted


async def apply_rules_to_past(connection: Connection, user_id: UUID, rules: Rules) -> int:
    """Treat what is stored as if it came now: excluded projects go, names are veiled. Answers how many contexts went
    or changed. There is no way back from it.
    """
    contexts = await _fetch_contexts(connection, user_id)
    # A user's patterns may take long for very many names; others are to be served meanwhile.
    excluded, moves = await asyncio.to_thread(_judge, contexts, Veil(rules))
    if excluded:
        await connection.execute(_QUERIES["delete_events"], user_id, None, None, excluded)
    if moves:
        made = {context.id: context for context in moves.values()}
        rows = [(number, *context) for number, context in sorted(made.items())]
        await connection.execute(_QUERIES["ensure_contexts"], user_id, *columns(rows, len(rows[0])))
        targets = [context.id for context in moves.values()]
        await connection.execute(_QUERIES["move_contexts"], user_id, list(moves), targets)
    if excluded or moves:
        await _settle(connection, user_id)
    return len(excluded) + len(moves)


def _judge(contexts: Mapping[int, UsageContext], veil: Veil) -> tuple[list[int], dict[int, UsageContext]]:
    """Which contexts go, and what others become."""
    excluded: list[int] = []
    moves: dict[int, UsageContext] = {}
    for number, context in contexts.items():
        if veil.excludes(context.project) or veil.excludes(context.folder):
            excluded.append(number)
            continue
        veiled = context._replace(branch=veil.branch(context.branch), folder=veil.folder(context.folder))
        if veiled != context:
            moves[number] = veiled
    return excluded, moves


async def _fetch_contexts(connection: Connection, user_id: UUID) -> dict[int, UsageContext]:
    rows = await connection.fetch(_QUERIES["fetch_contexts"], user_id)
    return {row["id"]: UsageContext(*list(row)[1:]) for row in rows}


async def _settle(connection: Connection, user_id: UUID) -> None:
    await connection.execute(_QUERIES["prune_contexts"], user_id)
    await connection.execute(_QUERIES["prune_rates"], user_id)
    await rebuild_usage(connection, user_id)
