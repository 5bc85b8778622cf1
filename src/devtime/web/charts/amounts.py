"""Axes of amounts in whatever unit a probe tells them: round steps for numbers of any size."""

from __future__ import annotations

from math import ceil, floor, log10

from markupsafe import Markup

from devtime.web.charts.svg import tag

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def amount_ticks(most: float, count: int = 4) -> list[float]:
    """Round values from 0 to the first at or above the most, at most `count` steps."""
    if most <= 0:
        return [0.0, 1.0]
    power = 10.0 ** floor(log10(most / count))
    step = next(step * power for step in (*_STEPS, 20.0) if step * power * count >= most * (1 - 1e-9))
    return [step * index for index in range(max(1, ceil(most / step - 1e-9)) + 1)]


def amount_grid(ticks: list[float], labels: list[str], top: int, height: int) -> Markup:
    """A line and a label for each tick; the drawing's plot lies between `top` and `height`."""
    lines: list[Markup] = []
    for value, text in zip(ticks, labels, strict=True):
        y = place(value, ticks[-1], top, height)
        lines.append(tag("line", x1="0", x2="100%", y1=y, y2=y, class_="grid" if value else "axis"))
        lines.append(tag("text", text, x=-8, y=y + 4, class_="tick tick-y"))
    return tag("g", *lines, aria_hidden="true")


def short_amount(value: float) -> str:
    """`0`, `2.5`, `9,500`, `20K`, `1.5M`: short enough for an axis."""
    if value < 10_000:
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")
    power = min(4, (len(str(int(value))) - 1) // 3)
    return f"{value / 1_000**power:,.4g}{'KMBT'[power - 1]}"


def place(value: float, most: float, top: int, height: int) -> float:
    """Where a value lies between the bottom, `height`, and `top`."""
    return round(top + (height - top) * (1 - value / most), 2)
