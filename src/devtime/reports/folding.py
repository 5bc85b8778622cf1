"""Cells into the rows of each report. What cells must be told apart by is said at each function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from devtime.reports.ccusage_shapes import SessionName
from devtime.reports.costs import Costing
from devtime.reports.periods import PeriodKind, period_of
from devtime.reports.rows import Name, Row, fold, model_label
from devtime.wire.usage_sums import UsageCell


def period_rows(cells: Iterable[UsageCell], costing: Costing, kind: PeriodKind, week_start: int) -> list[Row[str]]:
    """Days, weeks or months, the oldest first. Cells by day."""
    names: dict[int, str] = {}

    def name_of(cell: UsageCell, _rate: object) -> str:
        day = int(cell.names[0])
        name = names.get(day)
        if name is None:
            name = names[day] = period_of(day, kind, week_start)
        return name

    return sorted(fold(cells, costing, name_of), key=lambda row: row.name)


def agent_rows_of_periods(
    cells: Iterable[UsageCell], costing: Costing, kind: PeriodKind, week_start: int
) -> dict[str, list[Row[str]]]:
    """Period → each agent's own row, by name. Cells by day."""
    rows = fold(cells, costing, lambda cell, rate: (period_of(int(cell.names[0]), kind, week_start), rate.agent))
    parts: dict[str, list[Row[str]]] = {}
    for row in sorted(rows, key=lambda row: row.name):
        parts.setdefault(row.name[0], []).append(row.renamed(row.name[1]))
    return parts


def folder_rows_of_days(
    cells: Iterable[UsageCell], costing: Costing, kind: PeriodKind, week_start: int
) -> dict[str, list[Row[str]]]:
    """Folder → its periods, the oldest first. Cells by day and folder."""
    rows = fold(
        cells, costing, lambda cell, _rate: (str(cell.names[1]), period_of(int(cell.names[0]), kind, week_start))
    )
    parts: dict[str, list[Row[str]]] = {}
    for row in sorted(rows, key=lambda row: row.name):
        parts.setdefault(row.name[0], []).append(row.renamed(row.name[1]))
    return parts


def session_rows(cells: Iterable[UsageCell], costing: Costing, is_by_folder: bool) -> list[Row[SessionName]]:
    """Sessions, the dearest first. Cells by session and folder; a session of two folders is one unless told apart."""
    rows = fold(
        cells,
        costing,
        lambda cell, rate: SessionName(rate.agent, str(cell.names[0]), str(cell.names[1]) if is_by_folder else ""),
    )
    return by_cost(rows)


def model_rows(cells: Iterable[UsageCell], costing: Costing) -> list[Row[str]]:
    """Models, the dearest first. Cells by anything or nothing."""
    return by_cost(fold(cells, costing, lambda _cell, rate: model_label(rate)))


def agent_rows(cells: Iterable[UsageCell], costing: Costing) -> list[Row[str]]:
    """Agents, the dearest first. Cells by anything or nothing."""
    return by_cost(fold(cells, costing, lambda _cell, rate: rate.agent))


def named_rows(cells: Iterable[UsageCell], costing: Costing) -> list[Row[tuple[str, ...]]]:
    """Whatever the cells are told apart by, the dearest first."""
    return by_cost(fold(cells, costing, lambda cell, _rate: tuple(str(name) for name in cell.names)))


def by_cost(rows: Sequence[Row[Name]]) -> list[Row[Name]]:
    """The dearest first; equals by most tokens, then the latest."""
    return sorted(rows, key=lambda row: (-row.cost_usd, -row.tokens.total, -row.last_ms))
