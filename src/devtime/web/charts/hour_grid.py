"""Which hours of which weekdays: seven rows of twenty-four squares, darker where more time was spent."""

from __future__ import annotations

from markupsafe import Markup

from devtime.web.charts.figure import Cell, drawing, figure, table
from devtime.web.charts.svg import join, percent, tag
from devtime.web.format import WEEKDAYS, duration
from devtime.web.views.parts import HourGrid

_ROW = 22
_SHADES = 5


def hour_grid(data: HourGrid, name: str) -> Markup:
    """Seven rows from the first day of the week, a column an hour of the local clock; equal steps of shade."""
    order = [(data.week_start + offset) % 7 for offset in range(7)]
    most_ms = max((value for row in data.cells for value in row), default=0)
    shapes = [_row(data, weekday, position, most_ms, not position) for position, weekday in enumerate(order)]
    plot = drawing(_ROW * 7 + 22, name, *shapes, _axis(), class_="has-axis")
    description = f"darkest: {duration(most_ms)} in one hour of the week" if most_ms else "no activity"
    heads = ("Hour", *[WEEKDAYS[weekday] for weekday in order])
    rows = [
        [Cell(f"{hour:02d}:00"), *[Cell(_amount(data.cells[weekday][hour])) for weekday in order]] for hour in range(24)
    ]
    return figure("hours", name, description, plot, table(name, heads, rows))


def _amount(value_ms: int) -> str:
    return duration(value_ms) if value_ms else "–"


def _shade(value_ms: int, most_ms: int) -> int:
    return -(-value_ms * (_SHADES - 1) // most_ms) if value_ms > 0 else 0


def _row(data: HourGrid, weekday: int, position: int, most_ms: int, is_first: bool) -> Markup:
    y = _ROW * position
    cells: list[Markup] = [tag("text", WEEKDAYS[weekday][:3], x=-8, y=y + 14, class_="tick tick-y", aria_hidden="true")]
    for hour, value_ms in enumerate(data.cells[weekday]):
        tip = f"{WEEKDAYS[weekday]} {hour:02d}–{hour + 1:02d}: {duration(value_ms)}"
        cells.append(
            tag(
                "rect",
                x=percent(hour + 0.06, 24),
                y=y,
                width=percent(0.88, 24),
                height=_ROW - 4,
                rx=3,
                class_=f"heat heat-{_shade(value_ms, most_ms)}",
                role="img",
                aria_label=tip,
                tabindex=0 if is_first and not hour else -1,
            )
        )
    return join(cells)


def _axis() -> Markup:
    texts = [
        tag(
            "text",
            f"{hour:02d}",
            x=percent(hour, 24),
            y=_ROW * 7 + 14,
            class_=f"tick tick-x weight-{0 if hour % 6 == 0 else 1}",
        )
        for hour in range(0, 25, 3)
    ]
    return tag("g", *texts, aria_hidden="true")
