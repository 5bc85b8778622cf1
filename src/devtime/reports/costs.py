"""What cells cost, in one of three modes. Hands out the price edges that sums must be asked with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from devtime.pricing.calculate import Mode as CostMode
from devtime.pricing.calculate import cost_of_cell
from devtime.pricing.prices import Card
from devtime.wire.rates import Rate
from devtime.wire.usage_sums import AlikeRates, PriceEdges, UsageCell

COST_MODES: tuple[CostMode, ...] = ("auto", "calculate", "display")

ZERO_USD = Decimal(0)


class Cost(NamedTuple):
    """What a cell cost; not priced means that nobody knows, and `usd` is 0."""

    usd: Decimal
    is_priced: bool = True


_UNKNOWN = Cost(ZERO_USD, is_priced=False)


class Costing:
    """Rates and their cards, by the ids cells have them under."""

    __slots__ = ("_cards", "mode", "rates")

    def __init__(self, rates: Mapping[int, Rate], cards: Mapping[int, Card | None], mode: CostMode = "auto") -> None:
        self.rates = rates
        self.mode: CostMode = mode
        self._cards = cards

    @property
    def edges(self) -> PriceEdges:
        """The slots at which prices change, to be handed over with a question."""
        return {id_: card.edges for id_, card in self._cards.items() if card is not None and card.edges}

    @property
    def alike(self) -> AlikeRates:
        """Rates no report tells apart and that cost the same (most models': whatever the length of the prompt)."""
        first: dict[object, int] = {}
        alike: dict[int, int] = {}
        for id_, rate in self.rates.items():
            card = self._cards.get(id_)
            told = (rate.agent, rate.model, rate.speed, rate.is_cost_logged, rate.is_model_guessed)
            known = first.setdefault((told, card and (card.prices, card.edges)), id_)
            if known != id_:
                alike[id_] = known
        return alike

    def cost(self, cell: UsageCell) -> Cost:
        """What the cell cost."""
        usd = cost_of_cell(cell, self.rates[cell.rate_id], self._cards.get(cell.rate_id), self.mode)
        return _UNKNOWN if usd is None else Cost(usd)
