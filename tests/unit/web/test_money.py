"""Dollars and tokens: digits that make sense, sums that can be checked by eye, and nothing rounded away to nothing."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from devtime.web.charts.units import NUSD, TOKENS
from devtime.web.money import fine_usd, price, ratio, signed_usd, tokens, usd
from devtime.wire.usage import NANO

AMOUNTS = some.decimals(0, 10**9, places=9)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.000000001", "<$0.01"),
        ("0.005", "<$0.01"),
        ("0.01", "$0.01"),
        ("1234.565", "$1,234.57"),
        ("9999.994", "$9,999.99"),
        ("9999.995", "$10,000"),
        ("123456.5", "$123,457"),
        ("-3.2", "−$3.20"),
    ],
)
def test_dollars_have_cents_until_they_are_many(amount: str, text: str) -> None:
    assert usd(Decimal(amount)) == text


@given(AMOUNTS)
def test_a_fine_amount_reads_back_exactly(amount: Decimal) -> None:
    text = fine_usd(amount)
    assert Decimal(text.removeprefix("$").replace(",", "")) == amount
    assert len(text.partition(".")[2]) >= 2


@pytest.mark.parametrize(("amount", "text"), [("0.001", "±$0"), ("5", "+$5.00"), ("-0.5", "−$0.50")])
def test_a_change_tells_its_direction(amount: str, text: str) -> None:
    assert signed_usd(Decimal(amount)) == text


@pytest.mark.parametrize(("amount", "text"), [("15", "$15"), ("0.5", "$0.50"), ("0.075", "$0.075"), ("0", "$0")])
def test_a_price_has_no_digits_it_does_not_need(amount: str, text: str) -> None:
    assert price(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.00k"),
        (45_300, "45.3k"),
        (999_499, "999k"),
        (999_500, "1.00M"),
        (1_240_000, "1.24M"),
        (3_100_000_000, "3.10B"),
        (10**15, "1000T"),
    ],
)
def test_tokens_have_three_digits_and_a_unit(count: int, text: str) -> None:
    assert tokens(count) == text


@given(some.integers(0, 10**16))
def test_tokens_never_need_more_than_five_letters_up_to_a_quadrillion(count: int) -> None:
    assert len(tokens(count)) <= 6
    assert tokens(count)


@given(some.integers(0, 10**12), some.integers(0, 10**12))
def test_only_all_of_it_is_a_hundred_percent(one: int, other: int) -> None:
    part, whole = sorted((one, other))
    shown = ratio(part, whole)
    assert (shown == "100%") == (part == whole > 0)
    assert (shown == "–") == (whole == 0)


@pytest.mark.parametrize("unit", [NUSD, TOKENS], ids=["dollars", "tokens"])
@given(most=some.integers(0, 10**18))
def test_axis_ticks_are_even_few_distinct_and_reach_the_most(unit: object, most: int) -> None:
    measure = NUSD if unit is NUSD else TOKENS
    ticks = measure.ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert 2 <= len(ticks) <= 6
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1
    assert len({measure.tick(tick) for tick in ticks}) == len(ticks)


def test_an_axis_of_dollars_has_whole_cents_at_least() -> None:
    assert [NUSD.tick(tick) for tick in NUSD.ticks(3)] == ["0", "$0.01"]
    assert [NUSD.tick(tick) for tick in NUSD.ticks(2_500 * NANO)] == [
        "0",
        "$500",
        "$1,000",
        "$1,500",
        "$2,000",
        "$2,500",
    ]
