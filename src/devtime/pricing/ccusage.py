"""Prices a person gave ccusage, so that moving over changes no number: `defaults.pricingOverrides` of its config.

It is another program's file: what is odd in it is passed over, never an error.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import cast

_PLACES = (".config/claude/ccusage.json", ".claude/ccusage.json")
_MOST_BYTES = 1_000_000
_LONG = "Above200kTokens"
_KINDS = {
    "inputCostPerToken": "input",
    "outputCostPerToken": "output",
    "cacheReadInputTokenCost": "cache_read",
    "cacheCreationInputTokenCost": "cache_write",
}


def find_config(user_home: Path) -> Path | None:
    """The file of this user that ccusage would read, if there is one."""
    return next((path for place in _PLACES if (path := user_home / place).is_file()), None)


def read_prices(path: Path) -> dict[str, dict[str, object]]:
    """Its prices, in the words of our own `[prices]`; empty if there are none to be had."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        content: object = json.loads(data) if len(data) <= _MOST_BYTES else {}
        models = cast("dict[str, dict[str, dict[str, object]]]", content)["defaults"]["pricingOverrides"]
        tables = {model: _translate(table) for model, table in models.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return {model: table for model, table in tables.items() if table and model.strip()}


def _translate(raw: object) -> dict[str, object]:
    if not isinstance(raw, dict):
        return {}
    given = cast("Mapping[str, object]", raw)
    table = _per_million(given, "")
    long_context = _per_million(given, _LONG)
    if long_context:
        table["long_context"] = {"above": 200_000, **long_context}
    fast, window = given.get("fastMultiplier"), given.get("maxInputTokens")
    if _is_amount(fast, 1_000):
        table["fast_multiplier"] = fast
    if isinstance(window, int) and _is_amount(window, 1_000_000_000) and window:
        table["context_window"] = window
    return table


def _per_million(given: Mapping[str, object], suffix: str) -> dict[str, object]:
    values = {kind: given.get(name + suffix) for name, kind in _KINDS.items()}
    return {kind: Decimal(repr(value)).scaleb(6) for kind, value in values.items() if _is_amount(value, 1)}


def _is_amount(value: object, most: int) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value <= most
    )
