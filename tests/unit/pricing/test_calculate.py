"""Tokens times prices, the three cost modes, and the arithmetic told line by line."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from devtime.kernel.clock import from_datetime
from devtime.pricing.calculate import cost_of, cost_of_cell, explain
from devtime.pricing.pricer import Pricer
from devtime.pricing.prices import Card, Prices
from devtime.wire.rates import Rate
from devtime.wire.usage import UsageEvent
from devtime.wire.usage_sums import TokenSums, UsageCell

from .conftest import NOW_MS

PRICES = Prices(*map(Decimal, ("5", "25", "0.5", "6.25", "10", "0.01")))
COUNT = st.integers(0, 10**12)
SUMS = st.builds(TokenSums, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT)


def test_each_kind_of_token_has_its_price() -> None:
    million = 1_000_000
    assert cost_of(TokenSums(input=million), PRICES) == 5
    assert cost_of(TokenSums(output=million), PRICES) == 25
    assert cost_of(TokenSums(cache_read=million), PRICES) == Decimal("0.5")
    assert cost_of(TokenSums(cache_write=million), PRICES) == Decimal("6.25")
    assert cost_of(TokenSums(cache_write_1h=million), PRICES) == 10
    assert cost_of(TokenSums(extra=million), PRICES) == 25
    assert cost_of(TokenSums(web_searches=3), PRICES) == Decimal("0.03")
    assert cost_of(TokenSums(), PRICES) == 0


def test_reasoning_lies_inside_the_output_and_costs_nothing_more() -> None:
    assert cost_of(TokenSums(output=10, reasoning=8), PRICES) == cost_of(TokenSums(output=10), PRICES)


def test_one_token_is_not_rounded_away() -> None:
    assert cost_of(TokenSums(cache_read=1), PRICES) == Decimal("0.0000005")


@given(st.lists(SUMS, max_size=5))
def test_the_cost_of_a_sum_is_the_sum_of_the_costs(sums: list[TokenSums]) -> None:
    total = TokenSums()
    for one in sums:
        total.add(one)
    assert cost_of(total, PRICES) == reduce(lambda cost, one: cost + cost_of(one, PRICES), sums, Decimal(0))


def _cell(period: int = 0, tokens: int = 1_000_000, logged_nusd: int = 0) -> UsageCell:
    return UsageCell((), 1, period, TokenSums(1, tokens), logged_nusd, 0, 0)


def test_modes_choose_between_the_logs_cost_and_ours() -> None:
    card = Card((PRICES,))
    logged, silent = Rate("a", "m", is_cost_logged=True), Rate("a", "m")
    cell = _cell(logged_nusd=1_234_567_890)
    assert cost_of_cell(cell, logged, card) == Decimal("1.23456789")
    assert cost_of_cell(cell, logged, card, "display") == Decimal("1.23456789")
    assert cost_of_cell(cell, logged, card, "calculate") == 5
    assert cost_of_cell(_cell(), silent, card) == 5
    assert cost_of_cell(_cell(), silent, card, "display") == 0
    assert cost_of_cell(_cell(), silent, card, "calculate") == 5


def test_an_unknown_price_is_no_cost_unless_the_log_tells_one() -> None:
    logged, silent = Rate("a", "m", is_cost_logged=True), Rate("a", "m")
    assert cost_of_cell(_cell(), silent, None) is None
    assert cost_of_cell(_cell(), silent, None, "display") == 0
    assert cost_of_cell(_cell(logged_nusd=5), logged, None) == Decimal("5e-9")
    assert cost_of_cell(_cell(logged_nusd=5), logged, None, "calculate") is None
    assert cost_of_cell(_cell(tokens=0), silent, None) == 0


def test_a_cell_is_priced_by_its_period() -> None:
    card = Card((PRICES, PRICES._replace(input=Decimal(7))), (100,))
    assert cost_of_cell(_cell(0), Rate("a", "m"), card) == 5
    assert cost_of_cell(_cell(1), Rate("a", "m"), card) == 7


def _event(**fields: object) -> UsageEvent:
    return UsageEvent(key=1, agent="claude", time_ms=NOW_MS, session="s", **fields)  # pyright: ignore[reportArgumentType]


def test_an_explanation_adds_up_to_the_cost(pricer: Pricer) -> None:
    event = _event(
        model="claude-opus-5-5",
        input_tokens=11,
        output_tokens=2_000,
        cache_read_tokens=130_000,
        cache_write_tokens=50,
        cache_write_1h_tokens=7_000,
        extra_tokens=3,
        reasoning_tokens=900,
        web_searches=2,
        speed="fast",
        region="us",
    )
    card = pricer.card(event.rate)
    assert card
    terms = explain(event, card)
    assert [(term.what, term.tokens) for term in terms] == [
        ("input", 11),
        ("output", 2_000),
        ("cache read", 130_000),
        ("cache write, 5 minutes", 50),
        ("cache write, 1 hour", 7_000),
        ("unnamed, as output", 3),
        ("web search", 2),
    ]
    tokens = TokenSums(1, 11, 2_000, 130_000, 50, 7_000, 3, 900, 2)
    assert sum(term.cost_usd for term in terms) == cost_of(tokens, card.prices_at(NOW_MS)) > 0
    assert terms[0].notes == ("fast", "US only × 1.1")
    assert terms[0].source == card.source
    assert terms[0].usd_per_million == Decimal("8.8")
    assert (terms[-1].usd_each, terms[-1].cost_usd) == (Decimal("0.01"), Decimal("0.02"))


def test_an_explanation_uses_the_price_of_its_day_and_prompt(pricer: Pricer) -> None:
    for day, price in ((12, 10), (13, 5)):
        moment_ms = from_datetime(datetime(2026, 3, day, tzinfo=UTC))
        event = structs.replace(_event(model="claude-opus-4-6", input_tokens=200_001), time_ms=moment_ms)
        card = pricer.card(event.rate)
        assert card
        assert explain(event, card)[0].usd_per_million == price


@pytest.mark.parametrize("model", ["<synthetic>"])
def test_nothing_is_explained_as_nothing(pricer: Pricer, model: str) -> None:
    card = pricer.card(_event(model=model).rate)
    assert card
    assert explain(_event(model=model), card) == []
    assert explain(_event(model=model, input_tokens=5), card)[0].cost_usd == 0
