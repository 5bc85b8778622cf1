"""What a price depends on besides the date: events of one rate can be summed before they are priced."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from devtime.kernel.digests import digest64

PROMPT_EDGES = (32_000, 100_000, 128_000, 199_999, 200_000, 256_000, 272_000, 512_000, 524_288)
"""Prompt lengths above which some vendor charges another price for the whole request; every edge a price list has."""


def prompt_class(prompt_tokens: int) -> int:
    """How many of the edges the prompt passes: a price for prompts above `PROMPT_EDGES[i]` holds from class i + 1."""
    return bisect_left(PROMPT_EDGES, prompt_tokens)


class Rate(NamedTuple):
    """The fields of an event its price goes by. The same rate has the same `id` on every machine."""

    agent: str
    model: str
    provider: str = ""
    speed: str = ""
    tier: str = ""
    region: str = ""
    prompt_class: int = 0
    is_cost_logged: bool = False
    is_model_guessed: bool = False

    @property
    def id(self) -> int:
        """A signed 64-bit digest of the fields."""
        return digest64(b"rate", [str(part) for part in self])
