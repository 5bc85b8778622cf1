"""Which model a name means, and which it must not be taken for."""

from __future__ import annotations

import pytest
from genai_prices.types import (
    ClauseAnd,
    ClauseContains,
    ClauseEndsWith,
    ClauseEquals,
    ClauseOr,
    ClauseRegex,
    ClauseStartsWith,
)
from hypothesis import given
from hypothesis import strategies as st

from devtime.pricing.lookup import find_listing, is_same, list_providers
from devtime.pricing.match import ALIASES, PROVIDERS, read_name
from devtime.wire.rates import Rate


def found(model: str, provider: str = "", agent: str = "pi", speed: str = "") -> str | None:
    name = read_name(Rate(agent, model, provider, speed))
    listing = find_listing(name) if name else None
    return f"{listing.provider.id} {listing.model.id}" if listing else None


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("claude-opus-4-5-20251101", "anthropic claude-opus-4-5"),
        ("claude-opus-4-6", "anthropic claude-opus-4-6"),
        ("claude-opus-4.6", "anthropic claude-opus-4-6"),
        ("claude-4.6-opus", "anthropic claude-opus-4-6"),
        ("Claude-Opus-4-6", "anthropic claude-opus-4-6"),
        ("anthropic/claude-opus-4.6", "anthropic claude-opus-4-6"),
        ("claude-opus-4-6[1m]", "anthropic claude-opus-4-6"),
        ("claude-opus-4-6-fast", "anthropic claude-opus-4-6"),
        ("claude-opus-4-6-thinking", "anthropic claude-opus-4-6"),
        ("claude-opus-4-6-max", "anthropic claude-opus-4-6"),
        ("claude-4.5-opus-high-thinking", "anthropic claude-opus-4-5"),
        ("claude-4-sonnet", "anthropic claude-sonnet-4-0"),
        ("claude-sonnet-4-20250514", "anthropic claude-sonnet-4-0"),
        ("claude-3-7-sonnet-latest", "anthropic claude-3-7-sonnet-latest"),
        ("claude-3.5-sonnet-20241022", "anthropic claude-3-5-sonnet"),
        ("claude-haiku-4-5@20251001", "anthropic claude-haiku-4-5"),
        ("claude-opus-5", "anthropic claude-opus-5"),
        ("claude-opus-5-5", "anthropic claude-opus-5-5"),
        ("us.anthropic.claude-opus-4-6-v1:0", "aws regional.anthropic.claude-opus-4-6-v1:0"),
        ("global.anthropic.claude-sonnet-5-v1:0", "aws global.anthropic.claude-sonnet-5-v1:0"),
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", "aws regional.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        (
            "bedrock/eu.anthropic.claude-haiku-4-5-20251001-v1:0",
            "aws regional.anthropic.claude-haiku-4-5-20251001-v1:0",
        ),
        ("vertex_ai/claude-opus-4-5@20251101", "google claude-opus-4-5"),
        ("publishers/anthropic/models/claude-opus-4-5", "google claude-opus-4-5"),
        ("[pi] gpt-5.4", "openai gpt-5.4"),
        ("gpt-5-codex", "openai gpt-5"),
        ("gpt-5-codex-high", "openai gpt-5"),
        ("gpt-5-codex-mini", "openai gpt-5.1-codex-mini"),
        ("gpt-5.1-codex-max", "openai gpt-5.1"),
        ("gpt-5.1-codex-max-xhigh-fast", "openai gpt-5.1"),
        ("gpt-5-2-codex", "openai gpt-5.2"),
        ("gpt-5.2-20251211", "openai gpt-5.2"),
        ("openai/gpt-5.5", "openai gpt-5.5"),
        ("gpt-5.5-fast", "openai gpt-5.5"),
        ("o4-mini-high", "openai o4-mini"),
        ("gemini-3-pro-high", "google gemini-3-pro-preview"),
        ("gemini-3-pro", "google gemini-3-pro-preview"),
        ("models/gemini-2.5-pro", "google gemini-2.5-pro"),
        ("gemini-2.5-pro-preview-05-06", "google gemini-2.5-pro"),
        ("gemini-2.5-flash-preview-05-20", "google gemini-2.5-flash-preview"),
        ("grok-code-fast-1", "x-ai grok-code-fast-1"),
        ("glm-4.6", "zai GLM-4.6"),
        ("z-ai/glm-4-6", "zai GLM-4.6"),
        ("kimi-k2-thinking", "moonshotai kimi-k2-thinking"),
        ("moonshotai/kimi-k2.5", "moonshotai kimi-k2.5"),
        ("deepseek-chat", "deepseek deepseek-chat"),
        ("qwen3-coder-plus", "openrouter qwen/qwen3-coder-plus"),
        ("qwen/qwen3-coder", "openrouter qwen/qwen3-coder"),
        ("openrouter/anthropic/claude-sonnet-4.5", "openrouter anthropic/claude-sonnet-4.5"),
        ("copilot/claude-opus-4.7", "github-copilot claude-opus-4.7"),
        ("copilot/claude-opus-4.6", "anthropic claude-opus-4-6"),
        ("composer-2.5-fast", "cursor composer-2.5-fast"),
    ],
)
def test_a_name_means_the_model_however_the_agent_spells_it(spelled: str, meant: str) -> None:
    assert found(spelled) == meant


