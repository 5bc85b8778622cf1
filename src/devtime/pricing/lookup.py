"""Finding a model in the price list (genai-prices), stricter than the list does itself: never another model's price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import (
    ClauseAnd,
    ClauseContains,
    ClauseEndsWith,
    ClauseEquals,
    ClauseOr,
    ClauseRegex,
    ClauseStartsWith,
    MatchLogic,
    ModelInfo,
    Provider,
)

from devtime.pricing.match import Name, is_harmless_end, is_harmless_start


class Listing(NamedTuple):
    """A model in the price list, and whose price it is."""

    provider: Provider
    model: ModelInfo
    is_fast: bool = False
    """It is the listing of the fast speed itself."""


def find_listing(name: Name) -> Listing | None:
    """The first listing of any of the names, at the first provider that has one."""
    providers = list_providers()
    for provider_id in name.providers:
        provider = providers.get(provider_id)
        if provider is None:
            continue
        for spelled, is_fast in _spelled_for(name, provider_id):
            model = _find_model(provider_id, spelled)
            if model:
                return Listing(provider, model, is_fast)
    return None


def _find_model(provider_id: str, spelled: str) -> ModelInfo | None:
    """The first model of the provider whose rule means this name."""
    exact, wide = _index(provider_id)
    models = list_providers()[provider_id].models
    found = exact.get(spelled, len(models))
    place = next((place for place in wide if place < found and is_same(models[place].match, spelled)), found)
    return models[place] if place < len(models) else None


@cache
def _index(provider_id: str) -> tuple[dict[str, int], list[int]]:
    """Places of models by the names that are theirs exactly, and places of those with wider rules."""
    exact: dict[str, int] = {}
    wide: list[int] = []
    for place, model in enumerate(list_providers()[provider_id].models):
        parts = model.match.or_ if isinstance(model.match, ClauseOr) else [model.match]
        for part in parts:
            if isinstance(part, ClauseEquals):
                exact.setdefault(part.equals.lower(), place)
        if not all(isinstance(part, ClauseEquals) for part in parts):
            wide.append(place)
    return exact, wide


@cache
def list_providers() -> dict[str, Provider]:
    """The providers of the price list that came with the package."""
    return {provider.id: provider for provider in get_snapshot().providers}


def _spelled_for(name: Name, provider_id: str) -> Iterator[tuple[str, bool]]:
    names = name.names
    if provider_id == "openrouter":
        routed = [spelled for spelled in names if "/" in spelled]
        plain = [spelled for spelled in names if "/" not in spelled]
        names = (*routed, *(f"{name.router_vendor}/{spelled}" for spelled in plain if name.router_vendor), *plain)
    if name.is_fast:
        yield from ((spelled + "-fast", True) for spelled in names)
    yield from ((spelled, False) for spelled in names)


def is_same(clause: MatchLogic, name: str) -> bool:
    """Whether the rule means this very model. A rule as wide as "begins with" must leave only a date or the like."""
    match clause:
        case ClauseEquals():
            return clause.is_match(name)
        case ClauseOr():
            return any(is_same(part, name) for part in clause.or_)
        case ClauseAnd():
            return clause.is_match(name) and any(is_same(part, name) for part in clause.and_)
        case ClauseStartsWith():
            return clause.is_match(name) and _ends_well(name[len(clause.starts_with) :], clause.starts_with)
        case ClauseEndsWith():
            return clause.is_match(name) and is_harmless_start(name[: -len(clause.ends_with)])
        case ClauseContains():
            before, middle, after = name.partition(clause.contains.lower())
            return bool(middle) and is_harmless_start(before) and _ends_well(after, clause.contains)
        case ClauseRegex():
            found = re.search(clause.regex, name)
            return found is not None and _ends_within_a_date(name, found.end())
        case _:
            return False


def _ends_within_a_date(name: str, end: int) -> bool:
    """Whether a rule that ends there, perhaps after a date's first digit, leaves nothing but the date."""
    matched = name[:end].rstrip("0123456789") if end < len(name) else name
    return bool(matched) and _ends_well(name[len(matched) :], matched)


def _ends_well(rest: str, matched: str) -> bool:
    return is_harmless_end(rest, is_begun=matched[-1:] in "-@:._")
