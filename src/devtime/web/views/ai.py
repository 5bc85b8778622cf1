"""The AI page (`/ai`) and what it shares with the pages below it: costs, tokens, blocks, and time beside cost.

Costs are US dollars as exact decimals. Where nobody knows the price of some of the tokens, `is_unpriced` is set and the
cost is too low by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from devtime.web.views.parts import Choice, FilterBar

AiDimension = Literal["model", "agent", "project", "branch", "machine"]
"""What usage is broken down by."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens by kind, which do not overlap, save that `reasoning` is part of `output`. `events` are responses."""

    input: int = 0
    cache_write: int = 0
    cache_read: int = 0
    output: int = 0
    reasoning: int = 0
    events: int = 0

    @property
    def prompt(self) -> int:
        """What was sent to models."""
        return self.input + self.cache_write + self.cache_read

    @property
    def total(self) -> int:
        """All of them."""
        return self.prompt + self.output


@dataclass(frozen=True, slots=True)
class AmountPart:
    """A segment of a bar: billionths of a dollar, or tokens."""

    name: str
    amount: int
    href: str


@dataclass(frozen=True, slots=True)
class AmountBar:
    """A day, week or month of a range (first and last day included) with its segments."""

    first: date
    last: date
    href: str
    parts: tuple[AmountPart, ...] = ()


@dataclass(frozen=True, slots=True)
class AmountBars:
    """Costs (`nusd`) or tokens over time, stacked. Every bucket of the range is there, empty ones too."""

    dimension: AiDimension | Literal["kind"]
    unit: Literal["nusd", "tokens"]
    bucket: Literal["day", "week", "month"]
    bars: tuple[AmountBar, ...]


@dataclass(frozen=True, slots=True)
class RankedCost:
    """One name and what it cost. `filter_href` narrows the page to it, `href` lists its events."""

    name: str
    cost_usd: Decimal
    tokens: int
    is_unpriced: bool
    filter_href: str
    href: str


@dataclass(frozen=True, slots=True)
class CostBreakdown:
    """Costs by one dimension, dearest first. `items` may be cut: `rest_count` names more hold the rest."""

    dimension: AiDimension
    title: str
    total_usd: Decimal
    total_tokens: int
    items: tuple[RankedCost, ...]
    rest_count: int = 0
    rest_usd: Decimal = Decimal(0)
    rest_tokens: int = 0


@dataclass(frozen=True, slots=True)
class BesideRow:
    """Time and cost of one project or branch. `human_ms` is that of all tools but agents, `agent_ms` the agents',
    `active_ms` the wall clock's; `per_hour_usd` is the cost of an hour of the latter, None where there was none.
    """

    name: str
    project: str
    active_ms: int
    human_ms: int
    agent_ms: int
    cost_usd: Decimal
    tokens: int
    is_unpriced: bool
    per_hour_usd: Decimal | None
    time_href: str
    agents_href: str
    cost_href: str
    filter_href: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Cost beside time, the dearest first; `rest_count` rows more are not shown. The total is of everything."""

    dimension: Literal["project", "branch"]
    rows: tuple[BesideRow, ...]
    total: BesideRow
    rest_count: int = 0


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A window of five hours that plans count by, or a gap longer than one. `last_ms` is its last event."""

    start_ms: int
    end_ms: int
    last_ms: int
    cost_usd: Decimal
    tokens: int
    events: int
    models: tuple[str, ...]
    href: str
    is_active: bool = False
    is_gap: bool = False
    is_unpriced: bool = False


@dataclass(frozen=True, slots=True)
class CurrentBlock:
    """The block that is running: how fast it is used, and what it comes to at its end if it goes on like this.

    Rates and projections are None while there was but one instant of use. `largest_tokens` is the most a finished
    block held (0: none is).
    """

    block: BlockRow
    left_ms: int
    passed_ms: int
    tokens_per_minute: int | None
    usd_per_hour: Decimal | None
    projected_usd: Decimal | None
    projected_tokens: int | None
    largest_tokens: int
    largest_href: str


@dataclass(frozen=True, slots=True)
class AiSessionRow:
    """A conversation with an agent: when, where and what it cost. Project and branch are those it spent most on."""

    agent: str
    session: str
    first_ms: int
    last_ms: int
    project: str
    branch: str
    machine: str
    models: tuple[str, ...]
    cost_usd: Decimal
    tokens: int
    events: int
    is_unpriced: bool
    href: str
    events_href: str


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A model nobody knows the price of, and how many tokens it used."""

    model: str
    tokens: int
    href: str


@dataclass(frozen=True, slots=True)
class AiView:
    """AI usage of days `first` to `last`, both included, filtered.

    `logged_usd` is the part of the cost that logs told, the rest was computed. `saved_usd` is what the same prompts
    would have cost more without a cache (None: no price is known, or no cost computed). `previous_usd` is the cost of
    the same length of time before, None when there is nothing to compare.
    """

    range_name: str
    title: str
    first: date
    last: date
    zone: str
    now_ms: int
    ranges: tuple[Choice, ...]
    filters: FilterBar
    kept: tuple[tuple[str, str], ...]
    modes: tuple[Choice, ...]
    mode: str
    cost_usd: Decimal
    logged_usd: Decimal
    saved_usd: Decimal | None
    tokens: Tokens
    time: BesideRow
    unpriced: tuple[Unpriced, ...]
    stacks: tuple[Choice, ...]
    spend: AmountBars
    kinds: AmountBars
    besides: tuple[Choice, ...]
    beside: Beside
    breakdowns: tuple[CostBreakdown, ...]
    blocks: tuple[BlockRow, ...]
    sessions: tuple[AiSessionRow, ...]
    session_count: int
    events_href: str
    sessions_href: str
    blocks_href: str
    json_href: str
    csv_href: str
    agents: tuple[str, ...]
    current: CurrentBlock | None = None
    previous_usd: Decimal | None = None
    previous_href: str = ""
    prev_href: str | None = None
    next_href: str | None = None
    is_new: bool = False
