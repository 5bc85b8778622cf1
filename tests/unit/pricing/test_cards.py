"""A rate's prices: tiers of the prompt, dates, times of day, speeds, tiers, regions, caches."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from genai_prices.types import ModelPrice, StartDateConstraint, TieredPrices, TimeOfDateConstraint

from devtime.kernel.slots import SLOTS_PER_DAY
from devtime.pricing.lookup import list_providers
from devtime.pricing.pricer import Pricer
from devtime.pricing.prices import FIRST_DAY, FREE, Prices, Step, Timeline
from devtime.pricing.terms import FAST, LONG_PROMPTS
from devtime.wire.rates import PROMPT_EDGES

from .conftest import price_on, rate_of

NOW = "2026-11-23"


def usd(*prices: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, prices))


def tokens(prices: Prices) -> tuple[Decimal, ...]:
    return prices[:5]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        # input, output, cache read, cache write for 5 minutes, for 1 hour
        ("claude-opus-4-5-20251101", ("5", "25", "0.5", "6.25", "10")),
        ("claude-opus-4-6", ("5", "25", "0.5", "6.25", "10")),
        ("claude-opus-5-5", ("4", "20", "0.2", "5", "8")),
        ("claude-sonnet-4-5-20250929", ("3", "15", "0.3", "3.75", "6")),
        ("claude-sonnet-4-6", ("3", "15", "0.3", "3.75", "6")),
        ("claude-sonnet-4-20250514", ("3", "15", "0.3", "3.75", "6")),
        ("claude-opus-4-1", ("15", "75", "1.5", "18.75", "30")),
        ("gpt-5", ("1.25", "10", "0.125", "1.25", "1.25")),
        ("gpt-5-codex", ("1.25", "10", "0.125", "1.25", "1.25")),
        ("gpt-5.2-codex", ("1.75", "14", "0.175", "1.75", "1.75")),
        ("gpt-5.5", ("5", "30", "0.5", "5", "5")),
        ("gemini-2.5-pro", ("1.25", "10", "0.125", "1.25", "1.25")),
        ("gemini-3-pro-preview", ("2", "12", "0.2", "2", "2")),
        ("gemini-3.1-pro-preview", ("2", "12", "0.2", "2", "2")),
    ],
)
def test_the_plain_prices_are_the_vendors(pricer: Pricer, model: str, expected: tuple[str, ...]) -> None:
    assert tokens(price_on(pricer.card(rate_of(model)), NOW)) == usd(*expected)


@pytest.mark.parametrize(
    ("model", "edge", "expected"),
    [
        ("claude-sonnet-4-5-20250929", 200_000, ("6", "22.5", "0.6", "7.5", "12")),
        ("claude-sonnet-4-20250514", 200_000, ("6", "22.5", "0.6", "7.5", "12")),
        ("gemini-2.5-pro", 200_000, ("2.5", "15", "0.25", "2.5", "2.5")),
        ("gemini-3-pro-preview", 200_000, ("4", "18", "0.4", "4", "4")),
        ("gpt-5.5", 272_000, ("10", "45", "1", "10", "10")),
        ("claude-haiku-5-5", 100_000, ("0.5", "2.5", "0.05", "0.625", "1")),
    ],
)
def test_a_prompt_past_the_edge_reprices_the_whole_request(
    pricer: Pricer, model: str, edge: int, expected: tuple[str, ...]
) -> None:
    plain = price_on(pricer.card(rate_of(model)), NOW)
    assert price_on(pricer.card(rate_of(model, edge)), NOW) == plain
    long = price_on(pricer.card(rate_of(model, edge + 1)), NOW)
    assert tokens(long) == usd(*expected)
    assert long.notes == (f"prompt over {edge:,} tokens",)


def test_our_long_prompts_are_those_the_price_list_leaves_out() -> None:
    for provider, model_id in LONG_PROMPTS:
        model = next(model for model in list_providers()[provider].models if model.id == model_id)
        assert isinstance(model.get_prices(datetime(2026, 11, 23)).input_mtok, Decimal), "the list knows it now"


def test_claude_from_4_6_on_is_flat_to_a_million(pricer: Pricer) -> None:
    for model in ("claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-5-5"):
        assert price_on(pricer.card(rate_of(model, 900_000)), NOW) == price_on(pricer.card(rate_of(model)), NOW)


def test_a_price_changes_at_midnight_utc_of_its_day(pricer: Pricer) -> None:
    card = pricer.card(rate_of("claude-opus-4-6", 250_000))
    assert card
    assert card.edges == ((date(2026, 3, 13) - date(1970, 1, 1)).days * SLOTS_PER_DAY,)
    assert price_on(card, "2026-03-12", 23).input == 10
    assert price_on(card, "2026-03-13").input == 5


def test_a_price_to_come_is_on_the_card_already(pricer: Pricer) -> None:
    card = pricer.card(rate_of("gemini-4-argon"))
    assert price_on(card, "2026-11-30").input == 2
    assert price_on(card, "2026-12-01").input == 4


def test_prices_by_time_of_day_change_within_each_day(pricer: Pricer) -> None:
    card = pricer.card(rate_of("deepseek-flash"))
    by_hour = [price_on(card, "2026-11-20", hour).input for hour in range(24)]
    cheap, dear = Decimal("0.15"), Decimal("0.3")
    assert by_hour == [cheap] + [dear] * 3 + [cheap] * 2 + [dear] * 4 + [cheap] * 14
    assert price_on(card, "2026-11-24").input == cheap


def test_cards_have_one_price_more_than_ascending_edges(pricer: Pricer) -> None:
    for model in ("claude-opus-4-6", "deepseek-flash", "deepseek-chat", "gemini-4-argon", "gpt-5.6-sol"):
        for prompt in (0, 150_000, 300_000):
            card = pricer.card(rate_of(model, prompt))
            assert card
            assert len(card.prices) == len(card.edges) + 1
            assert list(card.edges) == sorted(set(card.edges))
            assert all(one != after for one, after in zip(card.prices, card.prices[1:], strict=False))


def test_a_timeline_is_spread_over_the_days_it_is_asked_for() -> None:
    dear = FREE._replace(input=Decimal(1))
    change = (FIRST_DAY + 10) * SLOTS_PER_DAY
    line = Timeline((FREE, dear), (Step(0, ((0, 0), (4, 1), (8, 0))), Step(change, ((0, 1),))))
    first = FIRST_DAY * SLOTS_PER_DAY
    assert line.card(first + 96).edges == (first + 4, first + 8, change)
    card = line.card(change + 500)
    assert len(card.edges) == 21
    assert card.prices_at((change - 1) * 900_000) == FREE
    assert card.prices_at(change * 900_000) == dear


@pytest.mark.parametrize(
    ("model", "plain", "fast"),
    [
        ("claude-opus-4-6", "5", "30"),
        ("claude-opus-4-7", "5", "30"),
        ("claude-opus-4-8", "5", "10"),
        ("claude-opus-5-5", "4", "8"),
        ("gpt-5.5", "5", "12.5"),
        ("gpt-5.4", "2.5", "5"),
        ("gpt-5.3-codex", "1.75", "3.5"),
    ],
)
def test_the_fast_speed_costs_more(pricer: Pricer, model: str, plain: str, fast: str) -> None:
    slow = price_on(pricer.card(rate_of(model)), NOW)
    quick = price_on(pricer.card(rate_of(model, speed="fast")), NOW)
    assert (slow.input, quick.input) == usd(plain, fast)
    assert quick.output / slow.output == quick.cache_read / slow.cache_read == quick.input / slow.input
    assert quick.web_search == slow.web_search
    assert quick.notes[-1].startswith("fast")
    assert price_on(pricer.card(rate_of(f"{model}-fast")), NOW) == quick


def test_our_fast_prices_agree_with_those_the_list_has() -> None:
    for name, factor in FAST.items():
        provider = list_providers()["anthropic" if name.startswith("claude") else "openai"]
        model = next(model for model in provider.models if model.id == name)
        moment = datetime(2026, 11, 23)
        fast = model.get_prices(moment, {"speed": "fast", "service_tier": "fast"})
        plain = model.get_prices(moment)
        if fast.input_mtok == plain.input_mtok:
            continue
        base = plain.input_mtok.base if isinstance(plain.input_mtok, TieredPrices) else plain.input_mtok
        assert base
        assert fast.input_mtok == base * factor, name


def test_a_speed_nobody_names_a_price_for_costs_the_plain_price_and_says_so(pricer: Pricer) -> None:
    prices = price_on(pricer.card(rate_of("claude-haiku-4-5", speed="fast")), NOW)
    assert prices.input == 1
    assert prices.notes == ("no price for fast known, so the plain one",)


def test_batches_cost_half_of_all_tokens_but_the_search_its_price(pricer: Pricer) -> None:
    for model in ("claude-opus-4-6", "claude-sonnet-4-20250514", "claude-haiku-4-5"):
        plain = price_on(pricer.card(rate_of(model)), NOW)
        batch = price_on(pricer.card(rate_of(model, tier="batch")), NOW)
        assert tokens(batch) == tuple(price / 2 for price in tokens(plain))
        assert batch.web_search == plain.web_search == Decimal("0.01")


def test_batches_of_gemini_halve_no_cache(pricer: Pricer) -> None:
    batch = price_on(pricer.card(rate_of("gemini-2.5-pro", tier="batch")), NOW)
    assert (batch.input, batch.output, batch.cache_read) == usd("0.625", "5", "0.125")


def test_a_tier_the_list_leaves_out_follows_the_vendors_rule(pricer: Pricer) -> None:
    flex = price_on(pricer.card(rate_of("gemini-3.7-flash", tier="flex")), NOW)
    assert (flex.input, flex.output, flex.cache_read) == usd("0.375", "1.875", "0.075")
    assert flex.notes == ("flex × 0.5",)
    batch = price_on(pricer.card(rate_of("claude-opus-4-1", tier="batch")), NOW)
    assert (batch.input, batch.cache_read) == usd("7.5", "0.75")


def test_a_tiers_price_holds_in_proportion_before_the_list_noted_it(pricer: Pricer) -> None:
    card = pricer.card(rate_of("gpt-5.6-sol", tier="flex"))
    assert price_on(card, "2026-08-20").input == Decimal("2.5")
    assert price_on(card, "2026-08-21").input == 2
    assert price_on(card, NOW).input == 2


def test_flex_costs_half_and_priority_more(pricer: Pricer) -> None:
    assert price_on(pricer.card(rate_of("gpt-5.5", tier="flex")), NOW).input == Decimal("2.5")
    assert price_on(pricer.card(rate_of("gpt-5.5", tier="priority")), NOW).input == Decimal("12.5")
    assert price_on(pricer.card(rate_of("claude-opus-4-6", tier="priority")), NOW).input == 5
    assert price_on(pricer.card(rate_of("claude-opus-4-6", tier="standard")), NOW).notes == ()


def test_inference_bound_to_the_us_costs_a_tenth_more_from_4_6_on(pricer: Pricer) -> None:
    assert price_on(pricer.card(rate_of("claude-opus-4-6", region="us")), NOW).input == Decimal("5.5")
    assert price_on(pricer.card(rate_of("claude-opus-4-6", region="us")), NOW).web_search == Decimal("0.01")
    assert price_on(pricer.card(rate_of("claude-opus-4-6", region="global")), NOW).input == 5
    assert price_on(pricer.card(rate_of("claude-opus-4-5", region="us")), NOW).input == 5
    assert price_on(pricer.card(rate_of("gpt-5.5", region="us")), NOW).input == 5


def test_surcharges_multiply(pricer: Pricer) -> None:
    prices = price_on(pricer.card(rate_of("claude-opus-5-5", speed="fast", region="us")), NOW)
    assert tokens(prices) == usd("8.8", "44", "0.44", "11", "17.6")
    assert prices.notes == ("fast", "US only × 1.1")


def test_claude_at_a_seller_that_lists_no_cache_prices_has_anthropics_proportions(pricer: Pricer) -> None:
    prices = price_on(pricer.card(rate_of("anthropic/claude-3.5-sonnet", provider="openrouter")), NOW)
    assert tokens(prices) == usd("3", "15", "0.3", "3.75", "6")


def test_no_write_price_is_made_up_for_vendors_that_have_none(pricer: Pricer) -> None:
    for model in ("gpt-5.2-codex", "gemini-2.5-pro", "glm-4.6"):
        prices = price_on(pricer.card(rate_of(model)), NOW)
        assert prices.cache_write == prices.cache_write_1h == prices.input


def test_an_hour_costs_what_the_vendor_asks_for_a_write_where_it_knows_only_one(pricer: Pricer) -> None:
    prices = price_on(pricer.card(rate_of("gpt-5.6-sol")), NOW)
    assert prices.cache_write == prices.cache_write_1h == 5


def test_what_no_model_answered_costs_nothing_and_is_not_unknown(pricer: Pricer) -> None:
    card = pricer.card(rate_of("<synthetic>"))
    assert card
    assert card.prices == (FREE,)


def test_what_a_subscription_includes_costs_nothing(pricer: Pricer) -> None:
    assert tokens(price_on(pricer.card(rate_of("gpt-4.1", provider="github-copilot")), NOW)) == (0,) * 5
    assert price_on(pricer.card(rate_of("gpt-4.1", provider="openai")), NOW).input == 2


def test_an_unknown_model_has_no_card(pricer: Pricer) -> None:
    assert pricer.card(rate_of("claude-opus-9")) is None
    assert pricer.card(rate_of("whisper-1", provider="openai")) is None
    rates = [rate_of("b-model"), rate_of("gpt-5"), rate_of("a-model"), rate_of("a-model", 300_000)]
    assert pricer.unpriced(rates) == ["a-model", "b-model"]


def test_a_card_tells_whose_price_it_is_and_what_reports_say_of_the_model(pricer: Pricer) -> None:
    card = pricer.card(rate_of("us.anthropic.claude-opus-4-6-v1:0"))
    assert card
    assert (card.title, card.provider, card.context_window) == ("Claude Opus 4.6", "aws", 1_000_000)
    assert card.source.endswith(", AWS Bedrock")
    gemini = pricer.card(rate_of("gemini-3-pro-high"))
    assert gemini
    assert (gemini.title, gemini.context_window) == ("Gemini 3 Pro Preview", 1_048_576)


def _listed() -> list[tuple[str, ModelPrice]]:
    return [
        (f"{provider.id} {model.id}", prices)
        for provider in list_providers().values()
        for model in provider.models
        for prices in (
            *([model.prices] if isinstance(model.prices, ModelPrice) else [one.prices for one in model.prices]),
            *(variant.prices for variant in model.price_variants or ()),
        )
    ]


def test_every_tier_of_the_price_list_begins_at_an_edge_that_prompts_are_told_apart_at() -> None:
    starts = {
        tier.start
        for _, prices in _listed()
        for value in prices.__dict__.values()
        if isinstance(value, TieredPrices)
        for tier in value.tiers
    }
    assert starts - set(PROMPT_EDGES) == set(), "add them to PROMPT_EDGES in wire/rates.py"


def test_every_change_of_price_in_the_list_is_of_a_kind_we_know_and_begins_with_a_slot() -> None:
    constraints = [
        constraint
        for provider in list_providers().values()
        for model in provider.models
        for constraint in (
            *([] if isinstance(model.prices, ModelPrice) else [one.constraint for one in model.prices]),
            *(variant.constraint for variant in model.price_variants or ()),
        )
        if constraint
    ]
    hours = [c for c in constraints if isinstance(c, TimeOfDateConstraint)]
    assert all(isinstance(c, StartDateConstraint | TimeOfDateConstraint) for c in constraints)
    assert hours
    edges: list[time] = [edge for c in hours for edge in (c.start_time, c.end_time)]
    assert all(edge.minute % 15 == edge.second == edge.microsecond == 0 for edge in edges)


def test_the_price_list_has_no_kind_of_token_price_that_is_left_out() -> None:
    known = {"input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_5m_mtok"}
    known |= {"cache_write_1h_mtok", "web_searches_kcount"}
    makers = ("anthropic ", "github-copilot ", "cursor ", "moonshotai ", "deepseek ", "zai ")
    odd = {key for name, prices in _listed() if name.startswith(makers) for key in prices.__dict__} - known
    assert odd == set()
