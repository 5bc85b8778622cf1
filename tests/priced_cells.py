"""Cells made of single events, and prices for them: what the reports' tests fold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from devtime.kernel.slots import SLOT_MS
from devtime.pricing.prices import Card, Prices
from devtime.reports.costs import Costing, CostMode
from devtime.wire.rates import Rate
from devtime.wire.usage_sums import TokenSums, UsageCell

OPUS = Rate("claude", "claude-opus-4-5-20251101")
HAIKU = Rate("claude", "claude-haiku-4-5")
UNKNOWN = Rate("claude", "claude-unknown-9")
GPT = Rate("codex", "gpt-5.5")
LOGGED = OPUS._replace(is_cost_logged=True)
RATES = {rate.id: rate for rate in (OPUS, HAIKU, UNKNOWN, GPT, LOGGED)}


def _prices(usd: int) -> Prices:
    return Prices(*(Decimal(usd * factor) / 4 for factor in (4, 20, 1, 5, 8)))


CARDS = {OPUS: Card((_prices(5), _prices(4)), (1_000_000,)), HAIKU: Card((_prices(1),)), GPT: Card((_prices(2),))}
CARDS |= {LOGGED: CARDS[OPUS]}


class Used(NamedTuple):
    """An event: when, by which rate, how much, under which names."""

    time_ms: int
    rate: Rate = OPUS
    tokens: int = 10
    names: tuple[str | int, ...] = ()
    cost_nusd: int = 0

    @property
    def slot(self) -> int:
        return self.time_ms // SLOT_MS


def costing(mode: CostMode = "auto") -> Costing:
    """Prices for all of `RATES` but the unknown one. Those of Opus change at slot 1,000,000."""
    return Costing(RATES, {rate.id: CARDS.get(rate) for rate in RATES.values()}, mode)


def cell_of(used: Used) -> UsageCell:
    """The event as a cell of its own."""
    return cells_of([used], by_slot=not used.names)[0]


def cells_of(events: Iterable[Used], by_slot: bool = False) -> list[UsageCell]:
    """The events summed as a ledger sums them: by names, rate and price period."""
    groups: dict[tuple[tuple[str | int, ...], int, int], list[Used]] = {}
    for used in events:
        card = CARDS.get(used.rate)
        period = card.period(used.time_ms) if card else 0
        names = (used.slot,) if by_slot else used.names
        groups.setdefault((names, used.rate.id, period), []).append(used)
    return [UsageCell(*key, *_sums(group)) for key, group in groups.items()]


def _sums(group: Sequence[Used]) -> tuple[TokenSums, int, int, int]:
    tokens = sum(used.tokens for used in group)
    times = [used.time_ms for used in group]
    return (
        TokenSums(events=len(group), input=tokens, output=tokens * 2),
        sum(used.cost_nusd for used in group),
        min(times),
        max(times),
    )
