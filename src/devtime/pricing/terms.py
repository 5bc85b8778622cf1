"""What vendors charge besides the plain price, where the price list does not say it: reviewed facts of our own.

Each row names its source. A vendor's rule that is not here is not applied: the plain price stands, and a note says so.
"""

from __future__ import annotations

from decimal import Decimal

FAST: dict[str, Decimal] = {
    # Times the plain price of all tokens. The price list's own fast prices win where it has some.
    # Opus 4.6 and 4.7: $30 input, $150 output: Anthropic's page on fast mode, 2026-04; OpenRouter's list, 2026-11.
    "claude-opus-4-6": Decimal(6),
    "claude-opus-4-7": Decimal(6),
    # $10, $50 and $8, $40: Anthropic's pricing page, fast mode, 2026-11.
    "claude-opus-4-8": Decimal(2),
    "claude-opus-5": Decimal(2),
    "claude-opus-5-5": Decimal(2),
    # Codex, "fast": OpenAI's pricing page, priority processing, 2026-10-12.
    "gpt-5.5": Decimal("2.5"),
    "gpt-5.4": Decimal(2),
    "gpt-5.3-codex": Decimal(2),
}

TIERS: dict[tuple[str, str], Decimal] = {
    # (provider, tier) → times the plain price of tokens. The price list's own prices win where it has some.
    # Anthropic's page on batch processing, 2026-10: half of everything, cache reads and writes included.
    ("anthropic", "batch"): Decimal("0.5"),
    # Anthropic's page on service tiers, 2026-10: capacity bought beforehand; its tokens count at the plain price.
    ("anthropic", "priority"): Decimal(1),
    # OpenAI's pricing page, tabs Batch and Flex, 2026-10.
    ("openai", "batch"): Decimal("0.5"),
    ("openai", "flex"): Decimal("0.5"),
    # Google's pricing page of the Gemini API, tabs Batch and Flex, 2026-10; caching stays as it is (below).
    ("google", "batch"): Decimal("0.5"),
    ("google", "flex"): Decimal("0.5"),
}

LONG_PROMPTS: dict[tuple[str, str], tuple[int, Decimal, Decimal]] = {
    # (provider, the price list's model) → above which prompt, times the input price (caches too), times the output
    # price. Sonnet 4 with the long context window, $6 and $22.50: Anthropic's pricing page, 2025-08 to 2026-04.
    ("anthropic", "claude-sonnet-4-0"): (200_000, Decimal(2), Decimal("1.5")),
}
"""Dearer long prompts that the price list leaves out."""

PLAIN_CACHE = frozenset({"google"})
"""Providers whose tiers change input and output only."""

WINDOWS: dict[str, int] = {
    # Google's pages on the models, 2025-12: where the price list has no context window.
    "gemini-2.5-pro": 1_048_576,
    "gemini-3-pro-preview": 1_048_576,
    "gemini-3.1-pro-preview": 1_048_576,
}
"""Context windows that the price list leaves out, in tokens."""

US_ONLY = Decimal("1.1")
"""Inference bound to the US, Claude 4.6 and later at Anthropic, all kinds of tokens: Anthropic's pricing
page, data residency, 2026-10."""

US_ONLY_SINCE = (4, 6)

CLAUDE_CACHE = {"read": Decimal("0.1"), "write": Decimal("1.25"), "write_1h": Decimal(2)}
"""Times the input price, whoever sells a Claude model, where the list has no price: Anthropic's
page on prompt caching, 2026-10."""
