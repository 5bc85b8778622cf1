"""What the rest of DevTime asks for prices. Opening it costs nothing; unseen rates cost a look into the price list."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from devtime.kernel.slots import SLOT_MS
from devtime.pricing.cards import Remembered, key_of, stamp_prices
from devtime.pricing.prices import Card, Timeline
from devtime.wire.rates import Rate

if TYPE_CHECKING:
    from devtime.pricing.overrides import Overrides

Elsewhere = Mapping[str, Mapping[str, object]]

_DAY_SLOTS = 96


class Pricer:
    """Prices for rates. Not for several threads at once."""

    def __init__(self, own: object, elsewhere: Elsewhere, remembered: Remembered, end_slot: int) -> None:
        self._own = own
        self._elsewhere = elsewhere
        self._remembered = remembered
        self._end_slot = end_slot
        self._cards: dict[str, Card | None] = {}
        self._overrides: Overrides | None = None

    def card(self, rate: Rate) -> Card | None:
        """The rate's card; None when nobody tells what its model costs. Invalid if the user's prices are."""
        card = self._find(rate)
        self._remembered.save()
        return card

    def cards(self, rates: Mapping[int, Rate]) -> dict[int, Card | None]:
        """The cards of many rates, by the ids they came with."""
        found = {rate_id: self._find(rate) for rate_id, rate in rates.items()}
        self._remembered.save()
        return found

    def edges(self, rates: Mapping[int, Rate]) -> dict[int, tuple[int, ...]]:
        """The slots at which prices change, by rate id, as sums are asked with; rates without changes are left out."""
        return {rate_id: card.edges for rate_id, card in self.cards(rates).items() if card and card.edges}

    def unpriced(self, rates: Iterable[Rate]) -> list[str]:
        """The models among them that nobody tells the price of, by name."""
        found = sorted({rate.model for rate in rates if self._find(rate) is None})
        self._remembered.save()
        return found

    def _find(self, rate: Rate) -> Card | None:
        key = key_of(rate)
        if key not in self._cards:
            timeline = self._timeline(key, rate)
            self._cards[key] = timeline.card(self._end_slot) if timeline else None
        return self._cards[key]

    def _timeline(self, key: str, rate: Rate) -> Timeline | None:
        is_known, timeline = self._remembered.find(key)
        if not is_known:
            timeline = self._price(rate)
            self._remembered.add(key, timeline)
        return timeline

    def _price(self, rate: Rate) -> Timeline | None:
        from devtime.pricing.catalog import price_rate
        from devtime.pricing.overrides import read_overrides

        if self._overrides is None:
            self._overrides = read_overrides(self._own, self._elsewhere)
        return price_rate(rate, self._overrides)


def open_pricer(
    home: Path, document: Mapping[str, object], *, ccusage: Path | None = None, now_ms: int | None = None
) -> Pricer:
    """A pricer by the price list and `[prices]` of the parsed config.toml; cards are remembered below `home`.

    `ccusage`: a config of ccusage whose prices count where config.toml has none (`ccusage.find_config`).
    """
    own = document.get("prices")
    elsewhere: Elsewhere = {}
    if ccusage:
        from devtime.pricing.ccusage import read_prices

        elsewhere = read_prices(ccusage)
    overrides = json.dumps([own, elsewhere], sort_keys=True, default=str) if own or elsewhere else ""
    instant_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    end_slot = instant_ms // SLOT_MS + 2 * _DAY_SLOTS
    return Pricer(own, elsewhere, Remembered(home / "cache" / "prices.json", stamp_prices(overrides)), end_slot)
