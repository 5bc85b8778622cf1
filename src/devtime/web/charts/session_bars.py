"""What a session cost over its own time: bars of equal stretches between its first and its last event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from devtime.web.charts.figure import Cell, drawing, figure, legend, table
from devtime.web.charts.palette import assign_colours
from devtime.web.charts.svg import join, link, percent, tag
from devtime.web.charts.units import NUSD
from devtime.web.format import clock, label, localize, number, plural, short_day
from devtime.web.views.ai_pages import Slice

_HEIGHT = 170
_TOP = 10
_LABELS = 6


def session_bars(slices: Sequence[Slice], zone: str, name: str) -> Markup:
    """Stacked by model; each bar leads to its events."""
    totals: Counter[str] = Counter()
    for each in slices:
        for model, amount in each.parts:
            totals[model] += amount
    names = [model for model, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))]
    colours = assign_colours(names)
    most = max((sum(amount for _, amount in each.parts) for each in slices), default=0)
    ticks = NUSD.ticks(most)
    marks: list[Markup] = []
    for index, each in enumerate(slices):
        if each.events:
            marks.append(_bar(each, index, len(slices), names, colours, ticks[-1], zone, is_first=not marks))
    plot = drawing(_HEIGHT + 22, name, _grid(ticks), join(marks), _labels(slices, zone), class_="has-axis")
    keys = legend([(colours[model], label("model", model)) for model in names[:10]]) if len(names) > 1 else Markup("")
    events = sum(each.events for each in slices)
    description = f"{NUSD.text(sum(totals.values()))} in {plural(events, 'response')}"
    return figure("bars", name, description, join((keys, plot)), _table(slices, zone, name))


def _y(value: float, top: int) -> float:
    return round(_TOP + (_HEIGHT - _TOP) * (1 - value / top), 2)


def _bar(
    each: Slice,
    index: int,
    count: int,
    names: Sequence[str],
    colours: dict[str, str],
    top: int,
    zone: str,
    *,
    is_first: bool,
) -> Markup:
    found, below = dict(each.parts), 0
    shapes: list[Markup] = []
    for model in names:
        amount = found.get(model, 0)
        if amount <= 0:
            continue
        low, high = _y(below, top), _y(below + amount, top)
        below += amount
        shapes.append(_rect(index, count, high, max(low - high, 0.6), f"mark {colours[model]}"))
    if not shapes:
        shapes.append(_rect(index, count, _HEIGHT - 2, 2, "mark c-other"))
    tip = f"{_times(each, zone)}: {NUSD.text(below)}, {plural(each.events, 'response')}"
    return link(each.href, tip, *shapes, is_first=is_first)


def _rect(index: int, count: int, y: float, height: float, class_: str) -> Markup:
    return tag(
        "rect",
        x=percent(index + 0.1, count),
        width=percent(0.8, count),
        y=y,
        height=round(height, 2),
        class_=class_,
    )


def _grid(ticks: list[int]) -> Markup:
    lines: list[Markup] = []
    for value in ticks:
        y = _y(value, ticks[-1])
        lines.append(tag("line", x1="0", x2="100%", y1=y, y2=y, class_="grid" if value else "axis"))
        lines.append(tag("text", NUSD.tick(value), x=-8, y=y + 4, class_="tick tick-y"))
    return tag("g", *lines, aria_hidden="true")


def _labels(slices: Sequence[Slice], zone: str) -> Markup:
    """The time at the start of every so many bars."""
    count = len(slices)
    step = max(1, -(-count // _LABELS))
    is_long = bool(slices) and localize(slices[0].start_ms, zone).date() != localize(slices[-1].end_ms, zone).date()
    texts: list[Markup] = []
    for place, index in enumerate(range(0, count, step)):
        at_ms = slices[index].start_ms
        text = short_day(localize(at_ms, zone).date())[4:] + f" {clock(at_ms, zone)}" if is_long else clock(at_ms, zone)
        weight = " weight-1" if place % 2 else ""
        texts.append(tag("text", text, x=percent(index + 0.1, count), y=_HEIGHT + 17, class_=f"tick{weight}"))
    return tag("g", *texts, aria_hidden="true")


def _times(each: Slice, zone: str) -> str:
    return f"{short_day(localize(each.start_ms, zone).date())}, {clock(each.start_ms, zone)}–{clock(each.end_ms, zone)}"


def _table(slices: Sequence[Slice], zone: str, name: str) -> Markup:
    rows = [
        [
            Cell(_times(each, zone), each.href),
            Cell(number(each.events)),
            Cell(NUSD.text(sum(amount for _, amount in each.parts)), each.href),
        ]
        for each in slices
        if each.events
    ]
    return table(name, ("Time", "Responses", "Cost"), rows)
