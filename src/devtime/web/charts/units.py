"""What charts over time measure: its round steps, how an axis and a sentence spell it. Values are whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from devtime.web.charts.scale import duration_ticks, tick_label
from devtime.web.format import duration
from devtime.web.money import tokens, usd
from devtime.wire.usage import NANO

_ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Unit:
    """A measure. `ticks` are round values from 0 to the first at or above the most."""

    ticks: Callable[[int], list[int]]
    tick: Callable[[int], str]
    text: Callable[[int], str]


def round_ticks(most: int, least_step: int = 1, count: int = 5) -> list[int]:
    """Steps of 1, 2 or 5 times a power of ten, at most `count` of them."""
    power = least_step
    while True:
        for factor in _ROUND:
            step = factor * power
            if step * count >= most:
                return [step * index for index in range(max(1, -(-most // step)) + 1)]
        power *= 10


def dollars(amount_nusd: int) -> Decimal:
    """Dollars from billionths of them."""
    return Decimal(amount_nusd) / NANO


def _usd_tick(amount_nusd: int) -> str:
    if not amount_nusd:
        return "0"
    value = dollars(amount_nusd)
    return f"${value:,.0f}" if value == value.to_integral_value() else f"${value:.2f}"


def _short(count: int) -> str:
    """Ticks are round, so their zeros go: `1.50M` is `1.5M`."""
    text = tokens(count)
    unit = text[-1] if text[-1].isalpha() else ""
    number = text.removesuffix(unit)
    return (number.rstrip("0").rstrip(".") if "." in number else number) + unit


TIME = Unit(duration_ticks, tick_label, duration)
NUSD = Unit(lambda most: round_ticks(most, NANO // 100), _usd_tick, lambda amount: usd(dollars(amount)))
TOKENS = Unit(lambda most: round_ticks(most, 1), _short, tokens)
