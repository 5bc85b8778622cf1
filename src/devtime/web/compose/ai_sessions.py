"""The views of conversations with agents: their list, and one of them over its time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from devtime.kernel.clock import DAY_MS, MINUTE_MS
from devtime.kernel.errors import NotFound
from devtime.pricing.calculate import Mode
from devtime.reports.rows import fold_all, model_label
from devtime.stats.ranges import TimeRange, named_range
from devtime.stats.usage import fetch_events
from devtime.stats.usage_costs import cell_of_event
from devtime.web import links
from devtime.web.compose.ai import MODES, read_ai_range
from devtime.web.compose.ai_address import AiAddress
from devtime.web.compose.ai_arithmetic import sum_terms
from devtime.web.compose.ai_asking import (
    AiFilters,
    AiQuestion,
    PricedSums,
    as_tokens,
    fetch_costing,
    fetch_priced,
    logged_usd,
    saved_usd,
)
from devtime.web.compose.ai_events import fetch_event_rows
from devtime.web.compose.ai_filtering import compose_ai_filters
from devtime.web.compose.ai_folding import (
    SESSION_PARTS,
    fold_ai_sessions,
    fold_costs,
    group_sessions,
    list_events,
    name_of,
    sort_sessions,
)
from devtime.web.compose.ai_paging import make_pager
from devtime.web.compose.folding import choices
from devtime.web.compose.range import RANGES, range_title
from devtime.web.compose.reader import Reader
from devtime.web.views.ai import AiDimension
from devtime.web.views.ai_pages import AiSessionView, SessionsView, Slice
from devtime.wire.usage import NANO
from devtime.wire.usage_batch import MachineEvent
from devtime.wire.usage_sums import Part

SORTS = (("recent", "Latest"), ("cost", "Cost"), ("tokens", "Tokens"), ("time", "Time"))
PER_PAGE = 40
_PARTS: tuple[Part, ...] = ("slot", "model", "project", "branch", "machine", "sidechain")
_BREAKDOWNS: tuple[AiDimension, ...] = ("model", "branch", "machine")
_EVENTS_SHOWN = 20
_MOST_EVENTS = 20_000
_SLICES = 60
_STEPS_MS = tuple(minutes * MINUTE_MS for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440))


async def compose_ai_sessions(reader: Reader, question: AiQuestion, sort: str, page: int) -> SessionsView:
    """All sessions of a range, sorted, one page of them."""
    span = await read_ai_range(reader, question)
    address = AiAddress(span, question.filters, question.mode)
    known = await fetch_costing(reader, question.mode)
    sums = await fetch_priced(reader, question.filters, SESSION_PARTS, span, known)
    groups = sort_sessions(sums, group_sessions(sums), sort)
    current = sort if sort in dict(SORTS) else "recent"
    sorted_by = "" if current == "recent" else current

    def at(number: int = 1, path: str = "/ai/sessions", by: str = sorted_by) -> str:
        return address.at(path, sort="" if by == "recent" else by, page="" if number == 1 else str(number))

    kept = (*address.kept(), *((("sort", sorted_by),) if sorted_by else ()))
    return SessionsView(
        title=range_title(span),
        zone=span.zone,
        now_ms=reader.now_ms,
        ranges=choices(
            span.name, ((name, text, address.named(name, "/ai/sessions", sort=sorted_by)) for name, text in RANGES)
        ),
        sorts=choices(current, ((key, text, at(by=key)) for key, text in SORTS)),
        filters=await compose_ai_filters(reader, "/ai/sessions", question.filters, kept),
        cost_usd=sum((sums.cost(cell).usd for cell in sums.cells), Decimal(0)),
        session_count=len(groups),
        rows=tuple(fold_ai_sessions(sums, groups[(page - 1) * PER_PAGE : page * PER_PAGE], question.mode)),
        pager=make_pager(page, len(groups), PER_PAGE, at),
        json_href=at(page, "/ai/sessions.json"),
        csv_href=at(1, "/ai/sessions.csv"),
        ai_href=address.at(),
        is_new=not known.costing.rates,
    )


async def compose_ai_session(reader: Reader, agent: str, session: str, mode: Mode) -> AiSessionView:
    """One session; NotFound when no event is of it."""
    filters = AiFilters(agent=(agent,), session=(session,))
    known = await fetch_costing(reader, mode)
    ever = named_range("all", reader.now_ms, reader.zone)
    # A machine whose clock runs ahead may have told of events to come.
    ever = TimeRange(start_ms=ever.start_ms, end_ms=ever.end_ms + 2 * DAY_MS, zone=reader.zone)
    found = await fetch_priced(reader, filters, (), ever, known)
    total = fold_all(found.cells, found.costing)
    if not total.tokens.events:
        raise NotFound("no AI response is of this session")
    span = TimeRange(start_ms=total.first_ms, end_ms=total.last_ms + 1, zone=reader.zone)
    sums = await fetch_priced(reader, filters, _PARTS, span, known)
    address = AiAddress(span, filters, mode)
    whole = await fetch_priced(reader, filters, SESSION_PARTS, span, known)
    [row, *_] = fold_ai_sessions(whole, group_sessions(whole), mode)
    aside = [cell for cell in sums.cells if cell.names[5]]
    told = await fetch_events(reader.database, reader.user_id, filters.question(reader.zone), span, limit=_MOST_EVENTS)
    breakdowns = (list_events(fold_costs(sums, each, name_of(_PARTS, each), address, 6)) for each in _BREAKDOWNS)
    way = "" if mode == "auto" else mode
    return AiSessionView(
        agent=agent,
        session=session,
        project=row.project,
        branch=row.branch,
        machines=tuple(sorted({str(cell.names[4]) for cell in sums.cells})),
        zone=reader.zone,
        now_ms=reader.now_ms,
        first_ms=total.first_ms,
        last_ms=total.last_ms,
        modes=choices(
            mode,
            ((key, text, links.ai_session_path(agent, session, "" if key == "auto" else key)) for key, text in MODES),
        ),
        mode=mode,
        cost_usd=total.cost_usd,
        logged_usd=logged_usd(sums),
        is_unpriced=total.is_unpriced,
        tokens=as_tokens(total.tokens),
        sidechain_usd=sum((sums.cost(cell).usd for cell in aside), Decimal(0)),
        sidechain_events=sum(cell.tokens.events for cell in aside),
        slices=cut_session(told, known, address),
        breakdowns=tuple(each for each in breakdowns if len(each.items) > 1),
        terms=sum_terms(sums),
        rows=await fetch_event_rows(reader, span, filters, known, 0, _EVENTS_SHOWN),
        events_href=address.events(span.start_ms, span.end_ms),
        json_href=links.ai_session_path(agent, session, way).replace("/ai/session", "/ai/session.json", 1),
        time_href=links.heartbeats_path(span.start_ms, span.end_ms, {"project": (row.project,)}),
        saved_usd=saved_usd(sums),
    )


def cut_session(told: Sequence[MachineEvent], known: PricedSums, address: AiAddress) -> tuple[Slice, ...]:
    """The events cut into equal stretches of round minutes from the first to the last."""
    events = [each.event for each in told if each.event.rate.id in known.costing.rates]
    if not events:
        return ()
    first_ms, last_ms = min(event.time_ms for event in events), max(event.time_ms for event in events)
    least_ms = (last_ms - first_ms) / (_SLICES - 1)
    days = -(-int(least_ms) // _STEPS_MS[-1])
    step_ms = next((step for step in _STEPS_MS if step >= least_ms), _STEPS_MS[-1] * days)
    start_ms = first_ms // step_ms * step_ms
    rows: dict[int, dict[str, int]] = defaultdict(dict)
    counts: dict[int, int] = defaultdict(int)
    edges = known.costing.edges
    for event in events:
        place = (event.time_ms - start_ms) // step_ms
        cost = known.cost(cell_of_event(event, edges))
        model = model_label(event.rate)
        rows[place][model] = rows[place].get(model, 0) + int(cost.usd * NANO)
        counts[place] += 1
    return tuple(
        Slice(
            start_ms + place * step_ms,
            start_ms + (place + 1) * step_ms,
            tuple(sorted(rows[place].items())) if place in rows else (),
            counts.get(place, 0),
            address.events(start_ms + place * step_ms, start_ms + (place + 1) * step_ms),
        )
        for place in range((last_ms - start_ms) // step_ms + 1)
    )