@pytest.mark.parametrize(
    "unknown",
    [
        "claude-opus-4-12",
        "claude-opus-4-60",
        "claude-opus-9",
        "claude-opus-4-6-mini",
        "claude-next",
        "claude",
        "opus",
        "gpt-5.55",
        "gpt-5.5-ultra",
        "gpt-50",
        "gpt-5-codex-nano",
        "gpt-5.3-codex-spark-2",
        "gemini-3-pro-ultra",
        "gemini-2.5-pro-ultra",
        "gemini-3.6-flash-8b",
        "gemini-9-pro",
        "grok-4.6-mini",
        "kimi-k2.6-mini",
        "deepseek-chat-v9",
        "glm-4.66",
        "my-company/claude-like",
        "auto",
        "default",
        "coder-model",
        "unknown",
        "",
        " ",
        "/",
        "[pi]",
        "claude-opus-4-6\x00",
        "\udc80",
        "x" * 10_000,
        "gpt-5" + "-high" * 1_000,
    ],
)
def test_an_unknown_model_is_never_taken_for_a_likely_one(unknown: str) -> None:
    assert found(unknown) is None


def test_the_provider_in_the_log_is_asked_first() -> None:
    assert found("claude-opus-4.8", "github-copilot") == "github-copilot claude-opus-4.8"
    assert found("anthropic/claude-opus-4.8", "openrouter") == "openrouter anthropic/claude-opus-4.8"
    assert found("claude-opus-4-8", "amazon-bedrock") == "aws regional.anthropic.claude-opus-4-8-v1:0"
    assert found("claude-opus-4-8", "google-vertex-anthropic") == "google claude-opus-4-8"
    assert found("claude-opus-4-8", "opencode") == "anthropic claude-opus-4-8"


def test_agents_with_a_price_list_of_their_own_are_priced_by_it() -> None:
    assert found("gpt-5.5", agent="copilot") == "github-copilot gpt-5.5"
    assert found("grok-4.6", agent="cursor") == "cursor grok-4.6"
    assert found("claude-4.5-sonnet-thinking", agent="cursor") == "anthropic claude-sonnet-4-5"


def test_the_listing_of_the_fast_speed_is_taken_where_the_seller_has_one() -> None:
    assert found("claude-opus-4.8", "github-copilot", speed="fast") == "github-copilot claude-opus-4.8-fast"
    assert found("claude-opus-4.6-fast", "openrouter") == "openrouter anthropic/claude-opus-4.6-fast"


