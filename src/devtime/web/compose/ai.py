"""The view of the AI page: what was spent, on what, and how much is left of the running block."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import msgspec

from devtime.kernel.clock import DAY_MS
from devtime.kernel.slots import SLOT_MS
from devtime.kernel.zones import day_of, find_zone
from devtime.reports.rows import fold_all
from devtime.stats.ranges import TimeRange, days_range
from devtime.stats.usage_names import fetch_first_usage_slot
from devtime.web.compose.ai_address import AiAddress
from devtime.web.compose.ai_asking import (
    AI_DIMENSIONS,
    AiQuestion,
    PricedSums,
    as_tokens,
    fetch_costing,
    fetch_priced,
    logged_usd,
    saved_usd,
)
from devtime.web.compose.ai_beside import fold_beside
from devtime.web.compose.ai_blocks import block_filters, fetch_blocks, find_current, fold_blocks
from devtime.web.compose.ai_filtering import compose_ai_filters
from devtime.web.compose.ai_folding import (
    SESSION_PARTS,
    fold_ai_sessions,
    fold_costs,
    fold_kinds,
    fold_spend,
    fold_unpriced,
    group_sessions,
    name_of,
    sort_sessions,
)
from devtime.web.compose.folding import choices
from devtime.web.compose.range import RANGES, range_title, read_range
from devtime.web.compose.reader import Reader
from devtime.web.format import label
from devtime.web.views.ai import AiSessionRow, AiView
from devtime.web.views.parts import Choice
from devtime.wire.agents import AGENT_TOOLS
from devtime.wire.usage_sums import Part, UsageCell

PARTS: tuple[Part, ...] = ("day", "model", "agent", "project", "branch", "machine")
"""What the one question of the page is told apart by: everything on it is folded from its answer."""

MODES = (("auto", "Auto"), ("calculate", "Calculated"), ("display", "As logged"))
_STACKS = (("model", "Model"), ("agent", "Agent"), ("project", "Project"), ("machine", "Machine"))
_BESIDES = (("project", "Projects"), ("branch", "Branches"))
_BLOCKS_SHOWN = 6
_BLOCKS_LOOK_MS = 31 * DAY_MS
_SESSIONS_SHOWN = 8


async def compose_ai(reader: Reader, question: AiQuestion) -> AiView:
    """The page as it stands at the reader's instant."""
    filters = question.filters
    span = await read_ai_range(reader, question)
    address = AiAddress(span, filters, question.mode, question.stack, question.beside)
    known = await fetch_costing(reader, question.mode)
    sums = await fetch_priced(reader, filters, PARTS, span, known)
    total = fold_all(sums.cells, sums.costing)
    tally = await reader.tallies.fetch(reader.user_id, span, filters.of_time())
    is_branch = question.beside == "branch"
    beside = fold_beside(
        sums,
        tally,
        question.beside,
        lambda cell: (str(cell.names[3]), str(cell.names[4]) if is_branch else ""),
        address,
    )
    today = day_of(reader.now_ms, find_zone(reader.zone))
    previous = previous_span(span) if span.name != "all" else None
    after = _next_span(span) if previous and span.last_day < today else None
    whose = replace(address, filters=block_filters(filters, known))
    blocks = await fetch_blocks(reader, whose.filters, _recent(span, reader.now_ms), known)
    sessions, session_count = await _latest_sessions(reader, question, span, known)
    return AiView(
        range_name=span.name or "custom",
        title=range_title(span),
        first=span.first_day,
        last=span.last_day,
        zone=span.zone,
        now_ms=reader.now_ms,
        ranges=choices(span.name, ((name, text, address.named(name)) for name, text in RANGES)),
        filters=await compose_ai_filters(reader, "/ai", filters, address.kept()),
        kept=address.kept_of_days(),
        modes=mode_choices(address),
        mode=question.mode,
        cost_usd=total.cost_usd,
        logged_usd=logged_usd(sums),
        saved_usd=saved_usd(sums),
        tokens=as_tokens(total.tokens),
        time=beside.total,
        unpriced=fold_unpriced(sums, address),
        stacks=choices(question.stack, ((key, text, address.stacked(key)) for key, text in _STACKS)),
        spend=fold_spend(sums, question.stack, name_of(PARTS, question.stack), _day, address, reader.week_start),
        kinds=fold_kinds(sums, _day, address, reader.week_start),
        besides=choices(question.beside, ((key, text, address.set_beside(key)) for key, text in _BESIDES)),
        beside=beside,
        breakdowns=tuple(fold_costs(sums, each, name_of(PARTS, each), address) for each in AI_DIMENSIONS),
        blocks=fold_blocks(blocks, whose, reader.now_ms)[:_BLOCKS_SHOWN],
        sessions=sessions,
        session_count=session_count,
        events_href=address.events(span.start_ms, span.end_ms),
        sessions_href=address.at("/ai/sessions"),
        blocks_href=address.at("/ai/blocks"),
        json_href=address.at("/ai.json"),
        csv_href=address.at("/ai.csv"),
        agents=tuple(label("agent", agent) for agent in AGENT_TOOLS),
        current=find_current(blocks, whose, reader.now_ms),
        previous_usd=await _previous_usd(reader, question, previous, known) if previous else None,
        previous_href=address.moved(previous) if previous else "",
        prev_href=address.moved(previous) if previous else None,
        next_href=address.moved(after) if after else None,
        is_new=not known.costing.rates,
    )


