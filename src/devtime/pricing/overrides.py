"""The user's own prices: `[prices]` of config.toml. Read at the border: a wrong value is Invalid, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import NamedTuple, cast

from devtime.kernel.errors import Invalid
from devtime.wire.rates import PROMPT_EDGES

KINDS = ("input", "output", "cache_read", "cache_write", "cache_write_1h", "web_search")
"""What a price can be given for: USD per million tokens, a web search USD each."""

_LONG_KINDS = KINDS[:-1]
_ENTRY_KEYS = (*KINDS, "from", "long_context", "alias", "multiplier", "fast_multiplier", "context_window", "name")
_MOST_USD = Decimal(1_000_000)
_MOST_ENTRIES = 10_000
_GLOB = frozenset("*?[")


class Entry(NamedTuple):
    """One price of the user's, from a day on. Prices that are not given stay as the price list has them."""

    place: str
    """Where it is written, for people."""
    prices: Mapping[str, Decimal]
    since: date | None = None
    above: int = 0
    """Prompts above this many tokens cost `long_prices`; 0: no such price."""
    long_prices: Mapping[str, Decimal] = {}
    alias: str = ""
    multiplier: Decimal | None = None
    fast_multiplier: Decimal | None = None
    context_window: int | None = None
    title: str = ""
    is_for_fast: bool = False
    """It was found under the name of the fast speed: nothing more is charged for that."""


class Overrides(NamedTuple):
    """Patterns of model names, in lower case, each with its entries, the oldest first."""

    entries: Mapping[str, Sequence[Entry]] = {}

    def find(self, names: Sequence[str], *, is_fast: bool = False) -> Sequence[Entry]:
        """The entries for a model: an exact name before a pattern, a long pattern before a short one."""
        if not self.entries:
            return ()
        if is_fast:
            found = self._exact([name.removesuffix("-fast") + "-fast" for name in names])
            if found:
                return [entry._replace(is_for_fast=True) for entry in found]
        found = self._exact(names)
        if found:
            return found
        globs = sorted((key for key in self.entries if _GLOB & set(key)), key=len, reverse=True)
        return next((self.entries[key] for key in globs if any(fnmatchcase(name, key) for name in names)), ())

    def _exact(self, names: Sequence[str]) -> Sequence[Entry]:
        return next((self.entries[name] for name in names if name in self.entries), ())


def read_overrides(section: object, elsewhere: Mapping[str, Mapping[str, object]] | None = None) -> Overrides:
    """The `[prices]` of a parsed config.toml; Invalid for what cannot be meant.

    `elsewhere` has prices the user gave another program, for models that `[prices]` does not name.
    """
    if section is not None and not isinstance(section, Mapping):
        raise Invalid("config.toml, prices", 'must be tables, one a model: [prices."my-model"] with input = 3.0 …')
    own = _read_section(cast("Mapping[object, object]", section or {}))
    others: dict[str, Sequence[Entry]] = {}
    for model, table in (elsewhere or {}).items():
        with suppress(Invalid):
            others[model.strip().lower()] = [_read_entry(f'ccusage.json, "{model.strip()[:160]}"', table)]
    return Overrides(others | own)


def _read_section(tables: Mapping[object, object]) -> dict[str, Sequence[Entry]]:
    if len(tables) > _MOST_ENTRIES:
        raise Invalid("config.toml, prices", f"has {len(tables):,} models; {_MOST_ENTRIES:,} are the most")
    found: dict[str, Sequence[Entry]] = {}
    for key, value in tables.items():
        pattern = str(key).strip().lower()
        if not pattern:
            raise Invalid("config.toml, prices", 'a model needs a name: [prices."my-model"]')
        if pattern in found:
            raise Invalid(_place(pattern), "is there twice (capitals make no difference); keep one of them")
        found[pattern] = _read_entries(_place(pattern), value)
    return found


def _place(pattern: str) -> str:
    return f'config.toml, prices."{pattern}"'


