"""Pricers without anything remembered, and rates in few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devtime.kernel.clock import from_datetime
from devtime.pricing.pricer import Pricer, open_pricer
from devtime.pricing.prices import Card, Prices
from devtime.wire.rates import Rate, prompt_class

NOW_MS = from_datetime(datetime(2026, 11, 23, 12, tzinfo=UTC))

Price = Callable[..., Prices]


def rate_of(model: str, prompt: int = 0, *, agent: str = "claude", **fields: object) -> Rate:
    """A rate of a request with a prompt that long."""
    return Rate(agent, model, prompt_class=prompt_class(prompt), **fields)  # pyright: ignore[reportArgumentType]


def price_on(card: Card | None, day: str, hour: int = 0) -> Prices:
    """The card's prices on a day at an hour (UTC)."""
    assert card
    return card.prices_at(from_datetime(datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)))


@pytest.fixture
def open_at(tmp_path: Path) -> Callable[..., Pricer]:
    """Open a pricer with a `[prices]` of its own."""

    def open_with(prices: Mapping[str, object] | None = None, **more: object) -> Pricer:
        return open_pricer(tmp_path, {"prices": prices} if prices else {}, now_ms=NOW_MS, **more)  # pyright: ignore[reportArgumentType]

    return open_with


@pytest.fixture(scope="session")
def pricer(tmp_path_factory: pytest.TempPathFactory) -> Pricer:
    """A pricer by the price list alone."""
    return open_pricer(tmp_path_factory.mktemp("home"), {}, now_ms=NOW_MS)
