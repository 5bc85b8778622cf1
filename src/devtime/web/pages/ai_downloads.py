"""AI usage to take away as CSV: what the page of the same name shows, with exact numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from devtime.activity.exporters import csv_row
from devtime.kernel.clock import to_rfc3339
from devtime.kernel.zones import date_of_day
from devtime.reports.rows import fold
from devtime.server.downloads import attachment
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.stats.ranges import TimeRange
from devtime.web.compose.ai import PARTS, read_ai_range
from devtime.web.compose.ai_asking import AiFilters, PricedSums, as_tokens, fetch_costing, fetch_priced, read_mode
from devtime.web.compose.ai_events import fetch_event_rows
from devtime.web.compose.ai_folding import SESSION_PARTS, fold_ai_sessions, group_sessions, sort_sessions
from devtime.web.compose.reader import Reader
from devtime.web.pages.ai import read_ai_filters, read_ai_question
from devtime.web.pages.frame import read_span, read_word, reader_of
from devtime.web.views.ai import Tokens

_ROWS = 1_000
_TOKENS = ("input_tokens", "cache_write_tokens", "cache_read_tokens", "output_tokens", "total_tokens")


@get("/ai.csv")
async def download_usage(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Stream:
    """The range's usage by day, model, agent, project, branch and machine."""
    reader, question = reader_of(parts, identity), read_ai_question(request)
    span = await read_ai_range(reader, question)
    known = await fetch_costing(reader, question.mode)
    sums = await fetch_priced(reader, question.filters, PARTS, span, known)
    return attachment(_usage(sums), "devtime-ai.csv", "text/csv")


async def _usage(sums: PricedSums) -> AsyncIterator[bytes]:
    yield csv_row((*PARTS, "responses", *_TOKENS, "cost_usd", "is_unpriced"))
    rows = fold(sums.cells, sums.costing, lambda cell, _rate: cell.names)
    for row in sorted(rows, key=lambda row: [str(name) for name in row.name]):
        day, *names = row.name
        tokens = as_tokens(row.tokens)
        told = (date_of_day(int(day)).isoformat(), *map(str, names), str(tokens.events), *_spell(tokens))
        yield csv_row((*told, f"{row.cost_usd:f}", str(row.is_unpriced).lower()))


@get("/ai/sessions.csv")
async def download_sessions(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Stream:
    """All sessions of the range."""
    reader, question = reader_of(parts, identity), read_ai_question(request)
    span = await read_ai_range(reader, question)
    known = await fetch_costing(reader, question.mode)
    sums = await fetch_priced(reader, question.filters, SESSION_PARTS, span, known)
    return attachment(_sessions(sums, read_word(request, "sort")), "devtime-ai-sessions.csv", "text/csv")


async def _sessions(sums: PricedSums, sort: str) -> AsyncIterator[bytes]:
    heads = ("agent", "session", "first", "last", "project", "branch", "machine", "models", "responses", "tokens")
    yield csv_row((*heads, "cost_usd", "is_unpriced"))
    for row in fold_ai_sessions(sums, sort_sessions(sums, group_sessions(sums), sort), sums.costing.mode):
        when = (to_rfc3339(row.first_ms), to_rfc3339(row.last_ms))
        where = (row.project, row.branch, row.machine, " ".join(row.models))
        counted = (str(row.events), str(row.tokens), f"{row.cost_usd:f}", str(row.is_unpriced).lower())
        yield csv_row((row.agent, row.session, *when, *where, *counted))


@get("/ai/events.csv")
async def download_events(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Stream:
    """All responses of a stretch of time, each with its cost; an empty cost is one nobody knows."""
    reader = reader_of(parts, identity)
    span = read_span(request, reader.now_ms, reader.zone)
    known = await fetch_costing(reader, read_mode(read_word(request, "mode")))
    return attachment(_events(reader, span, read_ai_filters(request), known), "devtime-ai-events.csv", "text/csv")


async def _events(reader: Reader, span: TimeRange, filters: AiFilters, known: PricedSums) -> AsyncIterator[bytes]:
    heads = ("time", "agent", "model", "project", "branch", "machine", "session")
    yield csv_row((*heads, *_TOKENS, "cost_usd", "is_cost_logged"))
    offset = 0
    while rows := await fetch_event_rows(reader, span, filters, known, offset, _ROWS):
        for row in rows:
            told = (row.agent, row.model, row.project, row.branch, row.machine, row.session)
            cost = "" if row.cost_usd is None else f"{row.cost_usd:f}"
            yield csv_row((to_rfc3339(row.time_ms), *told, *_spell(row.tokens), cost, str(row.is_logged).lower()))
        offset += _ROWS


def _spell(tokens: Tokens) -> Sequence[str]:
    counts = (tokens.input, tokens.cache_write, tokens.cache_read, tokens.output, tokens.total)
    return [str(count) for count in counts]
