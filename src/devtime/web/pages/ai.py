"""The pages of AI usage: overview, events, sessions, blocks; each with its `.json` twin from the same view."""

from __future__ import annotations

from typing import Literal, cast

from litestar import get
from litestar.di import NamedDependency

from devtime.kernel.errors import Invalid
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.compose.ai import compose_ai
from devtime.web.compose.ai_asking import AI_DIMENSIONS, AI_FILTERS, AiFilters, AiQuestion, read_mode
from devtime.web.compose.ai_block_list import compose_ai_blocks
from devtime.web.compose.ai_events import compose_ai_events
from devtime.web.compose.ai_sessions import compose_ai_session, compose_ai_sessions
from devtime.web.pages.frame import (
    Page,
    answer_html,
    answer_json,
    chrome_of,
    read_day,
    read_page,
    read_span,
    read_word,
    reader_of,
)
from devtime.web.views.ai import AiDimension
from devtime.wire.agents import agent_of
from devtime.wire.text import clean

_MOST_NAMES = 100


@get(["/ai", "/ai.json"])
async def show_ai(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """What was spent, on what, and how much is left."""
    view = await compose_ai(reader_of(parts, identity), read_ai_question(request))
    if _wants_json(request):
        return answer_json(view)
    return answer_html("ai", view, chrome_of(request, identity, is_live=True))


@get(["/ai/events", "/ai/events.json"])
async def show_events(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Single responses with the arithmetic of their cost: where every cost ends up."""
    reader = reader_of(parts, identity)
    span = read_span(request, reader.now_ms, reader.zone)
    mode = read_mode(read_word(request, "mode"))
    view = await compose_ai_events(reader, span, read_ai_filters(request), mode, read_page(request))
    if _wants_json(request):
        return answer_json(view)
    return answer_html("ai/events", view, chrome_of(request, identity))


@get(["/ai/sessions", "/ai/sessions.json"])
async def show_sessions(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """All conversations of a range."""
    view = await compose_ai_sessions(
        reader_of(parts, identity), read_ai_question(request), read_word(request, "sort"), read_page(request)
    )
    if _wants_json(request):
        return answer_json(view)
    return answer_html("ai/sessions", view, chrome_of(request, identity, is_live=True))


@get(["/ai/session", "/ai/session.json"])
async def show_session(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """One conversation, `?agent=…&session=…`."""
    filters = read_ai_filters(request)
    view = await compose_ai_session(
        reader_of(parts, identity), _one(filters.agent), _one(filters.session), read_mode(read_word(request, "mode"))
    )
    if _wants_json(request):
        return answer_json(view)
    return answer_html("ai/session", view, chrome_of(request, identity, is_live=True))


@get(["/ai/blocks", "/ai/blocks.json"])
async def show_blocks(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """All blocks of a range."""
    view = await compose_ai_blocks(reader_of(parts, identity), read_ai_question(request), read_page(request))
    if _wants_json(request):
        return answer_json(view)
    return answer_html("ai/blocks", view, chrome_of(request, identity, is_live=True))


def read_ai_question(request: AnyRequest) -> AiQuestion:
    """What the address asks for; the last 30 days unless it says otherwise."""
    start, end = read_word(request, "start"), read_word(request, "end")
    return AiQuestion(
        name=read_word(request, "range", "30d") or "30d",
        first=read_day(start or end, "start") if start or end else None,
        last=read_day(end, "end") if end else None,
        filters=read_ai_filters(request),
        mode=read_mode(read_word(request, "mode")),
        stack=_read_stack(read_word(request, "stack")),
        beside=_read_beside(read_word(request, "beside")),
    )


def read_ai_filters(request: AnyRequest) -> AiFilters:
    """The filters in the query, each any number of times; empty values are ignored, tools are understood as agents."""
    found = {name: _names(request, name) for name in AI_FILTERS}
    found["agent"] = tuple(agent_of(name) for name in found["agent"])
    return AiFilters(**found)


def _names(request: AnyRequest, field: str) -> tuple[str, ...]:
    values = cast("list[str]", request.query_params.getall(field, []))
    if len(values) > _MOST_NAMES:
        raise Invalid(field, f"is given more than {_MOST_NAMES} times")
    return tuple(dict.fromkeys(name for name in (clean(value, field) for value in values) if name))


def _one(names: tuple[str, ...]) -> str:
    return names[0] if names else "Unknown"


def _read_stack(word: str) -> AiDimension:
    known: dict[str, AiDimension] = {each: each for each in AI_DIMENSIONS}
    return known.get(word, "model")


def _read_beside(word: str) -> Literal["project", "branch"]:
    return "branch" if word == "branch" else "project"


def _wants_json(request: AnyRequest) -> bool:
    return request.url.path.endswith(".json")
