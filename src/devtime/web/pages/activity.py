"""The pages of time: the day, ranges, projects, heartbeats; each with its `.json` twin from the same view."""

from __future__ import annotations

from dataclasses import replace

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from devtime.kernel.zones import day_of, find_zone
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.compose.day import compose_day
from devtime.web.compose.folding import Stack, read_count
from devtime.web.compose.heartbeats import compose_heartbeats
from devtime.web.compose.projects import compose_project, compose_projects
from devtime.web.compose.range import STACKS, RangeQuestion, compose_range
from devtime.web.compose.widgets import compose_widgets
from devtime.web.pages.frame import (
    Page,
    answer_html,
    answer_json,
    chrome_of,
    go_to,
    read_day,
    read_filters,
    read_page,
    read_span,
    read_word,
    reader_of,
)
from devtime.web.views.day import DayView


@get(["/", "/overview.json"])
async def show_today(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Today, live, and the widgets."""
    reader = reader_of(parts, identity)
    today = day_of(reader.now_ms, find_zone(reader.zone))
    day = await compose_day(reader, today, read_count(read_word(request, "count")))
    view = replace(day, widgets=await compose_widgets(reader))
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("day", view, chrome_of(request, identity, is_live=True))


@get("/dashboard")
async def go_to_today() -> Page:
    """Where CodeTrackr's extensions send people."""
    return go_to("/")


@get("/day")
async def pick_day(request: AnyRequest) -> Page:
    """The day's page of a date picked in a form."""
    return go_to(f"/day/{read_day(read_word(request, 'date'), 'date')}")


@get("/day/{day:str}")
async def show_day(
    request: AnyRequest, day: FromPath[str], parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """One day; `/day/2025-01-15.json` as data."""
    reader = reader_of(parts, identity)
    when = read_day(day.removesuffix(".json"), "day")
    view: DayView = await compose_day(reader, when, read_count(read_word(request, "count")))
    if day.endswith(".json"):
        return answer_json(view)
    return answer_html("day", view, chrome_of(request, identity, is_live=view.is_today))


@get(["/range", "/range.json"])
async def show_range(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """A range of days, filtered and stacked as asked."""
    view = await compose_range(reader_of(parts, identity), _range_question(request))
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("range", view, chrome_of(request, identity, is_live=True))


def _range_question(request: AnyRequest) -> RangeQuestion:
    start, end = read_word(request, "start"), read_word(request, "end")
    first = read_day(start or end, "start") if start or end else None
    return RangeQuestion(
        name=read_word(request, "range", "week") or "week",
        first=first,
        last=read_day(end, "end") if end else None,
        filters=read_filters(request),
        stack=_read_stack(read_word(request, "stack", "project")),
        count=read_count(read_word(request, "count")),
    )


def _read_stack(word: str) -> Stack:
    known: dict[str, Stack] = {stack: stack for stack in STACKS}
    return known.get(word, "project")


@get(["/projects", "/projects.json"])
async def show_projects(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """All projects with activity in a range."""
    view = await compose_projects(
        reader_of(parts, identity),
        read_word(request, "range", "30d") or "30d",
        read_word(request, "sort", "time"),
        read_word(request, "q"),
    )
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("projects", view, chrome_of(request, identity))


@get(["/project", "/project.json"])
async def show_project(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """One project, `?name=…`."""
    view = await compose_project(
        reader_of(parts, identity), read_word(request, "name"), read_word(request, "range", "30d") or "30d"
    )
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("project", view, chrome_of(request, identity))


@get(["/heartbeats", "/heartbeats.json"])
async def show_heartbeats(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Raw heartbeats of a stretch of time: where every number ends up."""
    reader = reader_of(parts, identity)
    span = read_span(request, reader.now_ms, reader.zone)
    view = await compose_heartbeats(reader, span, read_filters(request), read_page(request), read_word(request, "file"))
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("heartbeats", view, chrome_of(request, identity))