@pytest.mark.parametrize("provider", ["ollama", "lmstudio", "llama.cpp", "vllm"])
def test_a_model_that_runs_at_home_has_no_vendors_price(provider: str) -> None:
    assert found("deepseek-r1", provider) is None
    assert found(f"{provider}/deepseek-r1") is None


def test_an_open_model_has_no_price_at_a_seller_that_lists_none() -> None:
    assert found("kimi-k2.5", "moonshotai") == "moonshotai kimi-k2.5"
    assert found("kimi-k2.5", "groq") is None


def test_every_listing_of_the_makers_is_found_under_its_own_id() -> None:
    makers = ("anthropic", "google", "x-ai", "moonshotai", "deepseek", "zai", "github-copilot", "cursor")
    lost = [
        model.id
        for maker in makers
        for model in list_providers()[maker].models
        if found(model.id, maker) != f"{maker} {model.id}"
    ]
    assert lost == []


def test_all_providers_named_here_are_in_the_price_list() -> None:
    assert set(PROVIDERS) - set(list_providers()) == set()


def test_aliases_lead_from_what_no_list_knows_to_what_one_knows() -> None:
    listed = {model.id for provider in list_providers().values() for model in provider.models}
    assert set(ALIASES) & listed == set(), "the price list knows it now: take the alias away"
    assert all(found(alias) for alias in ALIASES)


def test_a_rule_wider_than_a_name_leaves_only_dates_and_the_like() -> None:
    begins = ClauseStartsWith("claude-opus-4-1")
    assert is_same(begins, "claude-opus-4-1")
    assert is_same(begins, "claude-opus-4-1-20250805")
    assert is_same(begins, "claude-opus-4-1@20250805")
    assert is_same(begins, "claude-opus-4-1-latest")
    assert not is_same(begins, "claude-opus-4-10")
    assert not is_same(begins, "claude-opus-4-1-mini")
    assert is_same(ClauseStartsWith("magistral-small-"), "magistral-small-2506")
    assert is_same(ClauseContains("anthropic.claude-x-1"), "us.anthropic.claude-x-1-v1:0")
    assert not is_same(ClauseContains("claude-x-1"), "not-claude-x-1")
    assert is_same(ClauseEndsWith("claude-x"), "anthropic/claude-x")
    assert not is_same(ClauseEndsWith("claude-x"), "better-claude-x")
    assert is_same(ClauseRegex(r"^m-\d-flash-\d"), "m-3-flash-20260101")
    assert not is_same(ClauseRegex(r"^(?!.*tts)"), "m-3-flash")
    both = ClauseAnd([ClauseStartsWith("m-3"), ClauseRegex(r"^(?!.*-tts$)")])
    assert is_same(both, "m-3")
    assert not is_same(both, "m-3-tts")
    assert is_same(ClauseOr([ClauseEquals("a"), ClauseEquals("b")]), "B")


@given(st.text(max_size=40), st.text(max_size=20), st.sampled_from(["", "fast"]), st.sampled_from(["pi", "cursor"]))
def test_no_text_breaks_the_reading_of_names(model: str, provider: str, speed: str, agent: str) -> None:
    name = read_name(Rate(agent, model, provider, speed))
    assert name is None or (name.providers and name.names)


@given(
    st.sampled_from(["claude-opus-4-6", "claude-sonnet-5", "gpt-5.5", "gemini-2.5-pro", "kimi-k2.6"]),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=8),
)
def test_a_made_up_word_behind_a_model_makes_it_unknown(model: str, word: str) -> None:
    harmless = {"low", "medium", "high", "xhigh", "none", "minimal", "thinking", "max", "fast", "latest", "preview"}
    harmless |= {"exp", "experimental", "beta", "default", "stable", "pro", "mini", "nano", "chat", "codex", "cyber"}
    if word not in harmless:
        assert found(f"{model}-{word}") is None
