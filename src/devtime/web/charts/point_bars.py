"""Bars a probe tells, each with its own label: a row of them with an axis."""

from __future__ import annotations

from markupsafe import Markup

from devtime.plugins.kinds.probe.lines import BarChart, Point
from devtime.web.charts.amounts import amount_grid, amount_ticks, place, short_amount
from devtime.web.charts.figure import Cell, drawing, figure, table
from devtime.web.charts.svg import percent, tag
from devtime.web.format import plural

_HEIGHT, _TOP = 110, 8


def point_bars(chart: BarChart) -> Markup:
    """The bars of a chart; labels stand under the first, the last and some between."""
    count, most = len(chart.points), max((point.value for point in chart.points), default=0.0)
    ticks = amount_ticks(most, 3)
    prefix = "$" if all((point.value_label or "").startswith("$") for point in chart.points) else ""
    marks: list[Markup] = []
    for index, point in enumerate(chart.points):
        y = place(point.value, ticks[-1], _TOP, _HEIGHT)
        marks.append(
            tag(
                "rect",
                x=percent(index + 0.14, count),
                width=percent(0.72, count),
                y=y,
                height=max(_HEIGHT - y, 0.6),
                rx=1.5,
                class_="mark c-plain",
            )
        )
    labels = [prefix + short_amount(value) for value in ticks]
    plot = drawing(
        _HEIGHT + 22,
        chart.label,
        amount_grid(ticks, labels, _TOP, _HEIGHT),
        tag("g", *marks, aria_hidden="true"),
        tag("g", *_labels(chart.points), aria_hidden="true"),
        class_="has-axis",
    )
    description = f"{plural(count, 'bar')}, at most {most:,.2f}"
    rows = [(Cell(point.label), Cell(_value(point))) for point in chart.points]
    return figure("points", chart.label, description, plot, table(chart.label, ("", "Value"), rows))


def _labels(points: tuple[Point, ...]) -> list[Markup]:
    count = len(points)
    shown = (
        sorted({0, count - 1, *(round(place * (count - 1) / 4) for place in (1, 2, 3))}) if count > 6 else range(count)
    )
    texts: list[Markup] = []
    for index in shown:
        weight = 0 if index in (0, count - 1) else 1
        label = points[index].label
        short = label[5:] if len(label) == 10 and label[4] == label[7] == "-" else label[:12]
        texts.append(
            tag("text", short, x=percent(index + 0.5, count), y=_HEIGHT + 16, class_=f"tick tick-x weight-{weight}")
        )
    return texts


def _value(point: Point) -> str:
    return point.value_label or f"{point.value:,.2f}".removesuffix(".00")
