"""Prices of the user's own: over the list's, for models no list has, dated, by pattern, by alias."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtime.kernel.errors import Invalid
from devtime.pricing.overrides import read_overrides
from devtime.pricing.pricer import Pricer

from .conftest import price_on, rate_of

NOW = "2026-11-23"
Open = Callable[..., Pricer]


def test_an_own_model_costs_what_config_toml_says(open_at: Open) -> None:
    document = tomllib.loads(
        """
        [prices."My-Model"]
        name = "Mine"
        input = 2
        output = 8.5
        cache_read = 0.1
        cache_write = 2.5
        cache_write_1h = 4
        web_search = 0.01
        context_window = 128000
        long_context = { above = 200000, input = 4, cache_read = 0.2 }
        """
    )
    pricer = open_at(document["prices"])
    card = pricer.card(rate_of("my-model"))
    assert card
    assert (card.title, card.context_window, card.provider) == ("Mine", 128_000, "")
    assert card.source == 'config.toml, prices."my-model"'
    assert price_on(card, NOW)[:6] == tuple(map(Decimal, ("2", "8.5", "0.1", "2.5", "4", "0.01")))
    long = price_on(pricer.card(rate_of("my-model", 200_001)), NOW)
    assert (long.input, long.cache_read, long.output) == (4, Decimal("0.2"), Decimal("8.5"))
    assert long.notes == ("prompt over 200,000 tokens",)


def test_what_is_not_given_stays_as_the_list_has_it(open_at: Open) -> None:
    prices = price_on(open_at({"claude-opus-4-6": {"output": 20}}).card(rate_of("claude-opus-4-6")), NOW)
    assert prices[:5] == (5, 20, Decimal("0.5"), Decimal("6.25"), 10)


def test_a_given_price_holds_for_prompts_of_any_length_unless_the_long_one_is_given(open_at: Open) -> None:
    pricer = open_at({"gpt-5.5": {"input": 4, "long_context": {"above": 272_000, "output": 40}}})
    long = price_on(pricer.card(rate_of("gpt-5.5", 300_000)), NOW)
    assert (long.input, long.output, long.cache_read) == (4, 40, 1)
    assert price_on(pricer.card(rate_of("gpt-5.5")), NOW).output == 30


def test_an_own_models_cache_costs_its_input_where_nothing_else_is_said(open_at: Open) -> None:
    prices = price_on(open_at({"mine": {"input": 3, "output": 15}}).card(rate_of("mine")), NOW)
    assert prices[:6] == (3, 15, 3, 3, 3, 0)


def test_an_own_model_without_input_or_output_stays_unknown(open_at: Open) -> None:
    pricer = open_at({"mine": {"input": 3}, "yours": {"multiplier": 0.5}})
    assert pricer.card(rate_of("mine")) is None
    assert pricer.card(rate_of("yours")) is None


def test_dated_entries_take_turns(open_at: Open) -> None:
    document = tomllib.loads(
        """
        [[prices.gpt-5]]
        input = 1.0
        from = 2026-02-01
        [[prices.gpt-5]]
        input = 0.5
        from = "2026-01-01"
        """
    )
    card = open_at(document["prices"]).card(rate_of("gpt-5"))
    assert price_on(card, "2025-12-31", 23).input == Decimal("1.25")
    assert price_on(card, "2026-01-01").input == Decimal("0.5")
    assert price_on(card, "2026-02-01").input == 1
    assert price_on(card, "2026-02-01").output == 10


def test_an_own_models_first_price_holds_before_its_date(open_at: Open) -> None:
    entries = [
        {"input": 1, "output": 1, "from": "2026-01-01"},
        {"input": 2, "output": 2, "from": "2026-02-01"},
    ]
    card = open_at({"mine": entries}).card(rate_of("mine"))
    assert [price_on(card, day).input for day in ("2025-06-01", "2026-01-15", NOW)] == [1, 1, 2]


def test_an_exact_name_goes_before_a_pattern_and_a_long_pattern_before_a_short_one(open_at: Open) -> None:
    pricer = open_at(
        {"gpt-*": {"multiplier": 3}, "gpt-5.?": {"multiplier": 2}, "gpt-5.5": {"input": 7}, "*": {"multiplier": 9}}
    )
    found = {model: price_on(pricer.card(rate_of(model)), NOW).input for model in ("gpt-5", "gpt-5.4", "gpt-5.5")}
    assert found == {"gpt-5": Decimal("3.75"), "gpt-5.4": 5, "gpt-5.5": 7}
    assert price_on(pricer.card(rate_of("claude-opus-4-6")), NOW).input == 45
    assert pricer.card(rate_of("nobodys")) is None


def test_an_entry_counts_for_every_spelling_of_its_model(open_at: Open) -> None:
    pricer = open_at({"claude-opus-4-6": {"input": 1}})
    for spelled in ("claude-opus-4-6", "anthropic/claude-opus-4.6", "claude-opus-4-6-20260205", "[pi] claude-4.6-opus"):
        assert price_on(pricer.card(rate_of(spelled)), NOW).input == 1


def test_an_alias_costs_what_the_other_model_does(open_at: Open) -> None:
    pricer = open_at({"my-proxy/*": {"alias": "claude-sonnet-4-6", "multiplier": 1.5}, "lost": {"alias": "nowhere"}})
    card = pricer.card(rate_of("my-proxy/smart", provider="litellm"))
    assert price_on(card, NOW).input == Decimal("4.5")
    assert price_on(card, NOW).notes == ("× 1.5",)
    assert price_on(card, NOW).web_search == Decimal("0.01")
    assert pricer.card(rate_of("lost")) is None


def test_a_discount_is_a_multiplier_and_nothing_is_a_price(open_at: Open) -> None:
    pricer = open_at({"claude-*": {"multiplier": 0.8}, "glm-4.6": {"multiplier": 0}})
    assert price_on(pricer.card(rate_of("claude-opus-4-6")), NOW)[:2] == (4, 20)
    assert price_on(pricer.card(rate_of("glm-4.6")), NOW)[:2] == (0, 0)


def test_speeds_tiers_and_regions_multiply_own_prices_too(open_at: Open) -> None:
    pricer = open_at({"claude-opus-4-6": {"input": 4}, "claude-opus-5-5": {"fast_multiplier": 3}})
    assert price_on(pricer.card(rate_of("claude-opus-4-6", speed="fast")), NOW).input == 24
    assert price_on(pricer.card(rate_of("claude-opus-4-6", tier="batch")), NOW).input == 2
    assert price_on(pricer.card(rate_of("claude-opus-4-6", region="us")), NOW).input == Decimal("4.4")
    assert price_on(pricer.card(rate_of("claude-opus-5-5", speed="fast")), NOW).input == 12


def test_a_price_for_the_fast_name_is_the_price_of_the_fast_speed(open_at: Open) -> None:
    pricer = open_at({"claude-opus-4-6-fast": {"input": 25}, "claude-opus-4-6": {"input": 4}})
    assert price_on(pricer.card(rate_of("claude-opus-4-6", speed="fast")), NOW).input == 25
    assert price_on(pricer.card(rate_of("claude-opus-4-6")), NOW).input == 4


@pytest.mark.parametrize(
    ("prices", "place", "what"),
    [
        (3, "config.toml, prices", "must be tables"),
        ({"": {"input": 1}}, "config.toml, prices", "needs a name"),
        ({"M": {"input": 1}, "m ": {"input": 1}}, 'config.toml, prices."m"', "twice"),
        ({"m": 3}, 'config.toml, prices."m"', "must be a table"),
        ({"m": []}, 'config.toml, prices."m"', "is empty"),
        ({"m": [3]}, 'config.toml, prices."m"', "must be a table"),
        ({"m": {}}, 'config.toml, prices."m"', "says nothing"),
        ({"m": {"from": "2026-01-01"}}, 'config.toml, prices."m"', "says nothing"),
        ({"m": {"inptu": 1}}, 'config.toml, prices."m".inptu', "known are input"),
        ({"m": {"input": "3"}}, 'config.toml, prices."m".input', "must be a number"),
        ({"m": {"input": True}}, 'config.toml, prices."m".input', "must be a number"),
        ({"m": {"input": -1}}, 'config.toml, prices."m".input', "between 0 and"),
        ({"m": {"input": float("nan")}}, 'config.toml, prices."m".input', "between 0 and"),
        ({"m": {"input": float("inf")}}, 'config.toml, prices."m".input', "between 0 and"),
        ({"m": {"output": 10**30}}, 'config.toml, prices."m".output', "between 0 and"),
        ({"m": {"input": 1, "from": "yesterday"}}, 'config.toml, prices."m".from', "must be a day"),
        ({"m": {"input": 1, "from": datetime(2026, 1, 1)}}, 'config.toml, prices."m".from', "must be a day"),
        ({"m": {"input": 1, "from": 2026}}, 'config.toml, prices."m".from', "must be a day"),
        ({"m": {"long_context": 3}}, 'config.toml, prices."m".long_context', "must be a table"),
        ({"m": {"long_context": {"above": 5, "input": 1}}}, 'config.toml, prices."m".long_context.above', "32000, "),
        ({"m": {"long_context": {"above": 200_000}}}, 'config.toml, prices."m".long_context', "needs a price"),
        ({"m": {"long_context": {"input": 1}}}, 'config.toml, prices."m".long_context.above', "must be one of"),
        ({"m": {"alias": 3}}, 'config.toml, prices."m".alias', "must be a name"),
        ({"m": {"alias": "  "}}, 'config.toml, prices."m".alias', "must be a name"),
        ({"m": {"multiplier": "half"}}, 'config.toml, prices."m".multiplier', "must be a number"),
        ({"m": {"multiplier": -1}}, 'config.toml, prices."m".multiplier', "between 0 and"),
        ({"m": {"context_window": 0}}, 'config.toml, prices."m".context_window', "whole number"),
        ({"m": {"input": 1, "name": "a\nb"}}, 'config.toml, prices."m".name', "must be a name"),
        ({"m": [{"input": 1}, {"input": 2}]}, 'config.toml, prices."m".from', "same day"),
        ({"m": [{"alias": "a"}, {"input": 2, "from": "2026-01-01"}]}, 'config.toml, prices."m".alias', "one table"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place_and_what_to_do(prices: object, place: str, what: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_overrides(prices)
    assert refused.value.field == place
    assert what in refused.value.reason


def test_a_wrong_value_is_told_when_a_price_is_asked_for(open_at: Open) -> None:
    with pytest.raises(Invalid, match="must be a number"):
        open_at({"m": {"input": "3"}}).card(rate_of("gpt-5"))


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(["input", "output", "from", "long_context", "alias", "multiplier", "name", "context_window"])


@given(st.dictionaries(st.text(max_size=8), _ANY | st.dictionaries(_KEYS, _ANY, max_size=4), max_size=3))
def test_whatever_stands_under_prices_is_read_or_refused(prices: dict[str, object]) -> None:
    refused = ""
    entries = prices
    try:
        entries = read_overrides(prices).entries
    except Invalid as error:
        refused = error.field
    assert refused.startswith("config.toml, prices") if refused else len(entries) == len(prices)


def test_prices_made_for_ccusage_count_where_config_toml_has_none(open_at: Open, tmp_path: Path) -> None:
    path = tmp_path / "ccusage.json"
    path.write_text(
        """{"defaults": {"pricingOverrides": {
            "[pi] gpt-5.4": {"inputCostPerToken": 0.0000025, "outputCostPerToken": 1.5e-05,
                "cacheReadInputTokenCost": 0.00000025, "cacheCreationInputTokenCost": 0.000003125,
                "inputCostPerTokenAbove200kTokens": 0.000005, "maxInputTokens": 272000},
            "Mine": {"inputCostPerToken": 0.000001, "outputCostPerToken": 0.000002, "fastMultiplier": 2.5},
            "both": {"inputCostPerToken": 0.000001, "outputCostPerToken": 0.000001},
            "odd": {"inputCostPerToken": "much", "outputCostPerToken": -1}, "odder": 3}}}"""
    )
    pricer = open_at({"both": {"input": 7, "output": 7}}, ccusage=path)
    card = pricer.card(rate_of("[pi] gpt-5.4"))
    assert card
    assert card.context_window == 272_000
    assert card.source.startswith('ccusage.json, "[pi] gpt-5.4" over ')
    assert price_on(card, NOW)[:4] == tuple(map(Decimal, ("2.5", "15", "0.25", "3.125")))
    assert price_on(pricer.card(rate_of("[pi] gpt-5.4", 200_001)), NOW).input == 5
    assert price_on(pricer.card(rate_of("mine")), NOW)[:2] == (1, 2)
    assert price_on(pricer.card(rate_of("mine", speed="fast")), NOW)[:2] == (Decimal("2.5"), 5)
    assert price_on(pricer.card(rate_of("both")), NOW).input == 7
    assert pricer.card(rate_of("odd")) is None


@pytest.mark.parametrize(
    "content",
    ["", "[", "[]", "3", "null", '{"defaults": 3}', '{"defaults": {"pricingOverrides": [1]}}', "[" * 100_000, "\xff"],
)
def test_an_odd_config_of_ccusage_is_passed_over(open_at: Open, tmp_path: Path, content: str) -> None:
    path = tmp_path / "ccusage.json"
    path.write_bytes(content.encode("latin-1"))
    assert price_on(open_at(ccusage=path).card(rate_of("gpt-5")), NOW).output == 10
    assert open_at(ccusage=tmp_path / "none.json").card(rate_of("gpt-5"))


def test_the_config_of_ccusage_is_found_where_it_would_look(tmp_path: Path) -> None:
    from devtime.pricing.ccusage import find_config

    assert find_config(tmp_path) is None
    for place in (".claude", ".config/claude"):
        path = tmp_path / place / "ccusage.json"
        path.parent.mkdir(parents=True)
        path.write_text("{}")
        assert find_config(tmp_path) == path
