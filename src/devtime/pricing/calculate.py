"""The arithmetic: tokens times prices, in Decimal. Exact: nothing is rounded before it is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from devtime.pricing.prices import ZERO, Card, Prices

if TYPE_CHECKING:
    from devtime.wire.rates import Rate
    from devtime.wire.usage import UsageEvent
    from devtime.wire.usage_sums import TokenSums, UsageCell

Mode = Literal["auto", "calculate", "display"]
"""`auto`: what the log says it cost, else as computed; `calculate`: always computed; `display`: the log's or 0."""

_MILLION = Decimal(1_000_000)
_NANO = Decimal("1e-9")


class Term(NamedTuple):
    """One line of a cost's arithmetic: `tokens` × `usd_per_million` / 1,000,000 = `cost_usd`.

    A web search has `usd_each` set in place of a price per million. `notes` say what made the price what it is.
    """

    what: str
    tokens: int
    usd_per_million: Decimal
    cost_usd: Decimal
    notes: tuple[str, ...] = ()
    source: str = ""
    usd_each: Decimal | None = None


def cost_of(tokens: TokenSums, prices: Prices) -> Decimal:
    """USD for the tokens. Reasoning lies inside the output; what a log could not name is priced as output."""
    cost = tokens.input * prices.input
    if tokens.output or tokens.extra:
        cost += (tokens.output + tokens.extra) * prices.output
    if tokens.cache_read:
        cost += tokens.cache_read * prices.cache_read
    if tokens.cache_write:
        cost += tokens.cache_write * prices.cache_write
    if tokens.cache_write_1h:
        cost += tokens.cache_write_1h * prices.cache_write_1h
    cost /= _MILLION
    if tokens.web_searches:
        cost += tokens.web_searches * prices.web_search
    return cost


def cost_of_cell(cell: UsageCell, rate: Rate, card: Card | None, mode: Mode = "auto") -> Decimal | None:
    """USD for a cell; None when it used a model whose price nobody told."""
    if rate.is_cost_logged and mode != "calculate":
        return cell.logged_nusd * _NANO
    if mode == "display":
        return ZERO
    if card is None:
        return None if cell.tokens.total or cell.tokens.web_searches else ZERO
    return cost_of(cell.tokens, card.prices[min(cell.period, len(card.prices) - 1)])


def explain(event: UsageEvent, card: Card) -> list[Term]:
    """How one event's cost is computed, a line for each kind of tokens it has."""
    prices = card.prices_at(event.time_ms)
    parts = (
        ("input", event.input_tokens, prices.input),
        ("output", event.output_tokens, prices.output),
        ("cache read", event.cache_read_tokens, prices.cache_read),
        ("cache write, 5 minutes", event.cache_write_tokens, prices.cache_write),
        ("cache write, 1 hour", event.cache_write_1h_tokens, prices.cache_write_1h),
        ("unnamed, as output", event.extra_tokens, prices.output),
    )
    terms = [
        Term(what, tokens, price, tokens * price / _MILLION, prices.notes, card.source)
        for what, tokens, price in parts
        if tokens
    ]
    if event.web_searches:
        cost = event.web_searches * prices.web_search
        terms.append(Term("web search", event.web_searches, ZERO, cost, (), card.source, prices.web_search))
    return terms
