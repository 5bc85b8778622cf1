"""What a rate costs: a price for each kind of token, and when it changes. Nothing here knows a price list."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from typing import NamedTuple

from devtime.kernel.slots import SLOT_MS, SLOTS_PER_DAY

ZERO = Decimal(0)

FIRST_DAY = 19_723
"""2024-01-01, in days since the epoch: no agent's log is older, so prices by time of day are spread from here on."""


class Prices(NamedTuple):
    """USD per million tokens, whatever makes a price dearer or cheaper included; `web_search` is USD each.

    `notes` say in words why it is not the plain price: the long prompt, the fast speed, the region.
    """

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal
    cache_write_1h: Decimal
    web_search: Decimal = ZERO
    notes: tuple[str, ...] = ()


FREE = Prices(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)


class Card(NamedTuple):
    """A rate's prices by period. Period i begins at slot `edges[i - 1]`; there is one price more than edges."""

    prices: tuple[Prices, ...]
    edges: tuple[int, ...] = ()
    title: str = ""
    """How the vendor calls the model."""
    provider: str = ""
    """Whose price it is: an id of the price list, or `""`."""
    source: str = ""
    """Where the price is from, in words."""
    context_window: int | None = None

    def period(self, time_ms: int) -> int:
        """The period an instant lies in."""
        return bisect_right(self.edges, time_ms // SLOT_MS)

    def prices_at(self, time_ms: int) -> Prices:
        """The prices at an instant."""
        return self.prices[self.period(time_ms)]


class Step(NamedTuple):
    """From slot `start` on, each day has the prices of `hours`: (slot of the day, index of the prices), from 0."""

    start: int
    hours: tuple[tuple[int, int], ...]


class Timeline(NamedTuple):
    """A card that is not yet spread over the days: what is remembered."""

    prices: tuple[Prices, ...]
    steps: tuple[Step, ...]
    """The first starts at slot 0, each at a midnight (UTC)."""
    title: str = ""
    provider: str = ""
    source: str = ""
    context_window: int | None = None

    def card(self, end_slot: int) -> Card:
        """The card for events before `end_slot`. Prices by time of day make several edges a day."""
        found: list[tuple[int, int]] = []
        for number, step in enumerate(self.steps):
            is_last = number + 1 == len(self.steps)
            end = end_slot if is_last else min(end_slot, self.steps[number + 1].start)
            if len(step.hours) == 1:
                found.append((step.start, step.hours[0][1]))
                continue
            found.append((step.start, step.hours[0][1]))
            first_day = max(step.start // SLOTS_PER_DAY, FIRST_DAY)
            for day in range(first_day, (end - 1) // SLOTS_PER_DAY + 1):
                found.extend((day * SLOTS_PER_DAY + hour, index) for hour, index in step.hours)
        prices, edges = [self.prices[found[0][1]]], list[int]()
        last = found[0][1]
        for slot, index in found[1:]:
            if index != last:
                edges.append(slot)
                prices.append(self.prices[index])
                last = index
        return Card(tuple(prices), tuple(edges), self.title, self.provider, self.source, self.context_window)


def free_card(title: str, source: str) -> Card:
    """A card on which nothing costs anything."""
    return Card((FREE,), title=title, source=source)
