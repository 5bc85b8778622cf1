"""What DevTime's own API answers about AI usage.

Keys of events and ids of rates are decimal text, for they are 64-bit numbers. Costs are US dollars. A cost that lacks
tokens whose price nobody knows is marked `is_unpriced`.
"""

from __future__ import annotations

from datetime import date

import msgspec

from devtime.wire.native_answers import AnsweredRange, Rejection


class UsageAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch. `changed` are events known before of which this told more, `excluded` those the user's
    privacy settings keep out, `withdrawn` those taken back; a refused item is told by its place in its list.
    """

    ok: bool = True
    inserted: int
    changed: int
    duplicates: int
    excluded: int
    withdrawn: int
    rejected: list[Rejection]


class UsageAmount(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens by kind and their cost. The kinds do not overlap, save that reasoning is part of the output;
    `extra_tokens` are those a log counts without saying of which kind. Without an event `first_at` is null.
    """

    events: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    extra_tokens: int
    reasoning_tokens: int
    total_tokens: int
    web_searches: int
    cost_usd: float
    is_unpriced: bool
    first_at: str | None
    last_at: str | None


class UsageRow(UsageAmount, frozen=True, kw_only=True):
    """An amount under its names; those that were not asked for with `group` are null."""

    day: date | None
    agent: str | None
    model: str | None
    project: str | None
    branch: str | None
    machine: str | None
    session: str | None
    folder: str | None


class UsageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that add up to `totals`; `unpriced_models` are those whose price nobody knows, so they count as 0."""

    rows: list[UsageRow]
    totals: UsageAmount
    unpriced_models: list[str]
    range: AnsweredRange


class UsageRate(msgspec.Struct, frozen=True, kw_only=True):
    """What a price depends on besides the date. `prompt_class` says how many of the lengths of prompts at which some
    vendor's price changes the request passed.
    """

    id: str
    agent: str
    model: str
    provider: str
    speed: str
    tier: str
    region: str
    prompt_class: int
    is_cost_logged: bool
    is_model_guessed: bool


class UsageCellAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Sums of events that agree in `names` (of the parts asked for, in their order), rate and price period."""

    names: list[str | int | bool]
    rate_id: str
    period: int
    events: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    extra_tokens: int
    reasoning_tokens: int
    web_searches: int
    logged_nusd: int
    first_ms: int
    last_ms: int


class UsageCellsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Sums without prices, and all of the user's rates."""

    parts: list[str]
    cells: list[UsageCellAnswer]
    rates: list[UsageRate]
    range: AnsweredRange


class UsageEventAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One response of a model. `cost_usd` is null when nobody knows its price; `is_cost_logged`: its log tells it."""

    key: str
    at: str
    agent: str
    model: str
    provider: str
    project: str
    branch: str
    folder: str
    machine: str
    session: str
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    extra_tokens: int
    reasoning_tokens: int
    web_searches: int
    speed: str
    tier: str
    region: str
    is_sidechain: bool
    is_model_guessed: bool
    is_cost_logged: bool
    cost_usd: float | None


class UsageEventsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of events, the newest first, of `total` in the range."""

    events: list[UsageEventAnswer]
    total: int
    limit: int
    offset: int
    range: AnsweredRange


class UsageBlock(UsageAmount, frozen=True, kw_only=True):
    """A window that plans count by, from its first request on; a gap is a pause longer than one, and empty."""

    start_at: str
    end_at: str
    is_active: bool
    is_gap: bool
    models: list[str]
    tokens_per_minute: float | None
    cost_usd_per_hour: float | None
    projected_tokens: int | None
    projected_cost_usd: float | None


class UsageBlocksAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The blocks that reach into the range, the oldest first."""

    blocks: list[UsageBlock]
    range: AnsweredRange


class SpentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Time and AI cost. `active_seconds` is wall clock; `human_seconds` and `agent_seconds` count parallel tools each.
    Costs an hour are null where there was no such time.
    """

    active_seconds: float
    human_seconds: float
    agent_seconds: float
    cost_usd: float
    is_unpriced: bool
    total_tokens: int
    events: int
    cost_usd_per_active_hour: float | None
    cost_usd_per_agent_hour: float | None


class AgentSpent(SpentAnswer, frozen=True, kw_only=True):
    """What one agent cost; `tool` is what its heartbeats are called."""

    agent: str
    tool: str


class ProjectSpent(SpentAnswer, frozen=True, kw_only=True):
    """What one project cost."""

    project: str


class BranchSpent(SpentAnswer, frozen=True, kw_only=True):
    """What one branch of a project cost."""

    project: str
    branch: str


class UsageTimeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Time and AI cost of a range; projects and branches each add up to the totals."""

    totals: SpentAnswer
    by_agent: list[AgentSpent]
    by_project: list[ProjectSpent]
    by_branch: list[BranchSpent]
    unpriced_models: list[str]
    range: AnsweredRange
