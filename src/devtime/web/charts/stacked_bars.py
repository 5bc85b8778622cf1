"""Stacked bars over days, weeks or months, with hours on the vertical axis."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from devtime.web.charts.figure import Cell, drawing, figure, legend, table
from devtime.web.charts.palette import OTHER, assign_colours
from devtime.web.charts.scale import duration_ticks, tick_label
from devtime.web.charts.svg import join, link, percent, tag
from devtime.web.format import MONTHS, date_span, duration, label, short_day, short_weekday
from devtime.web.views.parts import Bar, BarPart, Bars

_HEIGHT = 220
_TOP = 10
_SERIES = 8


@dataclass(frozen=True, slots=True)
class _Series:
    names: tuple[str, ...]
    colours: dict[str, str]

    def of(self, name: str) -> str:
        return self.colours.get(name, OTHER)


def stacked_bars(data: Bars, name: str) -> Markup:
    """Bars of the range; segments and bars are links. The eight longest series have colours, the rest is grey."""
    series = _rank(data)
    longest_ms = max((bar.total_ms for bar in data.bars), default=0)
    ticks = duration_ticks(longest_ms)
    marks = _bars(data, series, ticks[-1])
    plot = drawing(_HEIGHT + 34, name, _grid(ticks), join(marks), _labels(data), class_="has-axis")
    total_ms = sum(bar.total_ms for bar in data.bars)
    description = (
        f"{duration(total_ms)} in {len(data.bars)} {data.bucket}s, at most {duration(longest_ms)} a {data.bucket}"
    )
    return figure("bars", name, description, join((_legend(data, series), plot)), _table(data, series, name))


def _rank(data: Bars) -> _Series:
    totals: Counter[str] = Counter()
    for bar in data.bars:
        for part in bar.parts:
            totals[part.name] += part.ms
    ranked = sorted(totals, key=lambda each: (-totals[each], each))
    names = tuple(ranked[:_SERIES])
    return _Series(names, assign_colours(names))


def _grid(ticks: list[int]) -> Markup:
    lines: list[Markup] = []
    for value in ticks:
        y = _y(value, ticks[-1])
        lines.append(tag("line", x1="0", x2="100%", y1=y, y2=y, class_="grid" if value else "axis"))
        lines.append(tag("text", tick_label(value), x=-8, y=y + 4, class_="tick tick-y"))
    return tag("g", *lines, aria_hidden="true")


def _y(value_ms: float, top_ms: int) -> float:
    return round(_TOP + (_HEIGHT - _TOP) * (1 - value_ms / top_ms), 2)


def _bars(data: Bars, series: _Series, top_ms: int) -> list[Markup]:
    count = len(data.bars)
    marks: list[Markup] = []
    for index, bar in enumerate(data.bars):
        below_ms = 0
        for part in _stack(bar, series):
            low, high = _y(below_ms, top_ms), _y(below_ms + part.ms, top_ms)
            below_ms += part.ms
            shape = tag(
                "rect",
                x=percent(index + 0.14, count),
                width=percent(0.72, count),
                y=high,
                height=round(max(low - high, 0.6), 2),
                class_=f"mark {series.of(part.name)}",
            )
            tip = (
                f"{_bar_name(bar)}: {label(data.dimension, part.name)} {duration(part.ms)} of {duration(bar.total_ms)}"
            )
            marks.append(link(part.href, tip, shape, is_first=not marks))
    return marks


def _stack(bar: Bar, series: _Series) -> list[BarPart]:
    order = {name: index for index, name in enumerate(series.names)}
    parts = [part for part in bar.parts if part.ms > 0]
    return sorted(parts, key=lambda part: (order.get(part.name, _SERIES), -part.ms, part.name))


def _labels(data: Bars) -> Markup:
    count = len(data.bars)
    texts: list[Markup] = []
    for index in range(count):
        upper, lower, weight = _label(data, index)
        if weight > 2:
            continue
        x = percent(index + 0.5, count)
        texts.append(tag("text", upper, x=x, y=_HEIGHT + 16, class_=f"tick tick-x weight-{weight}"))
        if lower:
            texts.append(tag("text", lower, x=x, y=_HEIGHT + 30, class_=f"tick tick-x faint weight-{weight}"))
    return tag("g", *texts, aria_hidden="true")


def _label(data: Bars, index: int) -> tuple[str, str, int]:
    """Upper and lower line, and how soon it is dropped when narrow (0 never, 1 on phones, 2 wide only, 3 always)."""
    bar, count = data.bars[index], len(data.bars)
    month = MONTHS[bar.first.month - 1][:3]
    is_new_year = index == 0 or data.bars[index - 1].first.year != bar.first.year
    if data.bucket == "month":
        sparse = 1 if count > 14 and bar.first.month % 3 != 1 else 0
        return month[:3] if count <= 26 else month[0], str(bar.first.year) if is_new_year else "", sparse
    is_new_month = index == 0 or data.bars[index - 1].first.month != bar.first.month
    if data.bucket == "week":
        near_start = index > 0 and index < 3
        return month, str(bar.first.year) if is_new_year else "", (0 if is_new_month and not near_start else 3)
    if count <= 14:
        return short_weekday(bar.first), f"{bar.first.day} {month}" if is_new_month else str(bar.first.day), 0
    lower = month if is_new_month or bar.first.day == 1 else ""
    if count <= 45:
        every = 0 if index % 7 == 0 else 1
        return str(bar.first.day), lower, every
    return f"{bar.first.day} {month}", "", 0 if index % 14 == 0 else 1 if index % 7 == 0 else 3


def _bar_name(bar: Bar) -> str:
    return short_day(bar.first) if bar.first == bar.last else date_span(bar.first, bar.last)


def _legend(data: Bars, series: _Series) -> Markup:
    entries = [(series.of(name), label(data.dimension, name)) for name in series.names]
    known = set(series.names)
    others = {part.name for bar in data.bars for part in bar.parts} - known
    if others:
        entries.append((OTHER, f"{len(others)} more"))
    return legend(entries) if entries else Markup("")


def _table(data: Bars, series: _Series, name: str) -> Markup:
    heads = [data.bucket.capitalize(), "Total", *[label(data.dimension, each) for each in series.names]]
    known = set(series.names)
    has_others = any(part.name not in known for bar in data.bars for part in bar.parts)
    if has_others:
        heads.append("Others")
    return table(name, heads, [_row(bar, series, has_others) for bar in data.bars])


def _row(bar: Bar, series: _Series, has_others: bool) -> list[Cell]:
    found = {part.name: part for part in bar.parts}
    cells = [Cell(_bar_name(bar), bar.href), Cell(duration(bar.total_ms), bar.href)]
    for name in series.names:
        part = found.pop(name, None)
        cells.append(Cell(duration(part.ms), part.href) if part else Cell("–"))
    if has_others:
        cells.append(Cell(duration(sum(part.ms for part in found.values()))))
    return cells
