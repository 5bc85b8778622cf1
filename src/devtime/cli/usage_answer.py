"""The rows a question wants, folded once, and written as JSON or CSV. Tables for people are in `usage_tables`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple, cast

from devtime.cli.usage_desk import Desk
from devtime.cli.usage_options import Wanted
from devtime.kernel.errors import Invalid
from devtime.reports.ccusage_shapes import (
    Json,
    SessionName,
    codex_row,
    codex_session,
    codex_totals,
    focused_periods,
    focused_sessions,
    row_of,
    totals_of,
    unified_periods,
    unified_sessions,
)
from devtime.reports.folding import (
    agent_rows,
    agent_rows_of_periods,
    folder_rows_of_days,
    model_rows,
    named_rows,
    period_rows,
    session_rows,
)
from devtime.reports.periods import WEEKDAYS, PeriodKind, first_day_of_last
from devtime.reports.rows import Row, fold_all, name_parts, total_of
from devtime.wire.usage_sums import Part

PERIODS: dict[str, PeriodKind] = {"daily": "daily", "weekly": "weekly", "monthly": "monthly"}
_PERIOD_KEYS = {"daily": "date", "weekly": "week", "monthly": "month"}
_NAMED_PARTS: dict[str, tuple[Part, ...]] = {
    "projects": ("project",),
    "branches": ("project", "branch"),
    "machines": ("machine",),
}
_SINGULAR = {"models": "model", "agents": "agent", "projects": "project", "branches": "branch", "machines": "machine"}


class Answer(NamedTuple):
    """Rows in the wanted order, their total, and rows of agents by row or of periods by folder where wanted."""

    rows: Sequence[Row[Hashable]]
    total: Row[str]
    agents: Mapping[str, Sequence[Row[str]]] | None = None
    folders: Mapping[str, Sequence[Row[str]]] | None = None
    projects: Mapping[str, str] = {}
    """Session → its project."""


def week_start_of(wanted: Wanted) -> int:
    """The weekday weeks begin with."""
    usual = "sunday" if wanted.focus == "claude" else "monday"
    return WEEKDAYS.index(wanted.given.text("start_of_week", usual))


def answer(desk: Desk, wanted: Wanted, report: str) -> Answer:
    """The rows of any report but blocks, which `usage_blocks` has."""
    given = wanted.given
    is_newest_first = given.text("order") == "desc"
    if report in PERIODS:
        return _periods(desk, wanted, PERIODS[report], is_newest_first)
    if report == "session":
        return _sessions(desk, wanted)
    cells = desk.ask(*_NAMED_PARTS.get(report, ()))
    folds = {"models": model_rows, "agents": agent_rows}
    rows: Sequence[Row[Hashable]] = (
        folds[report](cells, desk.costing) if report in folds else named_rows(cells, desk.costing)
    )
    return Answer(rows[::-1] if given.text("order") == "asc" else rows, fold_all(cells, desk.costing))


def _sessions(desk: Desk, wanted: Wanted) -> Answer:
    cells = desk.ask("session", "folder", "project")
    rows = session_rows(cells, desk.costing, is_by_folder=wanted.focus == "claude")
    last = wanted.given.whole("last")
    if last is not None:
        latest = {row.name for row in sorted(rows, key=lambda row: -row.last_ms)[:last]}
        rows = [row for row in rows if row.name in latest]
    projects = {str(cell.names[0]): str(cell.names[2] or cell.names[1]) for cell in cells}
    return Answer(rows[::-1] if wanted.given.text("order") == "asc" else rows, total_of(rows), projects=projects)


def _periods(desk: Desk, wanted: Wanted, kind: PeriodKind, is_newest_first: bool) -> Answer:
    week_start, last = week_start_of(wanted), wanted.given.whole("last")
    question = desk.question
    if last is not None:
        if last < 1:
            raise Invalid("--last", "must be 1 or more")
        first = first_day_of_last(last, kind, desk.today, week_start)
        question = question._replace(first_day=max(first, question.first_day or first))
    by_folder = wanted.given.flag("instances")
    cells = desk.ask_about(question, *(("day", "folder") if by_folder else ("day",)))
    rows = period_rows(cells, desk.costing, kind, week_start)
    agents = folders = None
    if wanted.given.flag("by_agent"):
        agents = agent_rows_of_periods(cells, desk.costing, kind, week_start)
    if by_folder:
        folders = folder_rows_of_days(cells, desk.costing, kind, week_start)
    return Answer(rows[::-1] if is_newest_first else rows, total_of(rows), agents, folders)


def to_json(found: Answer, wanted: Wanted, report: str) -> Json:
    """The answer in ccusage's shape of the report, or in one like it."""
    if wanted.focus == "codex" and (report in PERIODS or report == "session"):
        return {_plural(report): _codex_rows(found, report), "totals": codex_totals(found.total)}
    totals = totals_of(found.total)
    if report in PERIODS:
        rows = cast("Sequence[Row[str]]", found.rows)
        key = _PERIOD_KEYS[report]
        if found.folders is not None:
            projects = {folder: focused_periods(parts, key, folder) for folder, parts in found.folders.items()}
            return {"projects": projects, "totals": totals}
        chosen = wanted.given.texts("project")
        if wanted.focus:
            written = focused_periods(rows, key, chosen[0] if len(chosen) == 1 else None)
        else:
            written = unified_periods(rows, found.agents)
        return {report: written, "totals": totals}
    if report == "session":
        sessions = cast("Sequence[Row[SessionName]]", found.rows)
        if wanted.focus:
            return {"sessions": focused_sessions(sessions), "totals": totals}
        return {"session": unified_sessions(sessions), "totals": totals}
    return {report: [_named_row(row, report) for row in found.rows], "totals": totals}


