"""Made-up views of the pages below the AI page."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from devtime.kernel.clock import HOUR_MS, MINUTE_MS
from devtime.web import links
from devtime.web.views.ai import Tokens
from devtime.web.views.ai_pages import (
    AiSessionView,
    BlocksView,
    CostTerm,
    EventRow,
    EventsView,
    Pager,
    SessionsView,
    Slice,
)
from devtime.wire.usage import NANO
from samples.activity import NOW_MS, RANGES, ZONE, make_choices
from samples.ai import EVENTS, MODES, agents_of, make_blocks, make_costs, make_filters, make_sessions, models_of
from samples.names import HOSTILE, Names


def make_terms(names: Names) -> tuple[CostTerm, ...]:
    """The arithmetic of two models, a search, and one whose log tells the cost."""
    first, *others = models_of(names)
    return (
        CostTerm("cache read", 12_345, Decimal("0.5"), Decimal("0.0061725"), source="list", model=first),
        CostTerm("output", 412, Decimal(25), Decimal("0.0103"), None, ("fast × 6", HOSTILE[1]), "list", first),
        CostTerm("web search", 2, Decimal(0), Decimal("0.02"), Decimal("0.01"), (), "list", first),
        CostTerm("as its log tells", 900, Decimal(0), Decimal("0.1"), model=others[0]),
    )


def make_event_rows(names: Names, count: int = 12) -> tuple[EventRow, ...]:
    """Responses, newest first: computed, logged, and without a price."""
    agents, models, terms = agents_of(names), models_of(names), make_terms(names)
    return tuple(
        EventRow(
            time_ms=NOW_MS - order * 7 * HOUR_MS,
            agent=agents[order % len(agents)],
            model=models[order % len(models)],
            project=names.projects[order % len(names.projects)],
            branch=names.branches[order % len(names.branches)],
            machine=names.machines[0],
            session="s",
            tokens=Tokens(3, 5_478, 12_345, 412, 100, 1),
            terms=() if order % 4 == 3 else terms[:3],
            cost_usd=None if order % 4 == 3 else Decimal("0.0364725"),
            logged_usd=Decimal("0.1") if order % 4 == 1 else None,
            is_logged=order % 4 == 1,
            is_sidechain=order % 3 == 0,
            session_href=links.ai_session_path("claude", "s"),
        )
        for order in range(count)
    )


PAGER = Pager(2, 5, EVENTS, EVENTS, EVENTS, EVENTS)


def make_ai_events(names: Names) -> EventsView:
    """A page of responses, the second of five."""
    return EventsView(
        zone=ZONE,
        now_ms=NOW_MS,
        start_ms=NOW_MS - 90 * HOUR_MS,
        end_ms=NOW_MS,
        filters=make_filters(names, "/ai/events"),
        modes=make_choices("auto", *MODES),
        mode="calculate",
        tokens=Tokens(3, 5_478, 12_345, 412, 100, 60),
        cost_usd=Decimal("0.1364725"),
        logged_usd=Decimal("0.1"),
        is_unpriced=True,
        page_usd=Decimal("0.1"),
        models=make_costs(names, "model", "Models", Decimal("0.1364725")),
        terms=make_terms(names),
        rows=make_event_rows(names),
        pager=PAGER,
        json_href="/ai/events.json",
        csv_href="/ai/events.csv",
    )


def make_ai_sessions(names: Names) -> SessionsView:
    """A page of sessions."""
    return SessionsView(
        title="Last 30 days",
        zone=ZONE,
        now_ms=NOW_MS,
        ranges=make_choices("30d", *RANGES),
        sorts=make_choices("recent", ("recent", "Latest"), ("cost", "Dearest")),
        filters=make_filters(names, "/ai/sessions"),
        cost_usd=Decimal("412.80"),
        session_count=83,
        rows=make_sessions(names, 40),
        pager=PAGER,
        json_href="/ai/sessions.json",
        csv_href="/ai/sessions.csv",
        ai_href="/ai",
    )


def make_ai_blocks(names: Names) -> BlocksView:
    """Blocks of a month."""
    return BlocksView(
        title="Last 30 days",
        zone=ZONE,
        now_ms=NOW_MS,
        ranges=make_choices("30d", *RANGES),
        filters=make_filters(names, "/ai/blocks", chosen=False),
        rows=make_blocks(names),
        pager=Pager(1, 1),
        json_href="/ai/blocks.json",
        ai_href="/ai",
    )


def make_ai_session(names: Names) -> AiSessionView:
    """One session of two hours."""
    random = Random(9)
    models = models_of(names)
    slices = tuple(
        Slice(
            NOW_MS - (60 - place) * 2 * MINUTE_MS,
            NOW_MS - (59 - place) * 2 * MINUTE_MS,
            tuple((model, random.randrange(NANO) >> order) for order, model in enumerate(models[:2])),
            4,
            EVENTS,
        )
        if place % 5
        else Slice(NOW_MS - (60 - place) * 2 * MINUTE_MS, NOW_MS - (59 - place) * 2 * MINUTE_MS, (), 0, EVENTS)
        for place in range(60)
    )
    total = sum((Decimal(amount) / NANO for each in slices for _, amount in each.parts), Decimal(0))
    return AiSessionView(
        agent=agents_of(names)[0],
        session=names.projects[0],
        project=names.projects[0],
        branch=names.branches[0],
        machines=names.machines[:2],
        zone=ZONE,
        now_ms=NOW_MS,
        first_ms=slices[0].start_ms,
        last_ms=NOW_MS,
        modes=make_choices("auto", *MODES),
        mode="auto",
        cost_usd=total,
        logged_usd=Decimal(0),
        is_unpriced=False,
        tokens=Tokens(3_000, 500_000, 12_000_000, 41_200, 1_000, 240),
        sidechain_usd=Decimal("1.1"),
        sidechain_events=31,
        slices=slices,
        breakdowns=(make_costs(names, "model", "Models", total), make_costs(names, "branch", "Branches", total)),
        terms=make_terms(names),
        rows=make_event_rows(names),
        events_href=EVENTS,
        json_href="/ai/session.json",
        time_href="/heartbeats",
        saved_usd=Decimal("41.2"),
    )
