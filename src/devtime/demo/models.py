"""Which models the made-up developers' agents run on, by the day. Data, and drawing from it."""

from __future__ import annotations

from datetime import date
from random import Random

import msgspec


class Era(msgspec.Struct, frozen=True):
    """From a day on: model, provider as its log names it, and how often it is chosen."""

    since: date
    models: tuple[tuple[str, str, int], ...]


ERAS: dict[str, tuple[Era, ...]] = {
    "claude": (
        Era(date(2000, 1, 1), (("claude-sonnet-4-20250514", "", 8), ("claude-opus-4-1-20250805", "", 2))),
        Era(date(2025, 9, 29), (("claude-sonnet-4-5-20250929", "", 8), ("claude-opus-4-1-20250805", "", 2))),
        Era(date(2025, 11, 24), (("claude-opus-4-5-20251101", "", 7), ("claude-sonnet-4-5-20250929", "", 3))),
        Era(date(2026, 2, 5), (("claude-opus-4-6", "", 7), ("claude-sonnet-4-6", "", 3))),
    ),
    "codex": (
        Era(date(2000, 1, 1), (("gpt-5-codex", "", 8), ("gpt-5", "", 2))),
        Era(date(2025, 12, 18), (("gpt-5.2-codex", "", 8), ("gpt-5", "", 2))),
    ),
    "opencode": (Era(date(2000, 1, 1), (("claude-sonnet-4-5", "anthropic", 6), ("gpt-5", "openai", 4))),),
}
"""The agent, as reports call it → its eras, the oldest first."""

SIDE_MODEL = "claude-haiku-4-5-20251001"
"""What Claude Code lets its helpers run on."""

LOGGED_USD = {"claude-sonnet-4-5": (3.0, 15.0, 0.3, 3.75), "gpt-5": (1.25, 10.0, 0.125, 0.0)}
"""USD per million of input, output, cache reads and cache writes, where the agent's log tells what a response cost."""


def pick_model(agent: str, day: date, random: Random) -> tuple[str, str]:
    """The model and provider of a session that begins on the day."""
    era = [era for era in ERAS[agent] if era.since <= day][-1]
    model, provider, _ = random.choices(era.models, [weight for *_, weight in era.models])[0]
    return model, provider
