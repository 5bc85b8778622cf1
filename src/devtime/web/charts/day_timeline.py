"""The timeline of a day: a lane for each tool, sessions as bars from the first to the last hour of the local day."""

from __future__ import annotations

from markupsafe import Markup

from devtime.kernel.clock import HOUR_MS, MINUTE_MS
from devtime.web.charts.figure import Cell, figure, table
from devtime.web.charts.palette import assign_colours
from devtime.web.charts.scale import hour_ticks
from devtime.web.charts.svg import join, link, percent, tag
from devtime.web.format import clock, duration, label, plural, spoken, tool_name
from devtime.web.views.parts import Lane, Span, Timeline

_ROW = 22
_BAR = 16
_LEAST = 34
_AXIS = 22


def day_timeline(data: Timeline, name: str) -> Markup:
    """Lanes over the hours of the day (23 or 25 when clocks change); each session is a link."""
    ticks = hour_ticks(data.start_ms, data.end_ms, data.zone)
    grid = _grid(data, ticks)
    colours = assign_colours(lane.tool for lane in data.lanes)
    lanes = [_lane(data, lane, colours[lane.tool], grid, is_first=not index) for index, lane in enumerate(data.lanes)]
    hours = (data.end_ms - data.start_ms) / HOUR_MS
    sessions = sum(len(lane.spans) for lane in data.lanes)
    description = f"{plural(sessions, 'session')} of {plural(len(data.lanes), 'tool')} over {hours:g} hours"
    drawn = tag("div", *lanes, _axis(data, ticks), class_="lanes", data_marks="")
    return figure("timeline", name, description, drawn, _table(data, name))


def _lane(data: Timeline, lane: Lane, colour: str, grid: Markup, *, is_first: bool) -> Markup:
    rows = _pack(lane.spans)
    height = max(_ROW * len(rows), _LEAST) + 10
    top = (height - _ROW * len(rows)) / 2
    marks: list[Markup] = []
    for index, row in enumerate(rows):
        for span in row:
            marks.append(_mark(data, lane, span, colour, top + _ROW * index, is_first=is_first and not marks))
    tool = tool_name(lane.tool)
    plot = tag(
        "svg",
        grid,
        _now(data),
        join(marks),
        class_="chart-svg lane-plot",
        width="100%",
        height=height,
        role="group",
        aria_label=f"{tool}, {spoken(lane.ms)}",
    )
    head = tag(
        "div",
        tag("span", tool, class_="lane-name", title=tool),
        tag("a", duration(lane.ms), href=lane.href, class_="lane-time"),
        class_="lane-head",
    )
    return tag("div", head, plot, class_="lane")


def _pack(spans: tuple[Span, ...]) -> list[list[Span]]:
    """Sessions that overlap go to rows of their own, each to the first row with room."""
    rows: list[list[Span]] = [[]]
    for span in sorted(spans, key=lambda each: (each.start_ms, each.end_ms)):
        room = next((row for row in rows if not row or row[-1].end_ms <= span.start_ms), None)
        if room is None:
            rows.append([span])
        else:
            room.append(span)
    return rows


def _mark(data: Timeline, lane: Lane, span: Span, colour: str, top: float, *, is_first: bool) -> Markup:
    length_ms = data.end_ms - data.start_ms
    # A session of a single instant still shows: half a percent is a bar one can click.
    width_ms = max(span.end_ms - span.start_ms, 4 * MINUTE_MS)
    shape = tag(
        "rect",
        x=percent(span.start_ms - data.start_ms, length_ms),
        y=top + (_ROW - _BAR) / 2,
        width=percent(width_ms, length_ms),
        height=_BAR,
        rx=3,
        class_=f"mark {colour}",
    )
    times = f"{clock(span.start_ms, data.zone)}–{clock(span.end_ms, data.zone)}"
    project = label("project", span.project)
    return link(span.href, f"{times} {tool_name(lane.tool)}, {project}: {duration(span.ms)}", shape, is_first=is_first)


def _grid(data: Timeline, ticks: list[tuple[int, int]]) -> Markup:
    length_ms = data.end_ms - data.start_ms
    lines: list[Markup] = []
    for instant, hour in ticks:
        x = percent(instant - data.start_ms, length_ms)
        kind = "grid grid-strong" if hour % 6 == 0 else "grid"
        lines.append(tag("line", x1=x, x2=x, y1="0", y2="100%", class_=kind))
    return tag("g", *lines, aria_hidden="true")


def _now(data: Timeline) -> Markup:
    if data.now_ms is None or not data.start_ms <= data.now_ms < data.end_ms:
        return Markup("")
    x = percent(data.now_ms - data.start_ms, data.end_ms - data.start_ms)
    return tag("line", x1=x, x2=x, y1="0", y2="100%", class_="now", aria_hidden="true")


def _axis(data: Timeline, ticks: list[tuple[int, int]]) -> Markup:
    length_ms = data.end_ms - data.start_ms
    texts: list[Markup] = []
    for instant, hour in ticks:
        weight = 0 if hour % 6 == 0 else 1 if hour % 3 == 0 else 2
        x = percent(instant - data.start_ms, length_ms)
        texts.append(tag("text", f"{hour:02d}", x=x, y=15, class_=f"tick tick-x weight-{weight}"))
    texts.append(tag("text", "24", x="100%", y=15, class_="tick tick-x weight-0"))
    plot = tag("svg", *texts, class_="chart-svg lane-plot", width="100%", height=_AXIS, aria_hidden="true")
    return tag("div", tag("span", "Hour", class_="lane-head lane-unit"), plot, class_="lane lane-axis")


def _table(data: Timeline, name: str) -> Markup:
    rows: list[list[Cell]] = []
    for lane in data.lanes:
        for span in sorted(lane.spans, key=lambda each: each.start_ms):
            rows.append(
                [
                    Cell(tool_name(lane.tool)),
                    Cell(label("project", span.project)),
                    Cell(clock(span.start_ms, data.zone)),
                    Cell(clock(span.end_ms, data.zone)),
                    Cell(duration(span.ms), span.href),
                ]
            )
    return table(name, ("Tool", "Project", "From", "To", "Time"), rows)
