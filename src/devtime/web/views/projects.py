"""The list of projects (`/projects`) and the page of one project (`/project`), with their `.json` twins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from devtime.web.views.parts import Bars, Breakdown, Choice, SessionRow


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project in the list. `recent_ms` is time per day (or week) of the range, oldest first; `cost_usd` is what
    agents used there (None: nothing), told at `cost_href`.
    """

    name: str
    ms: int
    href: str
    last_ms: int
    last_href: str
    languages: tuple[str, ...]
    recent_ms: tuple[int, ...]
    heartbeats: int
    cost_usd: Decimal | None = None
    cost_href: str = ""


@dataclass(frozen=True, slots=True)
class ProjectsView:
    """All projects with activity in a range, by `sort`; `search` is what the visitor typed. `has_costs`: agents were
    used in some of them.
    """

    title: str
    zone: str
    now_ms: int
    ranges: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    search: str
    kept: tuple[tuple[str, str], ...]
    total_ms: int
    projects: tuple[ProjectRow, ...]
    json_href: str
    has_costs: bool = False
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class ProjectView:
    """One project in a range: time over time, branches, files, languages, tools, the latest sessions."""

    name: str
    title: str
    first: date
    last: date
    zone: str
    now_ms: int
    ranges: tuple[Choice, ...]
    active_ms: int
    total_ms: int
    agent_ms: int
    all_time_ms: int
    all_time_href: str
    heartbeats: int
    first_seen_ms: int | None
    last_seen_ms: int | None
    active_days: int
    bars: Bars
    breakdowns: tuple[Breakdown, ...]
    sessions: tuple[SessionRow, ...]
    range_href: str
    heartbeats_href: str
    agents_href: str
    json_href: str
