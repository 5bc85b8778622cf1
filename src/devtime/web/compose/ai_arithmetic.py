"""How costs come about, line by line: the terms `pricing` explains an event with, for events and for sums of them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from devtime.pricing.calculate import Term, explain
from devtime.pricing.prices import Card
from devtime.reports.rows import model_label
from devtime.web.compose.ai_asking import PricedSums
from devtime.web.views.ai_pages import CostTerm
from devtime.wire.usage import UsageEvent
from devtime.wire.usage_sums import UsageCell

_LOGGED = "as its log tells"


def event_terms(event: UsageEvent, card: Card) -> tuple[CostTerm, ...]:
    """The arithmetic of one event."""
    return tuple(_spell(term) for term in explain(event, card))


def sum_terms(sums: PricedSums) -> tuple[CostTerm, ...]:
    """The arithmetic of many: a line for each model, kind of tokens and price, the dearest model first."""
    found: dict[tuple[str, str, Decimal, Decimal | None, tuple[str, ...], str], tuple[int, Decimal]] = {}
    for cell in sums.cells:
        for term in _cell_terms(sums, cell):
            key = (term.model, term.what, term.usd_per_million, term.usd_each, term.notes, term.source)
            tokens, cost = found.get(key, (0, Decimal(0)))
            found[key] = tokens + term.tokens, cost + term.cost_usd
    totals: dict[str, Decimal] = {}
    for key, (_, cost) in found.items():
        totals[key[0]] = totals.get(key[0], Decimal(0)) + cost
    lines = [
        CostTerm(what, tokens, per_million, cost, each, notes, source, model)
        for (model, what, per_million, each, notes, source), (tokens, cost) in found.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-totals[line.model], line.model, -line.cost_usd, line.what)))


def _cell_terms(sums: PricedSums, cell: UsageCell) -> Iterable[CostTerm]:
    rate, tokens = sums.rate(cell), cell.tokens
    model = model_label(rate)
    prices = sums.prices(cell)
    if prices is None:
        cost = sums.cost(cell)
        what = _LOGGED if sums.is_logged(cell) else "not told by a log" if cost.is_priced else "no price known"
        return (CostTerm(what, tokens.total, Decimal(0), cost.usd, model=model),)
    card = sums.cards[cell.rate_id]
    event = UsageEvent(
        key=0,
        agent=rate.agent,
        time_ms=cell.first_ms,
        session="",
        model=rate.model,
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=tokens.cache_read,
        cache_write_tokens=tokens.cache_write,
        cache_write_1h_tokens=tokens.cache_write_1h,
        extra_tokens=tokens.extra,
        web_searches=tokens.web_searches,
    )
    return (_spell(term, model) for term in explain(event, Card((prices,), source=card.source if card else "")))


def _spell(term: Term, model: str = "") -> CostTerm:
    return CostTerm(
        term.what, term.tokens, term.usd_per_million, term.cost_usd, term.usd_each, term.notes, term.source, model
    )
