"""Writing usage events: one machine's batch in one transaction under the user's lock, sums kept exact by differences.

Of several events with one key the one of the largest standing is kept, whatever order they come in; what is there
already changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

from devtime.kernel.errors import NotFound
from devtime.store.database import Connection, Database
from devtime.store.sqlfile import load
from devtime.usage.rules import Lock, Rules, Veil
from devtime.usage.stored import StoredEvent, from_row, rate_id, to_stored
from devtime.usage.sums import add_to_sums, columns
from devtime.wire.usage_batch import MachineEvent

_QUERIES = load("devtime.usage")
_MOST_AT_ONCE = 5_000

Outcome = Literal["new", "changed", "duplicate", "excluded"]


class Recorded(msgspec.Struct):
    """What became of a batch: an outcome per event, in the order given, and how many events were withdrawn."""

    outcomes: list[Outcome]
    withdrawn: int = 0


async def record_events(
    database: Database, user_id: UUID, told: Sequence[MachineEvent], lock: Lock, withdrawn: Sequence[MachineKey] = ()
) -> Recorded:
    """Record what machines told, after they withdrew what they told before by mistake; it is durable on return.

    Raises NotFound for a deleted account.
    """
    recorded = Recorded([])
    gone: Sequence[MachineKey] = withdrawn
    for start in range(0, max(1, len(told)), _MOST_AT_ONCE):
        async with database.transaction() as connection:
            rules = await lock(connection, user_id)
            part = await write_events(connection, user_id, told[start : start + _MOST_AT_ONCE], rules, gone)
        recorded.outcomes += part.outcomes
        recorded.withdrawn += part.withdrawn
        gone = ()
    return recorded


class MachineKey(msgspec.Struct, frozen=True):
    """The key of an event that a machine has in none of its logs any more."""

    machine: str
    key: int


async def write_events(
    connection: Connection,
    user_id: UUID,
    told: Sequence[MachineEvent],
    rules: Rules,
    withdrawn: Sequence[MachineKey] = (),
) -> Recorded:
    """The same inside the caller's transaction, which holds the user's lock."""
    # Patterns may take long for very many names; others are to be served meanwhile.
    outcomes, wanted = await asyncio.to_thread(_sift, told, Veil(rules))
    keys = list({*wanted, *(each.key for each in withdrawn)})
    rows = await connection.fetch(_QUERIES["fetch_events"], user_id, keys) if keys else []
    present = {event.key: event for event in map(from_row, rows)}
    gone = {each.key for each in withdrawn if _is_told_by(present.get(each.key), each.machine)}
    kept = {
        key: event
        for key, event in wanted.items()
        if key not in present or key in gone or event.standing > present[key].standing
    }
    for place, each in enumerate(told):
        if outcomes[place] == "new":
            key = each.event.key
            is_there = key in present and key not in gone
            outcomes[place] = "duplicate" if key not in kept else "changed" if is_there else "new"
    lost = [present[key] for key in gone | (kept.keys() & present.keys())]
    try:
        if lost_for_good := [key for key in gone if key not in kept]:
            await connection.execute(_QUERIES["remove_events"], user_id, lost_for_good)
        if kept:
            await store_rows(connection, user_id, list(kept.values()))
        await add_to_sums(connection, user_id, list(kept.values()), lost)
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("this account no longer exists") from None
    return Recorded(outcomes, len(gone - kept.keys()))


def _sift(told: Sequence[MachineEvent], veil: Veil) -> tuple[list[Outcome], dict[int, StoredEvent]]:
    """What each event is as far as its batch tells, and by key what of it may become rows."""
    outcomes: list[Outcome] = []
    wanted: dict[int, tuple[int, StoredEvent]] = {}
    for place, each in enumerate(told):
        event = veil.apply(each.event)
        if event is None:
            outcomes.append("excluded")
            continue
        stored = to_stored(each if event is each.event else MachineEvent(each.machine, event))
        rival = wanted.get(stored.key)
        if rival is not None and rival[1].standing >= stored.standing:
            outcomes.append("duplicate")
            continue
        if rival is not None:
            outcomes[rival[0]] = "duplicate"
        wanted[stored.key] = (place, stored)
        outcomes.append("new")
    return outcomes, {key: stored for key, (_, stored) in wanted.items()}


def _is_told_by(event: StoredEvent | None, machine: str) -> bool:
    return event is not None and event.context.machine == machine


async def store_rows(connection: Connection, user_id: UUID, kept: Sequence[StoredEvent]) -> None:
    """Put these rows (one at least) in place of those of the same keys, and what they refer to; no sums."""
    contexts = {event.context.id: event.context for event in kept}
    rates = {rate_id(event.rate): event.rate for event in kept}
    width = len(kept[0].context) + 1
    rows = [(number, *context) for number, context in sorted(contexts.items())]
    await connection.execute(_QUERIES["ensure_contexts"], user_id, *columns(rows, width))
    rows = [(number, *rate) for number, rate in sorted(rates.items())]
    await connection.execute(_QUERIES["ensure_rates"], user_id, *columns(rows, len(kept[0].rate) + 1))
    events = [
        (each.key, each.rank, each.time_ms, each.context.id, rate_id(each.rate), each.cost_nusd, *each.counts)
        for each in kept
    ]
    await connection.execute(_QUERIES["put_events"], user_id, *columns(events, len(events[0])))
