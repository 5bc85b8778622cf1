"""Answers: sums of the quarter-hours a question wants, told apart by its parts, rate and price period. Reads only."""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY
from devtime.kernel.zones import day_start_ms, find_zone, slot_offsets
from devtime.ledger.schema import COUNTS
from devtime.wire.rates import Rate
from devtime.wire.usage_sums import Part, PriceEdges, TokenSums, UsageCell, UsageQuestion

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_PARTS: dict[Part, str] = {
    "slot": "s.slot",
    "agent": "r.agent",
    "model": "r.model",
    "session": "c.session",
    "folder": "c.folder",
    "project": "c.project",
    "branch": "c.branch",
    "machine": "c.machine",
    "sidechain": "c.is_sidechain",
}
_SUMS = ", ".join(f"sum(s.{name})" for name in ("events", *COUNTS, "logged_nusd"))


def read_rates(connection: sqlite3.Connection) -> dict[int, Rate]:
    """Every rate by its id."""
    query = """SELECT rate_id, agent, model, provider, speed, tier, region, prompt_class, is_cost_logged,
    is_model_guessed FROM rates"""
    return {
        row[0]: Rate(*row[1:8], is_cost_logged=bool(row[8]), is_model_guessed=bool(row[9]))
        for row in connection.execute(query)
    }


def read_sums(connection: sqlite3.Connection, question: UsageQuestion, edges: PriceEdges) -> list[UsageCell]:
    """The cells that answer the question."""
    numbers: dict[int, int] = dict(connection.execute("SELECT id, rate_id FROM rates"))
    columns = [_part(connection, part, question.zone) for part in question.parts]
    period = _period(numbers, edges)
    tables = "slots s JOIN rates r ON r.id = s.rate"
    conditions, values = conditions_of(question)
    if any("c." in text for text in (*columns, *conditions)):
        tables += " JOIN contexts c ON c.id = s.context"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    groups = ", ".join([*columns, "s.rate", period] if period != "0" else [*columns, "s.rate"])
    query = (
        f"SELECT s.rate, {period}, {_SUMS}, min(s.first_ms), max(s.last_ms){''.join(f', {text}' for text in columns)} "
        f"FROM {tables} {where} GROUP BY {groups}"
    )
    cells: dict[tuple[object, ...], UsageCell] = {}
    sidechains = [place for place, part in enumerate(question.parts) if part == "sidechain"]
    for rate, in_period, *rest in connection.execute(query, values):
        counts, (logged, first_ms, last_ms), names = rest[:9], rest[9:12], rest[12:]
        for place in sidechains:
            names[place] = bool(names[place])
        cell = UsageCell(tuple(names), numbers[rate], in_period, _token_sums(counts), logged, first_ms, last_ms)
        key = (cell.names, cell.rate_id, cell.period)
        cells[key] = _added(cells[key], cell) if key in cells else cell
    return list(cells.values())


def _token_sums(counts: Sequence[int]) -> TokenSums:
    events, given, answered, read, write, write_1h, extra, reasoning, web_searches = counts
    return TokenSums(events, given, answered, read, write, write_1h, extra, reasoning, web_searches)


def _added(known: UsageCell, more: UsageCell) -> UsageCell:
    known.tokens.add(more.tokens)
    return known._replace(
        logged_nusd=known.logged_nusd + more.logged_nusd,
        first_ms=min(known.first_ms, more.first_ms),
        last_ms=max(known.last_ms, more.last_ms),
    )


def conditions_of(question: UsageQuestion, slot: str = "s.slot") -> tuple[list[str], list[str | int]]:
    """What rows must meet, in SQL with its values; tables are called s, r and c."""
    conditions: list[str] = []
    values: list[str | int] = []
    if question.first_day is not None or question.last_day is not None:
        zone = find_zone(question.zone)
        if question.first_day is not None:
            conditions.append(f"{slot} >= ?")
            values.append(_first_slot(question.first_day, zone))
        if question.last_day is not None:
            conditions.append(f"{slot} < ?")
            values.append(_first_slot(question.last_day + timedelta(days=1), zone))
    for column, wanted in (
        ("r.agent", question.agents),
        ("r.model", question.models),
        ("c.session", question.sessions),
        ("c.branch", question.branches),
        ("c.machine", question.machines),
    ):
        if wanted:
            conditions.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values += wanted
    if question.projects:
        marks = ", ".join("?" * len(question.projects))
        conditions.append(f"(c.project IN ({marks}) OR c.folder IN ({marks}))")
        values += [*question.projects, *question.projects]
    return conditions, values


def _first_slot(day: date, zone: ZoneInfo) -> int:
    return day_start_ms(day, zone) // SLOT_MS


def _part(connection: sqlite3.Connection, part: Part, zone_name: str) -> str:
    if part != "day":
        return _PARTS[part]
    first, last = connection.execute("SELECT min(slot), max(slot) FROM slots").fetchone()
    offsets = slot_offsets(zone_name, first or 0, last or 0)
    if not offsets.transitions:
        return f"(s.slot + {offsets.offsets[0]}) / {SLOTS_PER_DAY}"
    pairs = zip(offsets.transitions, offsets.offsets, strict=False)
    cases = " ".join(f"WHEN s.slot < {transition} THEN {offset}" for transition, offset in pairs)
    return f"(s.slot + CASE {cases} ELSE {offsets.offsets[-1]} END) / {SLOTS_PER_DAY}"


def _period(numbers: dict[int, int], edges: PriceEdges) -> str:
    """SQL for how many of the rate's price edges lie at or before the slot."""
    cases = [
        f"WHEN {number} THEN {' + '.join(f'(s.slot >= {int(edge)})' for edge in edges[rate_id])}"
        for number, rate_id in numbers.items()
        if edges.get(rate_id)
    ]
    return f"CASE s.rate {' '.join(cases)} ELSE 0 END" if cases else "0"
