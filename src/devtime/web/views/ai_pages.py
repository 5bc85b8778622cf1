"""The pages below the AI page: sessions, one session, single events, blocks; each with its `.json` twin."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from devtime.web.views.ai import AiSessionRow, BlockRow, CostBreakdown, Tokens
from devtime.web.views.parts import Choice, FilterBar


@dataclass(frozen=True, slots=True)
class Pager:
    """Which page this is, and the addresses of its neighbours."""

    number: int
    count: int
    first_href: str | None = None
    prev_href: str | None = None
    next_href: str | None = None
    last_href: str | None = None


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One line of arithmetic: `tokens` × `usd_per_million` = `cost_usd`; a web search has `usd_each` instead.

    `notes` say what made the price what it is; `model` is set where lines of several models stand together.
    """

    what: str
    tokens: int
    usd_per_million: Decimal
    cost_usd: Decimal
    usd_each: Decimal | None = None
    notes: tuple[str, ...] = ()
    source: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One response of a model with the arithmetic of its cost. `cost_usd` is None when nobody knows its price;
    `logged_usd` is what its log told (None: nothing), `is_logged` whether that is what counts here.
    """

    time_ms: int
    agent: str
    model: str
    project: str
    branch: str
    machine: str
    session: str
    tokens: Tokens
    terms: tuple[CostTerm, ...]
    cost_usd: Decimal | None
    logged_usd: Decimal | None
    is_logged: bool
    is_sidechain: bool
    session_href: str


@dataclass(frozen=True, slots=True)
class EventsView:
    """Events of `[start_ms, end_ms)` that pass the filters, one page of them, newest first.

    `cost_usd` and `tokens` are those of all of them, of which `page_usd` is on this page.
    """

    zone: str
    now_ms: int
    start_ms: int
    end_ms: int
    filters: FilterBar
    modes: tuple[Choice, ...]
    mode: str
    tokens: Tokens
    cost_usd: Decimal
    logged_usd: Decimal
    is_unpriced: bool
    page_usd: Decimal
    models: CostBreakdown
    terms: tuple[CostTerm, ...]
    rows: tuple[EventRow, ...]
    pager: Pager
    json_href: str
    csv_href: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class SessionsView:
    """All sessions of a range that pass the filters, by `sorts`."""

    title: str
    zone: str
    now_ms: int
    ranges: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    filters: FilterBar
    cost_usd: Decimal
    session_count: int
    rows: tuple[AiSessionRow, ...]
    pager: Pager
    json_href: str
    csv_href: str
    ai_href: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class BlocksView:
    """All blocks of a range, newest first, gaps among them."""

    title: str
    zone: str
    now_ms: int
    ranges: tuple[Choice, ...]
    filters: FilterBar
    rows: tuple[BlockRow, ...]
    pager: Pager
    json_href: str
    ai_href: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of a session's time: its cost by model, in billionths of a dollar, and its events."""

    start_ms: int
    end_ms: int
    parts: tuple[tuple[str, int], ...]
    events: int
    href: str


@dataclass(frozen=True, slots=True)
class AiSessionView:
    """One session: what it cost over its time, and how the cost comes about; `breakdowns` are of several names each."""

    agent: str
    session: str
    project: str
    branch: str
    machines: tuple[str, ...]
    zone: str
    now_ms: int
    first_ms: int
    last_ms: int
    modes: tuple[Choice, ...]
    mode: str
    cost_usd: Decimal
    logged_usd: Decimal
    is_unpriced: bool
    tokens: Tokens
    sidechain_usd: Decimal
    sidechain_events: int
    slices: tuple[Slice, ...]
    breakdowns: tuple[CostBreakdown, ...]
    terms: tuple[CostTerm, ...]
    rows: tuple[EventRow, ...]
    events_href: str
    json_href: str
    time_href: str
    saved_usd: Decimal | None = None
