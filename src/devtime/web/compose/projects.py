"""The views of the list of projects and of one project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from devtime.activity.settings import fetch_settings
from devtime.kernel.clock import DAY_MS
from devtime.kernel.errors import NotFound
from devtime.stats.files import fetch_files
from devtime.stats.filters import Filters
from devtime.stats.listing import fetch_latest
from devtime.stats.names import ProjectSpan, fetch_project_spans
from devtime.stats.ranges import TimeRange
from devtime.stats.sessions import fetch_sessions
from devtime.stats.tally import Tally
from devtime.web import links
from devtime.web.compose.ai_address import AiAddress
from devtime.web.compose.ai_asking import AiFilters
from devtime.web.compose.ai_share import fetch_project_costs
from devtime.web.compose.folding import AGENTS, agent_ms, choices, fold_bars, fold_breakdown, fold_sessions, shown
from devtime.web.compose.range import RANGES, bounded, range_title, read_range
from devtime.web.compose.reader import Reader
from devtime.web.views.parts import Breakdown, Dimension
from devtime.web.views.projects import ProjectRow, ProjectsView, ProjectView

SORTS: tuple[tuple[str, str], ...] = (("time", "Most time"), ("recent", "Latest"), ("name", "Name"))
_LANGUAGES_SHOWN = 4
_SESSIONS_SHOWN = 20
_BREAKDOWNS: tuple[Dimension, ...] = ("branch", "file", "language", "tool", "machine")


async def compose_projects(reader: Reader, range_name: str, sort: str, search: str) -> ProjectsView:
    """All projects with time in the range whose name holds `search`."""
    span = await bounded(reader, read_range(reader, range_name, None, None))
    tally = await reader.tallies.fetch(reader.user_id, span)
    spans = await fetch_project_spans(reader.database, reader.user_id)
    by_project = tally.by("project")
    languages = _languages(tally)
    recent = _recent(tally)
    costs = await fetch_project_costs(reader, span)
    ai = AiAddress(span, AiFilters())
    wanted = search.casefold()
    rows = [
        ProjectRow(
            shown(name),
            part.active_ms,
            links.project_path(name, span.name),
            spans[name].last_ms if name in spans else span.start_ms,
            links.heartbeats_path(span.start_ms, span.end_ms, {"project": (name,)}),
            languages[name],
            recent[name],
            part.heartbeats,
            costs.get(shown(name)),
            ai.only("project", shown(name)),
        )
        for name, part in by_project.items()
        if wanted in name.casefold() and (part.active_ms or part.heartbeats)
    ]
    current = sort if sort in dict(SORTS) else "time"
    more = {"q": search}
    return ProjectsView(
        title=range_title(span),
        zone=reader.zone,
        now_ms=reader.now_ms,
        ranges=choices(
            span.name,
            ((key, label, "/projects" + links.query({}, range=key, sort=current, **more)) for key, label in RANGES),
        ),
        sorts=choices(
            current,
            ((key, label, "/projects" + links.query({}, range=span.name, sort=key, **more)) for key, label in SORTS),
        ),
        search=search,
        kept=(("range", span.name), ("sort", current)),
        total_ms=sum(row.ms for row in rows),
        projects=tuple(_sorted(rows, current)),
        json_href="/projects.json" + links.query({}, range=span.name, sort=current, **more),
        has_costs=any(row.cost_usd is not None for row in rows),
        is_new=not by_project and await fetch_latest(reader.database, reader.user_id) is None,
    )


def _sorted(rows: list[ProjectRow], sort: str) -> list[ProjectRow]:
    if sort == "recent":
        return sorted(rows, key=lambda row: -row.last_ms)
    if sort == "name":
        return sorted(rows, key=lambda row: row.name.casefold())
    return sorted(rows, key=lambda row: (-row.ms, row.name))


def _languages(tally: Tally) -> Mapping[str, tuple[str, ...]]:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cell in tally.cells:
        context = tally.contexts[cell.context_id]
        sums[context.project][shown(context.language)] += cell.active_ms
    return {
        project: tuple(name for name, _ in sorted(found.items(), key=lambda item: -item[1])[:_LANGUAGES_SHOWN] if name)
        for project, found in sums.items()
    }


def _recent(tally: Tally) -> Mapping[str, tuple[int, ...]]:
    """Time per day, or per week or month when the range is long."""
    days = list(tally.range.days())
    step = 1 if len(days) <= 31 else 7 if len(days) <= 120 else 30
    width = -(-len(days) // step)
    place = {day: index // step for index, day in enumerate(days)}
    found: dict[str, list[int]] = defaultdict(lambda: [0] * width)
    for day, parts in tally.by_day_and("project").items():
        for name, part in parts.items():
            if day in place:
                found[name][place[day]] += part.active_ms
    return {name: tuple(values) for name, values in found.items()}


async def compose_project(
    reader: Reader, name: str, range_name: str, first: date | None = None, last: date | None = None
) -> ProjectView:
    """One project in a range; NotFound when no heartbeat ever named it."""
    spans = await fetch_project_spans(reader.database, reader.user_id)
    if name not in spans:
        raise NotFound(f"no heartbeat names a project {name[:128]!r}")
    filters = Filters(project=(name,))
    span = await bounded(reader, read_range(reader, range_name, first, last))
    tally = await reader.tallies.fetch(reader.user_id, span, filters)
    total, by_day = tally.total(), tally.by_day()
    life = _life(reader, spans[name])
    everything = (await reader.tallies.fetch(reader.user_id, life, filters)).total()
    settings = await fetch_settings(reader.database, reader.user_id)
    sessions = await fetch_sessions(reader.database, reader.user_id, span, filters)
    link = {"project": (name,)}
    return ProjectView(
        name=shown(name),
        title=range_title(span),
        first=span.first_day,
        last=span.last_day,
        zone=span.zone,
        now_ms=reader.now_ms,
        ranges=choices(span.name, ((key, label, links.project_path(name, key)) for key, label in RANGES)),
        active_ms=total.active_ms,
        total_ms=total.lane_ms,
        agent_ms=agent_ms(tally),
        all_time_ms=everything.active_ms,
        all_time_href=links.heartbeats_path(life.start_ms, life.end_ms, link),
        heartbeats=total.heartbeats,
        first_seen_ms=spans[name].first_ms,
        last_seen_ms=spans[name].last_ms,
        active_days=sum(1 for part in by_day.values() if part.active_ms),
        bars=fold_bars(tally, "branch", "active", link, reader.week_start),
        breakdowns=await _breakdowns(reader, tally, filters),
        sessions=fold_sessions(
            list(reversed(sessions))[:_SESSIONS_SHOWN], "active", reader.now_ms, settings.timeout_ms
        ),
        range_href=links.range_path(span.name, link)
        if span.name
        else links.span_path(span.first_day, span.last_day, link),
        heartbeats_href=links.heartbeats_path(span.start_ms, span.end_ms, link),
        agents_href=links.heartbeats_path(span.start_ms, span.end_ms, {**link, **AGENTS}),
        json_href=links.project_path(name, span.name).replace("/project", "/project.json", 1),
    )


def _life(reader: Reader, known: ProjectSpan) -> TimeRange:
    """All a project ever was: to where the credit of its last heartbeat may reach."""
    return TimeRange(start_ms=known.first_ms, end_ms=max(reader.now_ms, known.last_ms + DAY_MS), zone=reader.zone)


async def _breakdowns(reader: Reader, tally: Tally, filters: Filters) -> tuple[Breakdown, ...]:
    files = await fetch_files(reader.database, reader.user_id, tally.range, filters)
    found = [
        fold_breakdown(
            dimension,
            files if dimension == "file" else tally.by(dimension),
            "active",
            tally.range,
            {"project": filters.project},
            12,
        )
        for dimension in _BREAKDOWNS
    ]
    return tuple(breakdown for breakdown in found if breakdown.items)