def _recent(span: TimeRange, now_ms: int) -> TimeRange:
    """The end of a long range: only the latest blocks are shown, and the largest of them."""
    end_ms = min(span.end_ms, max(span.start_ms + 1, now_ms + 1))
    return TimeRange(start_ms=max(span.start_ms, end_ms - _BLOCKS_LOOK_MS), end_ms=end_ms, zone=span.zone)


def _day(cell: UsageCell) -> int:
    return int(cell.names[0])


def mode_choices(address: AiAddress, path: str = "/ai", **more: str) -> tuple[Choice, ...]:
    """The ways to tell costs."""
    return choices(address.mode, ((key, text, address.in_mode(key, path, **more)) for key, text in MODES))


async def read_ai_range(reader: Reader, question: AiQuestion) -> TimeRange:
    """The range of days meant; `all` begins with the first usage."""
    span = read_range(reader, question.name, question.first, question.last)
    if span.name != "all":
        return span
    slot = await fetch_first_usage_slot(reader.database, reader.user_id)
    first = span.last_day if slot is None else day_of(slot * SLOT_MS, find_zone(reader.zone))
    return days_range(first, max(first, span.last_day), reader.zone, "all")


def previous_span(span: TimeRange) -> TimeRange:
    """As many days before."""
    days = (span.last_day - span.first_day).days + 1
    return days_range(span.first_day - timedelta(days=days), span.first_day - timedelta(days=1), span.zone)


def _next_span(span: TimeRange) -> TimeRange:
    days = (span.last_day - span.first_day).days + 1
    return days_range(span.last_day + timedelta(days=1), span.last_day + timedelta(days=days), span.zone)


async def _latest_sessions(
    reader: Reader, question: AiQuestion, span: TimeRange, known: PricedSums
) -> tuple[tuple[AiSessionRow, ...], int]:
    """The latest of them, and how many there are. Only those few are asked for in full."""
    brief = await fetch_priced(reader, question.filters, SESSION_PARTS[:2], span, known)
    groups = sort_sessions(brief, group_sessions(brief), "recent")
    names = tuple(str(cells[0].names[1]) for cells in groups[:_SESSIONS_SHOWN])
    if not names:
        return (), 0
    filters = msgspec.structs.replace(question.filters, session=names)
    full = await fetch_priced(reader, filters, SESSION_PARTS, span, known)
    found = sort_sessions(full, group_sessions(full), "recent")[:_SESSIONS_SHOWN]
    return tuple(fold_ai_sessions(full, found, question.mode)), len(groups)


async def _previous_usd(reader: Reader, question: AiQuestion, span: TimeRange, known: PricedSums) -> Decimal | None:
    sums = await fetch_priced(reader, question.filters, (), span, known)
    total = fold_all(sums.cells, sums.costing)
    return total.cost_usd if total.tokens.events else None
