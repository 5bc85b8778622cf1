"""Sums of AI usage out of the store: the server's answers to the questions that a machine's ledger answers too.

Costs are not known here: `pricing` tells at which slots the price of a rate changes, and prices what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from devtime.kernel.errors import Invalid
from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY
from devtime.kernel.zones import date_of_day, find_zone
from devtime.stats.ranges import FIRST_DAY, TimeRange, days_range
from devtime.store.database import Database, Row
from devtime.store.sqlfile import load
from devtime.usage.stored import from_row
from devtime.usage.stored import to_told as _to_told
from devtime.wire.rates import Rate
from devtime.wire.usage_batch import MachineEvent
from devtime.wire.usage_sums import Part, PriceEdges, TokenSums, UsageCell, UsageQuestion

_QUERIES = load("devtime.stats", "usage.sql")
_OF_RATES: frozenset[Part] = frozenset({"agent", "model"})
_OF_CONTEXTS: frozenset[Part] = frozenset({"session", "folder", "project", "branch", "machine", "sidechain"})
_FIRST_NAME = 14
"""The columns before are rate, period and sums."""


async def fetch_rates(database: Database, user_id: UUID) -> dict[int, Rate]:
    """Every rate the user's events have, by id."""
    rows = await database.fetch(_QUERIES["fetch_rates"], user_id)
    return {row["id"]: Rate(*list(row)[1:]) for row in rows}


async def fetch_cells(
    database: Database,
    user_id: UUID,
    question: UsageQuestion,
    edges: PriceEdges | None = None,
    span: TimeRange | None = None,
) -> list[UsageCell]:
    """The sums that answer the question; those of a `span`, which may cut slots, instead of the question's days."""
    if span is None:
        span = await _span_of(database, user_id, question)
        if span is None:
            return []
    first, last = -(-span.start_ms // SLOT_MS), span.end_ms // SLOT_MS
    if first > last:
        first = last = 0
        head, tail = (span.start_ms, span.end_ms), (0, 0)
    else:
        head, tail = (span.start_ms, first * SLOT_MS), (last * SLOT_MS, span.end_ms)
    offsets = span.offsets
    narrowed = await _narrow(database, user_id, question)
    rows = await database.fetch(
        _QUERIES["sum_usage"],
        user_id,
        first,
        last,
        *head,
        *tail,
        *_flatten(edges or {}),
        list(question.parts),
        offsets.offsets,
        offsets.transitions,
        *narrowed,
        not _OF_CONTEXTS.isdisjoint(question.parts),
    )
    rates = {} if _OF_RATES.isdisjoint(question.parts) else await fetch_rates(database, user_id)
    return [_read_cell(row, question, rates) for row in rows]


async def fetch_events(
    database: Database, user_id: UUID, question: UsageQuestion, span: TimeRange, *, offset: int = 0, limit: int = 100
) -> list[MachineEvent]:
    """The events of the span that the question narrows to, newest first."""
    narrowed = await _narrow(database, user_id, question)
    rows = await database.fetch(
        _QUERIES["list_usage_events"], user_id, span.start_ms, span.end_ms, *narrowed, offset, limit
    )
    return [_to_told(from_row(row)) for row in rows]


async def _span_of(database: Database, user_id: UUID, question: UsageQuestion) -> TimeRange | None:
    """The question's days; where it sets no bound, as far as there are events. None: there are none."""
    find_zone(question.zone)
    if question.first_day and question.last_day and question.last_day < question.first_day:
        raise Invalid("end", "lies before start")
    row = await database.fetchrow(_QUERIES["fetch_edge_slots"], user_id)
    if row is None or row[0] is None:
        return None
    # A local day is at most a day away from that of UTC.
    earliest = date_of_day(max(row[0] // SLOTS_PER_DAY - 1, (FIRST_DAY - date(1970, 1, 1)).days))
    latest = date_of_day(row[1] // SLOTS_PER_DAY + 1)
    first_day, last_day = question.first_day or earliest, question.last_day or latest
    first_day, last_day = max(first_day, earliest), min(last_day, latest)
    return None if last_day < first_day else days_range(first_day, last_day, question.zone)


async def _narrow(
    database: Database, user_id: UUID, question: UsageQuestion
) -> tuple[list[int] | None, list[int] | None]:
    """The ids of the contexts and of the rates the question narrows to; None wants all."""
    wanted = (question.agents, question.projects, question.sessions, question.branches, question.machines)
    contexts: list[int] | None = None
    if any(wanted):
        names = [list(part) if part else None for part in wanted]
        contexts = [row[0] for row in await database.fetch(_QUERIES["fetch_usage_context_ids"], user_id, *names)]
    if not question.models:
        return contexts, None
    rows = await database.fetch(_QUERIES["fetch_usage_rate_ids"], user_id, list(question.models))
    return contexts, [row[0] for row in rows]


def _flatten(edges: PriceEdges) -> tuple[list[int], list[int]]:
    pairs = [(rate_id, slot) for rate_id, slots in edges.items() for slot in slots]
    return [rate_id for rate_id, _ in pairs], [slot for _, slot in pairs]


def _read_cell(row: Row, question: UsageQuestion, rates: Mapping[int, Rate]) -> UsageCell:
    rate_id, period, *sums, logged, first_ms, last_ms = list(row)[:_FIRST_NAME]
    return UsageCell(
        names=tuple(_name_of(rate_id, part, rates) if part in _OF_RATES else row[part] for part in question.parts),
        rate_id=rate_id,
        period=period,
        tokens=TokenSums(*sums),
        logged_nusd=int(logged),
        first_ms=first_ms,
        last_ms=last_ms,
    )


def _name_of(rate_id: int, part: Part, rates: Mapping[int, Rate]) -> str:
    """The rate's agent or model; empty when it was deleted in this very moment."""
    rate = rates.get(rate_id)
    return "" if rate is None else rate.agent if part == "agent" else rate.model
