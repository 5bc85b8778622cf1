"""The page on prices shows settings that work."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from devtime.pricing.overrides import KINDS, read_overrides
from devtime.pricing.pricer import Pricer

from .conftest import price_on, rate_of

PAGE = Path(__file__).parents[3] / "docs/explanation/prices.md"


def test_the_example_of_the_page_is_read_and_does_what_it_says(open_at: Callable[..., Pricer]) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    prices = tomllib.loads(example)["prices"]
    assert set(read_overrides(prices).entries) == set(prices)
    assert set(prices["my-model"]) == {*KINDS, "name", "context_window", "long_context"}
    pricer = open_at(prices)
    assert price_on(pricer.card(rate_of("my-model", 200_001)), "2026-11-23").output == 12
    assert price_on(pricer.card(rate_of("claude-opus-4-6")), "2026-11-23").input * 100 == 425
    assert price_on(pricer.card(rate_of("proxy/smart")), "2026-11-23").input == 3
    assert price_on(pricer.card(rate_of("kimi-k2.5")), "2026-07-01").output * 10 == 25
