"""What an AI page is asked for, and the priced sums that answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

import msgspec

from devtime.pricing.calculate import Mode
from devtime.pricing.prices import Card, Prices
from devtime.reports.costs import COST_MODES, Cost, Costing
from devtime.stats.filters import Filters, stored_names
from devtime.stats.ranges import TimeRange
from devtime.stats.usage import fetch_cells, fetch_rates
from devtime.web.compose.reader import Reader
from devtime.web.views.ai import AiDimension, Tokens
from devtime.wire.agents import tool_of
from devtime.wire.rates import Rate
from devtime.wire.usage_sums import Part, TokenSums, UsageCell, UsageQuestion

AiFilter = Literal["agent", "model", "project", "branch", "machine", "session"]
"""What usage can be narrowed by."""

AI_FILTERS: tuple[AiFilter, ...] = get_args(AiFilter)
AI_DIMENSIONS: tuple[AiDimension, ...] = get_args(AiDimension)


class AiFilters(msgspec.Struct, frozen=True, kw_only=True):
    """Names wanted per dimension; an empty tuple wants all. `Unknown` stands for events that told none."""

    agent: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    machine: tuple[str, ...] = ()
    session: tuple[str, ...] = ()

    def wanted(self, dimension: AiFilter) -> tuple[str, ...]:
        """The names wanted in one dimension."""
        names: tuple[str, ...] = getattr(self, dimension)
        return names

    def question(self, zone: str, *parts: Part) -> UsageQuestion:
        """The question that tells the parts apart."""
        return UsageQuestion(
            parts=parts,
            zone=zone,
            agents=_stored(self.agent),
            models=_stored(self.model),
            projects=_stored(self.project),
            sessions=_stored(self.session),
            branches=_stored(self.branch),
            machines=_stored(self.machine),
        )

    def of_time(self) -> Filters:
        """The same of heartbeats, as far as they tell it: project, branch and machine."""
        return Filters(project=self.project, branch=self.branch, machine=self.machine)

    def tools(self) -> frozenset[str]:
        """The tools of the agents wanted; empty: all."""
        return frozenset(tool_of(agent) for agent in self.agent)

    def linked(self) -> dict[str, Sequence[str]]:
        """As parameters of a link."""
        return {name: self.wanted(name) for name in AI_FILTERS if self.wanted(name)}


def _stored(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(stored_names(names) or ())


class AiQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What the address of an AI page asks for. `first` and `last` are set for a custom range."""

    name: str = "30d"
    first: date | None = None
    last: date | None = None
    filters: AiFilters = AiFilters()
    mode: Mode = "auto"
    stack: AiDimension = "model"
    beside: Literal["project", "branch"] = "project"


def _no_costs() -> Mapping[int, Cost]:
    return {}


@dataclass(frozen=True, slots=True)
class PricedSums:
    """Cells of a question, and what prices them. `costs` remembers what each of the cells cost, by its identity: a page
    folds the same cells many times.
    """

    cells: Sequence[UsageCell]
    costing: Costing
    cards: Mapping[int, Card | None]
    costs: Mapping[int, Cost] = field(default_factory=_no_costs)

    def rate(self, cell: UsageCell) -> Rate:
        """What the cell's price depends on."""
        return self.costing.rates[cell.rate_id]

    def cost(self, cell: UsageCell) -> Cost:
        """What the cell cost."""
        return self.costs.get(id(cell)) or self.costing.cost(cell)

    def prices(self, cell: UsageCell) -> Prices | None:
        """The prices its cost is computed with; None where the log tells the cost, or nobody knows a price."""
        if self.is_logged(cell) or self.costing.mode == "display":
            return None
        card = self.cards.get(cell.rate_id)
        return card.prices[min(cell.period, len(card.prices) - 1)] if card else None

    def is_logged(self, cell: UsageCell) -> bool:
        """Whether its cost is what the log told."""
        return self.rate(cell).is_cost_logged and self.costing.mode != "calculate"


async def fetch_costing(reader: Reader, mode: Mode) -> PricedSums:
    """All the user's rates with their prices, and no cells."""
    rates = await fetch_rates(reader.database, reader.user_id)
    cards = await reader.ask_cards(rates)
    return PricedSums((), Costing(rates, cards, mode), cards)


async def fetch_priced(
    reader: Reader, filters: AiFilters, parts: Sequence[Part], span: TimeRange, known: PricedSums
) -> PricedSums:
    """The sums of a span. Those of a rate that came since the prices were read are left for the next time."""
    question = filters.question(span.zone, *parts)
    cells = await fetch_cells(reader.database, reader.user_id, question, known.costing.edges, span)
    kept = [cell for cell in cells if cell.rate_id in known.costing.rates]
    return PricedSums(kept, known.costing, known.cards, {id(cell): known.costing.cost(cell) for cell in kept})


def read_mode(word: str) -> Mode:
    """The cost mode meant; `auto` unless another is."""
    known: dict[str, Mode] = {mode: mode for mode in COST_MODES}
    return known.get(word, "auto")


def as_tokens(sums: TokenSums) -> Tokens:
    """Tokens as views have them: both kinds of cache writes together, what a log could not name with the output."""
    return Tokens(
        input=sums.input,
        cache_write=sums.cache_write + sums.cache_write_1h,
        cache_read=sums.cache_read,
        output=sums.output + sums.extra,
        reasoning=sums.reasoning,
        events=sums.events,
    )


def logged_usd(sums: PricedSums) -> Decimal:
    """The part of the cost that logs told."""
    return sum((sums.cost(cell).usd for cell in sums.cells if sums.is_logged(cell)), Decimal(0))


def saved_usd(sums: PricedSums) -> Decimal | None:
    """What the prompts would have cost more had every token been read at the plain price; None: no price was used."""
    saved = Decimal(0)
    is_known = False
    for cell in sums.cells:
        prices = sums.prices(cell)
        if prices is None:
            continue
        is_known = True
        tokens = cell.tokens
        saved += tokens.cache_read * (prices.input - prices.cache_read)
        saved += tokens.cache_write * (prices.input - prices.cache_write)
        saved += tokens.cache_write_1h * (prices.input - prices.cache_write_1h)
    return saved / 1_000_000 if is_known else None