def _read_entries(place: str, value: object) -> Sequence[Entry]:
    several = cast("Sequence[object]", value) if isinstance(value, list) else [value]
    if not several:
        raise Invalid(place, "is empty; give it input and output, or remove it")
    entries = sorted((_read_entry(place, one) for one in several), key=lambda entry: entry.since or date.min)
    for one, next_one in pairwise(entries):
        if one.since == next_one.since:
            raise Invalid(f"{place}.from", "two entries begin on the same day; give each its own from")
        if one.alias or next_one.alias:
            raise Invalid(f"{place}.alias", "cannot stand in one of several dated entries; use one table")
    return entries


def _read_entry(place: str, value: object) -> Entry:
    table = _table(place, value)
    _refuse_unknown(place, table, _ENTRY_KEYS)
    prices = dict(_read_prices(place, table, KINDS))
    above, long_prices = _read_long(f"{place}.long_context", table.get("long_context"))
    entry = Entry(
        place,
        prices,
        _read_day(f"{place}.from", table.get("from")),
        above,
        long_prices,
        _read_text(f"{place}.alias", table.get("alias")).lower(),
        _read_multiplier(f"{place}.multiplier", table.get("multiplier")),
        _read_multiplier(f"{place}.fast_multiplier", table.get("fast_multiplier")),
        _read_count(f"{place}.context_window", table.get("context_window")),
        _read_text(f"{place}.name", table.get("name")),
    )
    if not table.keys() - {"from"}:
        raise Invalid(place, f"says nothing; give it one of {', '.join(_ENTRY_KEYS)}")
    return entry


def _table(place: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise Invalid(place, "must be a table, such as { input = 3.0, output = 15.0 }")
    return cast("Mapping[str, object]", value)


def _refuse_unknown(place: str, table: Mapping[str, object], known: Sequence[str]) -> None:
    for key in table:
        if key not in known:
            raise Invalid(f"{place}.{key}", f"is not known here; known are {', '.join(known)}")


def _read_prices(place: str, table: Mapping[str, object], kinds: Sequence[str]) -> Iterator[tuple[str, Decimal]]:
    for kind in kinds:
        if kind in table:
            yield kind, _number(f"{place}.{kind}", table[kind], "USD per million tokens, such as 3.0", _MOST_USD)


def _number(place: str, value: object, meaning: str, most: Decimal) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Invalid(place, f"must be a number: {meaning}")
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite() or not 0 <= number <= most:
        raise Invalid(place, f"must lie between 0 and {most:,}: {meaning}")
    return number


def _read_long(place: str, value: object) -> tuple[int, Mapping[str, Decimal]]:
    if value is None:
        return 0, {}
    table = _table(place, value)
    _refuse_unknown(place, table, ("above", *_LONG_KINDS))
    above = table.get("above")
    if isinstance(above, bool) or not isinstance(above, int) or above not in PROMPT_EDGES:
        edges = ", ".join(map(str, PROMPT_EDGES))
        raise Invalid(f"{place}.above", f"must be one of {edges}: prompts are told apart at these lengths")
    prices = dict(_read_prices(place, table, _LONG_KINDS))
    if not prices:
        raise Invalid(place, f"needs a price for longer prompts: one of {', '.join(_LONG_KINDS)}")
    return above, prices


def _read_day(place: str, value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _refuse_day(place)
    except ValueError:
        return _refuse_day(place)


def _refuse_day(place: str) -> date:
    raise Invalid(place, 'must be a day, such as "2026-01-01" (it begins at midnight UTC)')


def _read_text(place: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= 160 or not value.isprintable():
        raise Invalid(place, 'must be a name, such as "claude-sonnet-4-6"')
    return value.strip()


def _read_multiplier(place: str, value: object) -> Decimal | None:
    if value is None:
        return None
    return _number(place, value, "times the price, such as 0.8 for a discount of 20 %", Decimal(1000))


def _read_count(place: str, value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 1_000_000_000:
        raise Invalid(place, "must be a whole number of tokens, such as 200000")
    return value
