"""Stacked bars over days, weeks or months: hours, dollars or tokens on the vertical axis."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from devtime.web.charts.bar_labels import label_bars
from devtime.web.charts.figure import Cell, drawing, figure, legend, table
from devtime.web.charts.palette import OTHER, assign_colours
from devtime.web.charts.svg import join, link, percent, tag
from devtime.web.charts.units import NUSD, TIME, TOKENS, Unit
from devtime.web.format import date_span, label, short_day
from devtime.web.views.ai import AmountBar, AmountBars
from devtime.web.views.parts import Bar, Bars

_HEIGHT = 220
_TOP = 10
_SERIES = 8


@dataclass(frozen=True, slots=True)
class _Series:
    names: tuple[str, ...]
    colours: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Segment:
    colour: str
    name: str
    amount: int
    href: str


def stacked_bars(data: Bars | AmountBars, name: str) -> Markup:
    """Bars of the range; segments and bars are links. The longest series have colours, the rest is grey."""
    series = _rank(data)
    unit = _unit(data)
    totals = [_total(bar) for bar in data.bars]
    most = max(totals, default=0)
    ticks = unit.ticks(most)
    marks = _bars(data, series, unit, ticks[-1])
    plot = drawing(_HEIGHT + 34, name, _grid(ticks, unit), join(marks), label_bars(data, _HEIGHT), class_="has-axis")
    description = (
        f"{unit.text(sum(totals))} in {len(data.bars)} {data.bucket}s, at most {unit.text(most)} a {data.bucket}"
    )
    return figure("bars", name, description, join((_legend(data, series), plot)), _table(data, series, unit, name))


def series_names(data: Bars | AmountBars) -> tuple[str, ...]:
    """The names that have colours of their own in the bars, longest first."""
    return _rank(data).names


def _unit(data: Bars | AmountBars) -> Unit:
    if isinstance(data, Bars):
        return TIME
    return NUSD if data.unit == "nusd" else TOKENS


def _total(bar: Bar | AmountBar) -> int:
    return sum(part.amount for part in bar.parts)


def _rank(data: Bars | AmountBars) -> _Series:
    totals: Counter[str] = Counter()
    for bar in data.bars:
        for part in bar.parts:
            totals[part.name] += part.amount
    ranked = sorted(totals, key=lambda each: (-totals[each], each))
    # One name too many is shown rather than called "1 more".
    names = tuple(ranked if len(ranked) <= _SERIES + 1 else ranked[:_SERIES])
    return _Series(names, assign_colours(names))


def _grid(ticks: list[int], unit: Unit) -> Markup:
    lines: list[Markup] = []
    for value in ticks:
        y = _y(value, ticks[-1])
        lines.append(tag("line", x1="0", x2="100%", y1=y, y2=y, class_="grid" if value else "axis"))
        lines.append(tag("text", unit.tick(value), x=-8, y=y + 4, class_="tick tick-y"))
    return tag("g", *lines, aria_hidden="true")


def _y(value: float, top: int) -> float:
    return round(_TOP + (_HEIGHT - _TOP) * (1 - value / top), 2)


def _bars(data: Bars | AmountBars, series: _Series, unit: Unit, top: int) -> list[Markup]:
    count = len(data.bars)
    marks: list[Markup] = []
    for index, bar in enumerate(data.bars):
        below, total = 0, unit.text(_total(bar))
        for segment in _stack(data, bar, series):
            low, high = _y(below, top), _y(below + segment.amount, top)
            below += segment.amount
            shape = tag(
                "rect",
                x=percent(index + 0.14, count),
                width=percent(0.72, count),
                y=high,
                height=round(max(low - high, 0.6), 2),
                class_=f"mark {segment.colour}",
            )
            tip = f"{_bar_name(bar)}: {segment.name} {unit.text(segment.amount)} of {total}"
            marks.append(link(segment.href, tip, shape, is_first=not marks))
    return marks


def _stack(data: Bars | AmountBars, bar: Bar | AmountBar, series: _Series) -> list[_Segment]:
    """The series of a bar, longest of the range at the bottom, and one grey segment for all the rest."""
    found = {part.name: part for part in bar.parts if part.amount > 0}
    segments: list[_Segment] = []
    for name in series.names:
        if part := found.pop(name, None):
            segments.append(_Segment(series.colours[name], label(data.dimension, name), part.amount, part.href))
    if found:
        rest = sum(part.amount for part in found.values())
        segments.append(_Segment(OTHER, f"{len(found)} more", rest, bar.href))
    return segments


def _bar_name(bar: Bar | AmountBar) -> str:
    return short_day(bar.first) if bar.first == bar.last else date_span(bar.first, bar.last)


def _legend(data: Bars | AmountBars, series: _Series) -> Markup:
    entries = [(series.colours[name], label(data.dimension, name)) for name in series.names]
    known = set(series.names)
    others = {part.name for bar in data.bars for part in bar.parts} - known
    if others:
        entries.append((OTHER, f"{len(others)} more"))
    return legend(entries) if entries else Markup("")


def _table(data: Bars | AmountBars, series: _Series, unit: Unit, name: str) -> Markup:
    heads = [data.bucket.capitalize(), "Total", *[label(data.dimension, each) for each in series.names]]
    known = set(series.names)
    has_others = any(part.name not in known for bar in data.bars for part in bar.parts)
    if has_others:
        heads.append("Others")
    return table(name, heads, [_row(bar, series, unit, has_others) for bar in data.bars])


def _row(bar: Bar | AmountBar, series: _Series, unit: Unit, has_others: bool) -> list[Cell]:
    found = {part.name: part for part in bar.parts}
    cells = [Cell(_bar_name(bar), bar.href), Cell(unit.text(_total(bar)), bar.href)]
    for name in series.names:
        part = found.pop(name, None)
        cells.append(Cell(unit.text(part.amount), part.href) if part else Cell("–"))
    if has_others:
        cells.append(Cell(unit.text(sum(part.amount for part in found.values()))))
    return cells
