"""Reports as tables on the terminal."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import cast

from devtime.cli.quick import write
from devtime.cli.terminal import DIM, clean, terminal_width, wants_colour
from devtime.cli.usage_answer import PERIODS, Answer, answer
from devtime.cli.usage_desk import Desk
from devtime.cli.usage_options import Wanted
from devtime.cli.usage_show import View, draw_rows, title_line, unpriced_note
from devtime.cli.usage_table import Cell, Column
from devtime.cli.usage_zone import local_time
from devtime.reports.ccusage_shapes import SessionName
from devtime.reports.rows import Row, name_parts, total_of

_TITLES = {
    "daily": "AI usage by day",
    "weekly": "AI usage by week",
    "monthly": "AI usage by month",
    "session": "AI usage by session",
    "models": "AI usage by model",
    "agents": "AI usage by agent",
    "projects": "AI usage by project",
    "branches": "AI usage by branch",
    "machines": "AI usage by machine",
}
_NAMES: dict[str, tuple[Column, ...]] = {
    "daily": (Column("Day", "name"),),
    "weekly": (Column("Week of", "name"),),
    "monthly": (Column("Month", "name"),),
    "session": (
        Column("Session", "name"),
        Column("Agent", "text", 4),
        Column("Project", "name", 4),
        Column("Last used", "text", 1),
    ),
    "models": (Column("Model", "name"),),
    "agents": (Column("Agent", "name"),),
    "projects": (Column("Project", "name"),),
    "branches": (Column("Branch", "name"), Column("Project", "name", 1)),
    "machines": (Column("Machine", "name"),),
}


def view_of(wanted: Wanted) -> View:
    """How the options want it shown."""
    given = wanted.given
    return View(
        terminal_width(),
        wants_colour(given.chosen("color")),
        has_cost=not given.flag("no_cost"),
        is_compact=given.flag("compact"),
        is_breakdown=given.flag("breakdown"),
    )


def show_tables(desk: Desk, wanted: Wanted) -> None:
    """The wanted report, or what to do where there is nothing to report."""
    view = view_of(wanted)
    if not desk.costing.rates:
        from devtime.cli.usage_empty import nothing_logged

        write(nothing_logged(desk))
        return
    if wanted.report == "blocks":
        from devtime.cli.usage_block_tables import draw_blocks

        write(draw_blocks(desk, wanted, view))
        return
    if wanted.report == "session" and wanted.given.text("id"):
        from devtime.cli.usage_session import draw_session

        write(draw_session(desk, wanted.given.text("id"), view))
        return
    from devtime.cli.usage import sections_of

    reports = sections_of(wanted) if wanted.given.text("sections") else [wanted.report]
    found = [(report, answer(desk, wanted, report)) for report in reports]
    if all(not one.rows for _, one in found):
        from devtime.cli.usage_empty import nothing_found

        write(nothing_found(desk, wanted))
        return
    text = "\n".join(draw_answer(one, report, desk, wanted, view) for report, one in found)
    note = unpriced_note(found[0][1].total, view)
    write(text + ("\n" + note if note else ""))


def draw_answer(found: Answer, report: str, desk: Desk, wanted: Wanted, view: View) -> str:
    """One report's title and table; a table for each project where the options want that."""
    title = title_line([_TITLES[report], *told_about(desk, wanted)], view)
    names = _NAMES[report]
    if found.folders is not None and report in PERIODS:
        tables: list[str] = []
        for folder, rows in found.folders.items():
            head = view.paint(clean(folder) or "(no project)", DIM)
            table = draw_rows(names, rows, lambda row: _cells(row, desk, found), total_of(rows), view)
            tables.append(f"{head}\n{table}")
        return title + "\n".join(tables)
    rows, parts = found.rows, None
    if found.agents is not None:
        several = {name: agents for name, agents in found.agents.items() if len(agents) > 1}
        parts = cast("dict[Hashable, Sequence[Row[str]]]", several)
    return title + draw_rows(names, rows, lambda row: _cells(row, desk, found), found.total, view, parts)


def _cells(row: Row[Hashable], desk: Desk, found: Answer) -> Sequence[Cell]:
    if isinstance(row.name, SessionName):
        last = local_time(row.last_ms, desk.zone)
        return [
            session_cell(row.name.session),
            Cell(row.name.agent),
            Cell(clean(found.projects.get(row.name.session, ""))),
            Cell(f"{last:%Y-%m-%d %H:%M}", f"{last:%m-%d %H:%M}"),
        ]
    return [Cell(clean(part) or "(none)") for part in reversed(name_parts(row))]


def session_cell(session: str) -> Cell:
    """A session's name; of a path only its end, of a long id only its beginning where room is short."""
    name = clean(session).rpartition("/")[2]
    return Cell(name, name[:8] if len(name) == 36 and name.count("-") == 4 else name)


def told_about(desk: Desk, wanted: Wanted) -> list[str]:
    """What the question was narrowed to, in words."""
    question, told = desk.question, list[str]()
    if wanted.focus:
        told.append(wanted.focus)
    elif question.agents:
        told.append(", ".join(question.agents))
    told += [clean(", ".join(names)) for names in (question.projects, question.branches, question.machines) if names]
    if wanted.given.texts("model"):
        told.append(clean(", ".join(wanted.given.texts("model"))))
    if question.first_day or question.last_day:
        since = f"since {question.first_day}" if question.first_day else ""
        until = f"until {question.last_day}" if question.last_day else ""
        told.append(f"{since} {until}".strip())
    last = wanted.given.whole("last")
    if last is not None:
        told.append(f"last {last}")
    return [*told, desk.zone]
