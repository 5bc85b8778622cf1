"""Usage spelled as DevTime's own API tells it. No arithmetic: what is told was worked out by `stats` and `reports`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from devtime.kernel.clock import to_rfc3339
from devtime.kernel.zones import date_of_day
from devtime.reports.blocks import Block, burn_of, projection_of
from devtime.reports.rows import Amount, Row
from devtime.stats.usage_costs import Names, PricedEvent
from devtime.stats.usage_time import Spent
from devtime.wire.durations import to_seconds
from devtime.wire.heartbeat import UNKNOWN
from devtime.wire.rates import Rate
from devtime.wire.usage_answers import (
    UsageAmount,
    UsageBlock,
    UsageCellAnswer,
    UsageEventAnswer,
    UsageRate,
    UsageRow,
)
from devtime.wire.usage_sums import UsageCell

_NAMES = ("day", "agent", "model", "project", "branch", "machine", "session", "folder")


def amount_of(amount: Amount) -> UsageAmount:
    """An amount."""
    return UsageAmount(**_amount(amount))


def row_of(row: Row[Names], groups: Sequence[str]) -> UsageRow:
    """A row whose names are those of the groups."""
    told: dict[str, Any] = dict.fromkeys(_NAMES)
    told |= {group: _spell(group, name) for group, name in zip(groups, row.name, strict=True)}
    return UsageRow(**_amount(row), **told)


def event_of(priced: PricedEvent) -> UsageEventAnswer:
    """A single event with its cost."""
    fields: dict[str, object] = msgspec.structs.asdict(priced.told.event)
    event = priced.told.event
    told = {
        "key": str(event.key),
        "at": to_rfc3339(event.time_ms),
        "machine": priced.told.machine,
        "project": event.project or UNKNOWN,
        "branch": event.branch or UNKNOWN,
        "is_cost_logged": event.cost_nusd is not None,
        "cost_usd": None if priced.cost_usd is None else float(priced.cost_usd),
    }
    return msgspec.convert({**fields, **told}, UsageEventAnswer)


def block_of(block: Block, now_ms: int) -> UsageBlock:
    """A block, how fast it is used up, and what it will hold at its end."""
    burn, projection = burn_of(block), projection_of(block, now_ms)
    return UsageBlock(
        **_amount(block.row),
        start_at=to_rfc3339(block.start_ms),
        end_at=to_rfc3339(block.end_ms),
        is_active=block.is_active(now_ms),
        is_gap=block.is_gap,
        models=[label for label, _ in block.row.models_by_cost],
        tokens_per_minute=None if burn is None else burn.tokens_per_minute,
        cost_usd_per_hour=None if burn is None else burn.cost_usd_per_hour,
        projected_tokens=None if projection is None else projection.tokens,
        projected_cost_usd=None if projection is None else projection.cost_usd,
    )


def cell_of(cell: UsageCell) -> UsageCellAnswer:
    """A cell without its price."""
    tokens = cell.tokens
    return UsageCellAnswer(
        names=list(cell.names),
        rate_id=str(cell.rate_id),
        period=cell.period,
        events=tokens.events,
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cache_read,
        cache_write_tokens=tokens.cache_write,
        cache_write_1h_tokens=tokens.cache_write_1h,
        extra_tokens=tokens.extra,
        reasoning_tokens=tokens.reasoning,
        web_searches=tokens.web_searches,
        logged_nusd=cell.logged_nusd,
        first_ms=cell.first_ms,
        last_ms=cell.last_ms,
    )


def rate_of(number: int, rate: Rate) -> UsageRate:
    """A rate and the id that cells have it under."""
    return UsageRate(id=str(number), **rate._asdict())


def spent_of(spent: Spent) -> dict[str, Any]:
    """The fields of time and cost."""
    per_active, per_agent = spent.cost_per_active_hour, spent.cost_per_agent_hour
    return {
        "active_seconds": to_seconds(spent.active_ms),
        "human_seconds": to_seconds(spent.human_ms),
        "agent_seconds": to_seconds(spent.agent_ms),
        "cost_usd": float(spent.cost_usd),
        "is_unpriced": spent.is_unpriced,
        "total_tokens": spent.total_tokens,
        "events": spent.events,
        "cost_usd_per_active_hour": None if per_active is None else float(per_active),
        "cost_usd_per_agent_hour": None if per_agent is None else float(per_agent),
    }


def _spell(group: str, name: str | int) -> date | str:
    return date_of_day(int(name)) if group == "day" else str(name) or UNKNOWN


def _amount(amount: Amount) -> dict[str, Any]:
    tokens = amount.tokens
    return {
        "events": tokens.events,
        "input_tokens": tokens.input,
        "output_tokens": tokens.output,
        "cache_read_tokens": tokens.cache_read,
        "cache_write_tokens": tokens.cache_write,
        "cache_write_1h_tokens": tokens.cache_write_1h,
        "extra_tokens": tokens.extra,
        "reasoning_tokens": tokens.reasoning,
        "total_tokens": tokens.total,
        "web_searches": tokens.web_searches,
        "cost_usd": float(amount.cost_usd),
        "is_unpriced": amount.is_unpriced,
        "first_at": to_rfc3339(amount.first_ms) if tokens.events else None,
        "last_at": to_rfc3339(amount.last_ms) if tokens.events else None,
    }