def _plural(report: str) -> str:
    return "sessions" if report == "session" else report


def _codex_rows(found: Answer, report: str) -> list[Json]:
    if report == "session":
        sessions = cast("Sequence[Row[SessionName]]", found.rows)
        return [codex_session(row) for row in sorted(sessions, key=lambda row: (row.last_ms, row.name))]
    return [codex_row(row, **{_PERIOD_KEYS[report]: row.name}) for row in found.rows]


def _named_row(row: Row[Hashable], report: str) -> Json:
    names: Json = {"agents": sorted(row.agents)}
    parts = name_parts(row)
    names |= {"project": parts[0], "branch": parts[1]} if report == "branches" else {_SINGULAR[report]: parts[0]}
    return row_of(row, **names)


_COUNT_COLUMNS: tuple[tuple[str, Callable[[Row[Hashable]], int]], ...] = (
    ("requests", lambda row: row.tokens.events),
    ("input_tokens", lambda row: row.tokens.input),
    ("output_tokens", lambda row: row.tokens.output),
    ("cache_write_tokens", lambda row: row.tokens.cache_write + row.tokens.cache_write_1h),
    ("cache_read_tokens", lambda row: row.tokens.cache_read),
    ("total_tokens", lambda row: row.tokens.total),
)


def to_csv(found: Answer, wanted: Wanted, report: str, has_cost: bool) -> list[list[str]]:
    """The answer as lines of CSV, a head before them; with --breakdown a line for each model."""
    keys = _csv_keys(report)
    counts = [title for title, _ in _COUNT_COLUMNS]
    lines = [[*keys, "models", *counts, *(["cost_usd", "unpriced_models"] if has_cost else [])]]
    for row in found.rows:
        parts = _split_by_model(row) if wanted.given.flag("breakdown") else [row]
        for part in parts:
            values = [str(count(part)) for _, count in _COUNT_COLUMNS]
            cost = [f"{part.cost_usd:f}", " ".join(part.unpriced_models)] if has_cost else []
            lines.append([*name_parts(row), " ".join(sorted(part.models)), *values, *cost])
    return lines


def _split_by_model(row: Row[Hashable]) -> list[Row[Hashable]]:
    parts: list[Row[Hashable]] = []
    for label, amount in row.models_by_cost:
        part: Row[Hashable] = Row(row.name)
        part.tokens, part.cost_usd, part.is_unpriced = amount.tokens, amount.cost_usd, amount.is_unpriced
        part.models = {label: amount}
        parts.append(part)
    return parts


def _csv_keys(report: str) -> list[str]:
    if report in PERIODS:
        return [_PERIOD_KEYS[report]]
    if report == "session":
        return ["agent", "session", "folder"]
    if report == "blocks":
        return ["start", "end", "is_active"]
    return ["project", "branch"] if report == "branches" else [_SINGULAR[report]]
