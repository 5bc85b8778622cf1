"""Remembered cards: `$DEVTIME_HOME/cache/prices.json`, so that what was priced once needs no price list again.

The file is a convenience. Whatever is wrong with it, it counts as empty; whether it can be written changes nothing.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import cast

from devtime.kernel.slots import SLOTS_PER_DAY
from devtime.pricing.prices import Prices, Step, Timeline
from devtime.wire.rates import Rate

MOST_CARDS = 5_000
"""So many rates are remembered. Names come from logs, and the file must not grow with what those make up."""

_MOST_BYTES = 16_000_000
_MOST_USD = Decimal(1_000_000_000)
_MOST_PARTS = 10_000
_LONGEST_KEY = 1_000
_OWN_PARTS = (
    *("match.py", "lookup.py", "catalog.py", "charges.py", "terms.py"),
    *("overrides.py", "ccusage.py", "prices.py", "cards.py"),
)

Cards = dict[str, Timeline | None]
"""Rate, as `key_of` spells it → its timeline; None: nobody tells its price."""


def key_of(rate: Rate) -> str:
    """What a rate's price depends on, as text."""
    return json.dumps(
        [rate.agent, rate.provider, rate.model, rate.speed, rate.tier, rate.region, rate.prompt_class],
        separators=(",", ":"),
    )


def stamp_prices(overrides: str) -> str:
    """What the cards were made from: the price list, our own rules and the user's prices. `""`: cannot be told.

    Files are known by place, size and time of change, for reading them would take longer than everything else.
    """
    folder = os.path.dirname(__file__)  # noqa: PTH120  a status line has no time for pathlib here
    parts = [overrides]
    for path in (_price_list(), *(f"{folder}/{name}" for name in _OWN_PARTS)):
        try:
            found = os.stat(path)  # noqa: PTH116
        except OSError:
            return ""
        parts.append(f"{path} {found.st_mtime_ns} {found.st_size}")
    return "\n".join(parts)


def _price_list() -> str:
    """Where the price list lies: where an import would find it, without importing."""
    for folder in sys.path:
        path = f"{folder or '.'}/genai_prices/data.py"
        if os.path.isfile(path):  # noqa: PTH113
            return path
    return ""


class Remembered:
    """The file, read when it is first asked; only what was asked for is decoded."""

    def __init__(self, path: Path, stamp: str) -> None:
        self._path = path
        self._stamp = stamp
        self._raw: dict[str, object] | None = None
        self._fresh: Cards = {}

    def find(self, key: str) -> tuple[bool, Timeline | None]:
        """Whether the rate was priced before, and its timeline."""
        if self._raw is None:
            self._raw = _read_file(self._path, self._stamp)
        if key not in self._raw:
            return False, None
        try:
            return True, _decode(self._raw[key])
        except (ValueError, TypeError, KeyError, IndexError, InvalidOperation):
            self._raw = {}
            return False, None

    def add(self, key: str, timeline: Timeline | None) -> None:
        """Keep it for `save`; a key that is too long to be a model's is not kept."""
        if len(key) <= _LONGEST_KEY:
            self._fresh[key] = timeline

    def save(self) -> None:
        """Write the file anew, whole or not at all, if something was added. Failing is no failure."""
        if not self._fresh or not self._stamp:
            return
        cards = _read_file(self._path, self._stamp) | {key: _encode(line) for key, line in self._fresh.items()}
        self._fresh = {}
        if len(cards) > MOST_CARDS:
            return
        content = json.dumps({"stamp": self._stamp, "cards": cards}, separators=(",", ":"))
        draft = self._path.with_name(f"prices.{os.getpid()}.new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(content)
            draft.replace(self._path)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _read_file(path: Path, stamp: str) -> dict[str, object]:
    """The cards in the file as they are written; none if it is of another stamp, or odd in any way."""
    if not stamp:
        return {}
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            return {}
        content = json.loads(data)
        if content["stamp"] != stamp or not isinstance(content["cards"], dict):
            return {}
        return cast("dict[str, object]", content["cards"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


def _encode(timeline: Timeline | None) -> object:
    if timeline is None:
        return None
    return {
        "prices": [[*(str(price) for price in prices[:6]), list(prices.notes)] for prices in timeline.prices],
        "steps": [[step.start, [list(hour) for hour in step.hours]] for step in timeline.steps],
        "title": timeline.title,
        "provider": timeline.provider,
        "source": timeline.source,
        "context_window": timeline.context_window,
    }


def _decode(raw: object) -> Timeline | None:
    if raw is None:
        return None
    card = cast("Mapping[str, object]", raw)
    prices = tuple(_decode_prices(one) for one in _items(card["prices"]))
    steps = tuple(_decode_step(one, len(prices)) for one in _items(card["steps"]))
    if steps[0].start != 0 or any(one.start >= after.start for one, after in pairwise(steps)):
        raise ValueError
    window = card["context_window"]
    if window is not None and (not isinstance(window, int) or window < 0):
        raise ValueError
    return Timeline(prices, steps, _text(card["title"]), _text(card["provider"]), _text(card["source"]), window)


def _decode_prices(raw: object) -> Prices:
    *numbers, notes = _items(raw)
    found = [Decimal(_text(number)) for number in numbers]
    if len(found) != 6 or not all(price.is_finite() and 0 <= price <= _MOST_USD for price in found):
        raise ValueError
    return Prices(*found, notes=tuple(_text(note) for note in _items(notes)))


def _decode_step(raw: object, prices: int) -> Step:
    start, hours = _items(raw)
    pairs = [_decode_hour(hour) for hour in _items(hours)]
    slots = [slot for slot, _ in pairs]
    if not isinstance(start, int) or start < 0 or start % SLOTS_PER_DAY or slots != sorted(set(slots)) or slots[0] != 0:
        raise ValueError
    if slots[-1] >= SLOTS_PER_DAY or not all(0 <= index < prices for _, index in pairs):
        raise ValueError
    return Step(start, tuple(pairs))


def _decode_hour(raw: object) -> tuple[int, int]:
    slot, index = _items(raw)
    if not isinstance(slot, int) or not isinstance(index, int):
        raise ValueError
    return slot, index


def _items(raw: object) -> list[object]:
    if not isinstance(raw, list) or len(cast("list[object]", raw)) > _MOST_PARTS:
        raise ValueError
    return cast("list[object]", raw)


def _text(raw: object) -> str:
    if not isinstance(raw, str) or len(raw) > 1_000:
        raise ValueError
    return raw
