"""A calendar of up to a year and a bit: a column a week, a square a day, five shades of time."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta

from markupsafe import Markup

from devtime.web.charts.figure import Cell, figure, table
from devtime.web.charts.svg import join, link, tag
from devtime.web.format import MONTHS, duration, plural, short_day, week_columns, week_of
from devtime.web.views.parts import Calendar, DayTotal

_CELL = 14
_STEP = 18
_LEFT = 36
_TOP = 20


def year_heatmap(data: Calendar, name: str) -> Markup:
    """Squares from the first day to the last; days with activity are links. Shades are quarters of the busy days."""
    found = {each.day: each for each in data.days if each.ms > 0}
    limits = _limits([each.ms for each in found.values()])
    origin = week_of(data.first, data.week_start)
    weeks = (data.last - origin).days // 7 + 1
    cells = _cells(data, found, limits, origin)
    width, height = _LEFT + weeks * _STEP, _TOP + 7 * _STEP
    plot = tag(
        "svg",
        _weekdays(data.week_start),
        _months(data, origin, weeks),
        cells,
        class_="chart-svg heatmap-svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="group",
        aria_label=name,
        data_marks="grid",
    )
    region = tag("div", plot, class_="heatmap-scroll", tabindex=0, role="region", aria_label=f"{name}, scrolling")
    total_ms = sum(each.ms for each in found.values())
    description = (
        f"{duration(total_ms)} on {plural(len(found), 'day')} of {plural((data.last - data.first).days + 1, 'day')}"
    )
    return figure("heatmap", name, description, join((region, _legend(limits))), _table(data, found, origin, name))


def _table(data: Calendar, found: dict[date, DayTotal], origin: date, name: str) -> Markup:
    rows: list[list[Cell]] = []
    for offset in range(0, (data.last - origin).days + 1, 7):
        first = origin + timedelta(days=offset)
        totals = (found.get(first + timedelta(days=day)) for day in range(7))
        cells = [Cell(duration(total.ms), total.href) if total else Cell("–") for total in totals]
        rows.append([Cell(f"{first.day} {MONTHS[first.month - 1][:3]} {first.year}"), *cells])
    return table(name, ("Week of", *week_columns(data.week_start)), rows)


def _limits(values: list[int]) -> tuple[int, ...]:
    """Where shades two to five begin: the quartiles of the days with activity."""
    ordered = sorted(values)
    if not ordered:
        return ()
    return tuple(ordered[len(ordered) * quarter // 4] for quarter in (1, 2, 3))


def _shade(length_ms: int, limits: tuple[int, ...]) -> int:
    return 1 + bisect_left(limits, length_ms)


def _cells(data: Calendar, found: dict[date, DayTotal], limits: tuple[int, ...], origin: date) -> Markup:
    marks: list[Markup] = []
    is_first = True
    for offset in range((data.last - data.first).days + 1):
        day = data.first + timedelta(days=offset)
        week, row = divmod((day - origin).days, 7)
        total = found.get(day)
        shade = _shade(total.ms, limits) if total else 0
        x, y = _LEFT + week * _STEP, _TOP + row * _STEP
        square = tag("rect", x=x, y=y, width=_CELL, height=_CELL, rx=2.5, class_=f"heat heat-{shade}")
        if total is None:
            marks.append(square)
            continue
        marks.append(link(total.href, f"{short_day(day)} {day.year}: {duration(total.ms)}", square, is_first=is_first))
        is_first = False
    return join(marks)


def _weekdays(week_start: int) -> Markup:
    names = week_columns(week_start)
    texts = [tag("text", names[row][:3], x=0, y=_TOP + row * _STEP + 11, class_="tick faint") for row in (0, 2, 4, 6)]
    return tag("g", *texts, aria_hidden="true")


def _months(data: Calendar, origin: date, weeks: int) -> Markup:
    texts: list[Markup] = []
    last_week = -4
    for week in range(weeks):
        first = max(origin + timedelta(days=7 * week), data.first)
        previous = origin + timedelta(days=7 * week - 7)
        if (week == 0 or first.month != previous.month) and week - last_week > 2 and week < weeks - 1:
            x = _LEFT + week * _STEP
            texts.append(tag("text", MONTHS[first.month - 1][:3], x=x, y=12, class_="tick"))
            last_week = week
    return tag("g", *texts, aria_hidden="true")


def _legend(limits: tuple[int, ...]) -> Markup:
    squares = [
        tag("rect", x=18 * shade, width=_CELL, height=_CELL, rx=2.5, class_=f"heat heat-{shade}") for shade in range(5)
    ]
    scale = tag("svg", *squares, width=86, height=_CELL, aria_hidden="true")
    words = f"quarters at {', '.join(duration(limit) for limit in limits)} a day" if limits else "no activity"
    return tag("p", "less", scale, "more", tag("span", words, class_="heat-limits"), class_="heat-legend")
