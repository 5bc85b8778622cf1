"""Answers: sums of the quarter-hours a question wants, told apart by its parts, rate and price period. Reads only."""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import sqlite3
from datetime import date, timedelta, tzinfo

from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY
from devtime.kernel.zones import day_start_ms, find_zone, slot_offsets
from devtime.ledger.answers import sum_slots
from devtime.ledger.schema import COUNTS
from devtime.wire.rates import Rate
from devtime.wire.usage_sums import AlikeRates, Part, PriceEdges, TokenSums, UsageCell, UsageQuestion

_CONTEXT_PARTS = ("session", "folder", "project", "branch", "machine", "is_sidechain")
_CONTEXT_NAMES = {"session", "folder", "project", "branch", "machine", "sidechain"}
_SUMS_OF = ("events", *COUNTS, "logged_nusd")

_SUMS = ", ".join(f"sum(s.{name})" for name in _SUMS_OF)


def read_rates(connection: sqlite3.Connection) -> dict[int, Rate]:
    """Every rate by its id."""
    query = """SELECT rate_id, agent, model, provider, speed, tier, region, prompt_class, is_cost_logged,
    is_model_guessed FROM rates"""
    return {
        row[0]: Rate(*row[1:8], is_cost_logged=bool(row[8]), is_model_guessed=bool(row[9]))
        for row in connection.execute(query)
    }


def read_sums(
    connection: sqlite3.Connection, question: UsageQuestion, edges: PriceEdges, alike: AlikeRates
) -> list[UsageCell]:
    """The cells that answer the question."""
    numbers: dict[int, int] = dict(connection.execute("SELECT id, rate_id FROM rates"))
    conditions, values = conditions_of(connection, question)
    time = _time_part(connection, question)
    period = _period(numbers, edges)
    groups = [time, "s.context" if _CONTEXT_NAMES & {*question.parts} else "0", _rate(numbers, alike), period]
    wanted = ", ".join(text for text in groups if text != "0")
    columns = f"{', '.join(groups)}, {_SUMS}, min(s.first_ms), max(s.last_ms)"
    rows = sum_slots(connection, columns, conditions, values, wanted)
    # Only now: whatever the rows name was stored together with them, or before.
    rates = {row[0]: row[1:] for row in connection.execute("SELECT id, rate_id, agent, model FROM rates")}
    contexts = _read_contexts(connection, question)
    cells: dict[tuple[object, ...], UsageCell] = {}
    places = [_place(part) for part in question.parts]
    nothing: tuple[str | int, ...] = ()
    for instant, context, rate, in_period, *counts, logged, first_ms, last_ms in rows:
        known = (instant, *rates[rate][1:], *(contexts[context] if contexts else nothing))
        names = tuple([known[place] for place in places])
        key = (names, rates[rate][0], in_period)
        cell = UsageCell(*key, TokenSums(*counts), logged, first_ms, last_ms)
        cells[key] = _added(cells[key], cell) if key in cells else cell
    return list(cells.values())


def _place(part: Part) -> int:
    """Where a part's name stands among the instant, agent and model of the rate, and the fields of the context."""
    if part in ("day", "slot"):
        return 0
    order = ("agent", "model", "session", "folder", "project", "branch", "machine", "sidechain")
    return 1 + order.index(part)


def _read_contexts(
    connection: sqlite3.Connection, question: UsageQuestion
) -> dict[int, tuple[str, str, str, str, str, bool]]:
    """The contexts, if the question tells its cells apart by any part of them."""
    if not _CONTEXT_NAMES & {*question.parts}:
        return {}
    query = f"SELECT id, {', '.join(_CONTEXT_PARTS)} FROM contexts"
    return {id: (*names, bool(is_sidechain)) for id, *names, is_sidechain in connection.execute(query)}


def _added(known: UsageCell, more: UsageCell) -> UsageCell:
    known.tokens.add(more.tokens)
    return known._replace(
        logged_nusd=known.logged_nusd + more.logged_nusd,
        first_ms=min(known.first_ms, more.first_ms),
        last_ms=max(known.last_ms, more.last_ms),
    )


def conditions_of(
    connection: sqlite3.Connection,
    question: UsageQuestion,
    slot: str = "s.slot",
    context: str = "s.context",
    rate: str = "s.rate",
) -> tuple[list[str], list[str | int]]:
    """What rows must meet, in SQL with its values. The three texts are how the rows tell where they belong."""
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
    for table, place, columns, wanted in (
        ("rates", rate, ("agent",), question.agents),
        ("rates", rate, ("model",), question.models),
        ("contexts", context, ("session",), question.sessions),
        ("contexts", context, ("project", "folder"), question.projects),
        ("contexts", context, ("branch",), question.branches),
        ("contexts", context, ("machine",), question.machines),
    ):
        if wanted:
            marks = ", ".join("?" * len(wanted))
            tests = " OR ".join(f"{column} IN ({marks})" for column in columns)
            conditions.append(f"{place} IN (SELECT id FROM {table} WHERE {tests})")
            values += [value for _ in columns for value in wanted]
    return conditions, values


def _first_slot(day: date, zone: tzinfo) -> int:
    return day_start_ms(day, zone) // SLOT_MS


def _time_part(connection: sqlite3.Connection, question: UsageQuestion) -> str:
    if "slot" in question.parts:
        return "s.slot"
    return _day_sql(connection, question.zone) if "day" in question.parts else "0"


def _day_sql(connection: sqlite3.Connection, zone_name: str) -> str:
    """SQL for the local day number of a slot."""
    # Two questions: SQLite looks at every row when asked for both ends in one.
    ends = "SELECT (SELECT min(slot) FROM slots), (SELECT max(slot) FROM slots)"
    first, last = connection.execute(ends).fetchone()
    offsets = slot_offsets(zone_name, first or 0, last or 0)
    if not offsets.transitions:
        return f"(s.slot + {offsets.offsets[0]}) / {SLOTS_PER_DAY}"
    pairs = zip(offsets.transitions, offsets.offsets, strict=False)
    cases = " ".join(f"WHEN s.slot < {transition} THEN {offset}" for transition, offset in pairs)
    return f"(s.slot + CASE {cases} ELSE {offsets.offsets[-1]} END) / {SLOTS_PER_DAY}"


def _rate(numbers: dict[int, int], alike: AlikeRates) -> str:
    """SQL for the rate's number, or that of the one it is summed with."""
    first = {rate_id: number for number, rate_id in reversed(numbers.items())}
    cases = [
        f"WHEN {number} THEN {together}"
        for number, rate_id in numbers.items()
        if (together := first.get(alike.get(rate_id, rate_id), number)) != number
    ]
    return f"CASE s.rate {' '.join(cases)} ELSE s.rate END" if cases else "s.rate"


def _period(numbers: dict[int, int], edges: PriceEdges) -> str:
    """SQL for how many of the rate's price edges lie at or before the slot."""
    cases = [
        f"WHEN {number} THEN {' + '.join(f'(s.slot >= {int(edge)})' for edge in edges[rate_id])}"
        for number, rate_id in numbers.items()
        if edges.get(rate_id)
    ]
    return f"CASE s.rate {' '.join(cases)} ELSE 0 END" if cases else "0"
