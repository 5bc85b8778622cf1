"""The view of single AI responses: one page of a stretch of time, each with the arithmetic of its cost."""

from __future__ import annotations

from decimal import Decimal

from devtime.kernel.clock import to_rfc3339
from devtime.pricing.calculate import Mode
from devtime.reports.rows import fold_all
from devtime.stats.ranges import TimeRange
from devtime.stats.usage import fetch_events
from devtime.stats.usage_costs import cell_of_event
from devtime.web import links
from devtime.web.compose.ai import MODES
from devtime.web.compose.ai_address import AiAddress
from devtime.web.compose.ai_arithmetic import event_terms, sum_terms
from devtime.web.compose.ai_asking import AiFilters, PricedSums, as_tokens, fetch_costing, fetch_priced, logged_usd
from devtime.web.compose.ai_filtering import compose_ai_filters
from devtime.web.compose.ai_folding import fold_costs, list_events, name_of
from devtime.web.compose.ai_paging import make_pager
from devtime.web.compose.folding import choices
from devtime.web.compose.reader import Reader
from devtime.web.views.ai_pages import EventRow, EventsView
from devtime.wire.usage import NANO
from devtime.wire.usage_batch import MachineEvent
from devtime.wire.usage_sums import Part, PriceEdges

PER_PAGE = 50
_PARTS: tuple[Part, ...] = ("model",)


async def compose_ai_events(reader: Reader, span: TimeRange, filters: AiFilters, mode: Mode, page: int) -> EventsView:
    """Page `page` (from 1) of the events of the span."""
    known = await fetch_costing(reader, mode)
    sums = await fetch_priced(reader, filters, _PARTS, span, known)
    total = fold_all(sums.cells, sums.costing)
    rows = await fetch_event_rows(reader, span, filters, known, (page - 1) * PER_PAGE, PER_PAGE)
    dates = {"start": to_rfc3339(span.start_ms), "end": to_rfc3339(span.end_ms)}
    chosen, shown_mode = filters.linked(), "" if mode == "auto" else mode

    def address(number: int = 1, path: str = "/ai/events", way: str = shown_mode) -> str:
        return path + links.query(chosen, **dates, mode=way, page="" if number == 1 else str(number))

    kept = (*dates.items(), *((("mode", shown_mode),) if shown_mode else ()))
    return EventsView(
        zone=reader.zone,
        now_ms=reader.now_ms,
        start_ms=span.start_ms,
        end_ms=span.end_ms,
        filters=await compose_ai_filters(reader, "/ai/events", filters, kept),
        modes=choices(mode, ((key, text, address(way="" if key == "auto" else key)) for key, text in MODES)),
        mode=mode,
        tokens=as_tokens(total.tokens),
        cost_usd=total.cost_usd,
        logged_usd=logged_usd(sums),
        is_unpriced=total.is_unpriced,
        page_usd=sum((row.cost_usd or Decimal(0) for row in rows), Decimal(0)),
        models=list_events(
            fold_costs(sums, "model", name_of(_PARTS, "model"), AiAddress(span, filters, shown_mode or "auto"))
        ),
        terms=sum_terms(sums),
        rows=rows,
        pager=make_pager(page, total.tokens.events, PER_PAGE, address),
        json_href=address(page, "/ai/events.json"),
        csv_href=address(1, "/ai/events.csv"),
        is_new=not known.costing.rates,
    )


async def fetch_event_rows(
    reader: Reader, span: TimeRange, filters: AiFilters, known: PricedSums, offset: int, limit: int
) -> tuple[EventRow, ...]:
    """Some of the events of the span, newest first, each with its arithmetic."""
    question = filters.question(span.zone)
    told = await fetch_events(reader.database, reader.user_id, question, span, offset=offset, limit=limit)
    edges = known.costing.edges
    shown_mode = "" if known.costing.mode == "auto" else known.costing.mode
    return tuple(_row(each, known, edges, shown_mode) for each in told if each.event.rate.id in known.costing.rates)


def _row(told: MachineEvent, known: PricedSums, edges: PriceEdges, shown_mode: str) -> EventRow:
    event = told.event
    cell = cell_of_event(event, edges)
    cost, card = known.cost(cell), known.cards.get(cell.rate_id)
    is_logged = known.is_logged(cell)
    return EventRow(
        time_ms=event.time_ms,
        agent=event.agent,
        model=event.model,
        project=event.project,
        branch=event.branch,
        machine=told.machine,
        session=event.session,
        tokens=as_tokens(cell.tokens),
        terms=event_terms(event, card) if card else (),
        cost_usd=cost.usd if cost.is_priced else None,
        logged_usd=None if event.cost_nusd is None else Decimal(event.cost_nusd) / NANO,
        is_logged=is_logged,
        is_sidechain=event.is_sidechain,
        session_href=links.ai_session_path(event.agent, event.session, shown_mode),
    )
