"""Charts: what is drawn adds up to what was given, names cannot break out, and days have the hours they have."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from devtime.kernel.clock import HOUR_MS, MINUTE_MS
from devtime.web.charts.day_timeline import day_timeline
from devtime.web.charts.hour_grid import hour_grid
from devtime.web.charts.palette import assign_colours
from devtime.web.charts.ranked_bars import ranked_bars
from devtime.web.charts.scale import duration_ticks, hour_ticks, tick_label
from devtime.web.charts.sparkline import sparkline
from devtime.web.charts.stacked_bars import stacked_bars
from devtime.web.charts.svg import tag
from devtime.web.charts.year_heatmap import year_heatmap
from devtime.web.format import duration
from devtime.web.views.parts import Bar, BarPart, Bars, Calendar, DayTotal, HourGrid, Lane, Span, Timeline
from samples import activity
from samples.drawings import parse, percent, texts, with_class
from samples.names import BAD, HOSTILE, MANY, RICH


@given(some.text(), some.text())
def test_no_text_breaks_out_of_an_element_or_an_attribute(text: str, value: str) -> None:
    written = tag("text", text, title=value)
    assert written.count("<") == 2
    assert written.count('"') == 2


def test_hostile_names_are_shown_as_they_are_and_nowhere_as_elements() -> None:
    day, span = activity.make_day(BAD), activity.make_range(BAD)
    drawn = (
        day_timeline(day.timeline, HOSTILE[0])
        + ranked_bars(span.breakdowns[0])
        + stacked_bars(span.bars, HOSTILE[1])
        + sparkline((1, 2), HOSTILE[2])
    ).replace("\x00", "")
    tree = parse(drawn)
    assert not {element.tag for element in tree.iter()} & {"script", "img", "style"}
    assert not [name for element in tree.iter() for name in element.keys() if name.startswith("on")]  # noqa: SIM118
    assert any(HOSTILE[0] in text for text in texts(tree))


@pytest.mark.parametrize("longest_ms", [0, 1, 5 * MINUTE_MS, HOUR_MS, 7 * HOUR_MS + 1, 9_000 * HOUR_MS])
def test_axis_ticks_are_even_few_and_reach_the_longest(longest_ms: int) -> None:
    ticks = duration_ticks(longest_ms)
    assert ticks[0] == 0
    assert ticks[-1] >= longest_ms
    assert ticks[-1] > 0
    assert len(ticks) <= 6
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1
    assert len({tick_label(tick) for tick in ticks}) == len(ticks)


def test_bars_are_as_high_as_their_share_of_the_axis() -> None:
    day = date(2025, 1, 15)
    parts = (BarPart("a", 2 * HOUR_MS, "/a"), BarPart("b", HOUR_MS, "/b"))
    tree = parse(stacked_bars(Bars("project", "day", (Bar(day, day, "/day", parts),)), "Time"))
    heights = [float(mark.get("height", "0")) for mark in with_class(tree, "mark") if mark.get("width") != "10"]
    assert heights == pytest.approx([140, 70])


def test_many_series_share_one_grey_segment_and_the_table_still_adds_up() -> None:
    day = date(2025, 1, 15)
    parts = tuple(BarPart(f"p{index}", (20 - index) * MINUTE_MS, f"/p{index}") for index in range(20))
    tree = parse(stacked_bars(Bars("project", "day", (Bar(day, day, "/day", parts),)), "Time"))
    drawn = [element for element in tree.iter("a") if element.get("aria-label")]
    assert len(drawn) == 9
    assert "12 more" in (drawn[-1].get("aria-label") or "")
    cells = [cell.text for cell in tree.iter("td")]
    assert cells[-1] == duration(sum(part.ms for part in parts[8:]))


@pytest.mark.parametrize("names", [RICH, MANY])
def test_every_part_of_a_range_is_in_the_table_behind_its_bars(names: object) -> None:
    data = activity.make_bars(RICH if names is RICH else MANY, date(2025, 1, 1), 31, Random(1))
    tree = parse(stacked_bars(data, "Time"))
    assert len(list(tree.iter("tr"))) == 1 + len(data.bars)
    totals = [row.findall("td")[0].findtext("a") for row in list(tree.iter("tr"))[1:]]
    assert totals == [duration(bar.total_ms) for bar in data.bars]


@pytest.mark.parametrize(("day", "hours"), [(date(2025, 1, 15), 24), (date(2025, 3, 30), 23), (date(2024, 10, 27), 25)])
def test_a_day_has_as_many_hours_as_the_clocks_say(day: date, hours: int) -> None:
    start_ms, end_ms = activity.midnight_ms(day), activity.midnight_ms(day + timedelta(days=1))
    ticks = hour_ticks(start_ms, end_ms, activity.ZONE)
    assert len(ticks) == hours
    shown = [hour for _, hour in ticks]
    assert shown.count(2) == {23: 0, 24: 1, 25: 2}[hours]
    assert [instant for instant, _ in ticks] == [start_ms + index * HOUR_MS for index in range(hours)]


def test_hours_are_full_hours_where_clocks_change_by_half_of_one() -> None:
    start_ms = 1_743_858_000_000  # 2025-04-06 00:00 in Lord Howe, whose clocks go back by 30 minutes that day.
    ticks = hour_ticks(start_ms, start_ms + 24 * HOUR_MS + 30 * MINUTE_MS, "Australia/Lord_Howe")
    assert [hour for _, hour in ticks] == list(range(24))


def test_a_session_is_drawn_where_it_was_on_a_day_of_25_hours() -> None:
    day = date(2024, 10, 27)
    start_ms, end_ms = activity.midnight_ms(day), activity.midnight_ms(day + timedelta(days=1))
    span = Span(start_ms + 5 * HOUR_MS, start_ms + 10 * HOUR_MS, 5 * HOUR_MS, "orbit", "/heartbeats?x=1&y=2")
    lane = Lane("vscode", 5 * HOUR_MS, "/lane", (span,))
    tree = parse(day_timeline(Timeline(activity.ZONE, start_ms, end_ms, None, (lane,)), "Day"))
    (mark,) = with_class(tree, "mark")
    assert (percent(mark.get("x")), percent(mark.get("width"))) == (20.0, 20.0)
    link = next(element for element in tree.iter("a") if element.get("aria-label"))
    assert link.get("href") == span.href
    assert link.get("aria-label") == "04:00–09:00 VS Code, orbit: 5h"


def test_sessions_at_the_same_time_never_cover_each_other() -> None:
    start_ms = activity.midnight_ms(date(2025, 1, 15))
    spans = tuple(
        Span(start_ms + at * HOUR_MS, start_ms + (at + 2) * HOUR_MS, 0, "p", "/") for at in (9, 10, 11, 12, 13)
    )
    timeline = Timeline(activity.ZONE, start_ms, start_ms + 24 * HOUR_MS, None, (Lane("codex", 0, "/", spans),))
    marks = with_class(parse(day_timeline(timeline, "Day")), "mark")
    rows: dict[str | None, list[tuple[float, float]]] = {}
    for mark in marks:
        rows.setdefault(mark.get("y"), []).append((percent(mark.get("x")), percent(mark.get("width"))))
    assert len(rows) == 2
    for row in rows.values():
        ordered = sorted(row)
        assert all(x + width <= later + 1e-6 for (x, width), (later, _) in pairwise(ordered))


def test_the_calendar_has_a_square_for_every_day_in_the_row_of_its_weekday() -> None:
    first, last = date(2024, 1, 17), date(2025, 1, 15)
    calendar = Calendar(first, last, 1, (DayTotal(first, HOUR_MS, "/first"), DayTotal(last, 2 * HOUR_MS, "/last")))
    tree = parse(year_heatmap(calendar, "Year"))
    squares = [each for each in with_class(tree, "heat") if each.get("y")]
    assert len(squares) == (last - first).days + 1
    linked = [element for element in tree.iter("a") if element.get("aria-label")]
    assert [element.get("href") for element in linked] == ["/first", "/last"]
    (square,) = list(linked[0].iter("rect"))
    monday, wednesday = 20, 20 + 2 * 18
    assert square.get("y") == str(wednesday)
    assert min(int(each.get("y", "0")) for each in squares) == monday


def test_more_time_is_never_a_lighter_square() -> None:
    first = date(2025, 1, 1)
    days = tuple(DayTotal(first + timedelta(days=index), (index + 1) * MINUTE_MS, "/") for index in range(40))
    tree = parse(year_heatmap(Calendar(first, first + timedelta(days=39), 0, days), "Days"))
    shades = [int(square.get("class", "")[-1]) for link in tree.iter("a") if link.get("aria-label") for square in link]
    assert shades == sorted(shades)
    assert set(shades) == {1, 2, 3, 4}


def test_the_week_begins_where_the_user_says_in_the_grid_of_hours() -> None:
    cells = tuple(tuple(weekday * HOUR_MS if hour == 9 else 0 for hour in range(24)) for weekday in range(7))
    tree = parse(hour_grid(HourGrid(6, cells), "Hours"))
    assert texts(tree)[1:8] == ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"]
    named = [each.get("aria-label") for each in with_class(tree, "heat") if "heat-4" in each.get("class", "")]
    assert "Saturday 09–10: 6h" in named


def test_ranked_rows_and_the_rest_add_up_to_the_total() -> None:
    data = activity.make_breakdown(MANY, "project", 10 * HOUR_MS)
    assert sum(item.ms for item in data.items) + data.rest_ms == data.total_ms
    tree = parse(ranked_bars(data))
    widths = [percent(mark.get("width")) for mark in with_class(tree, "mark")]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == 100
    assert f"{data.rest_count} more" in texts(tree)


@given(some.lists(some.text(min_size=1), min_size=1, max_size=10, unique_by=str.casefold))
def test_the_first_ten_names_never_share_a_colour(names: list[str]) -> None:
    colours = assign_colours(names)
    assert len({colours[name] for name in names}) == len(names)


@given(some.lists(some.text(min_size=1), min_size=1, max_size=10, unique_by=str.casefold), some.randoms())
def test_a_change_of_rank_changes_no_colour(names: list[str], random: Random) -> None:
    shuffled = random.sample(names, len(names))
    assert assign_colours(shuffled) == assign_colours(names)


def test_two_charts_of_a_page_give_a_name_one_colour() -> None:
    day = activity.make_day(MANY)
    tools = next(each for each in day.breakdowns if each.dimension == "tool")
    order = [lane.tool for lane in day.timeline.lanes]
    drawn = parse(ranked_bars(tools, order))
    fills = {mark.get("class", "").split()[-1] for mark in with_class(drawn, "mark")}
    assert fills == {assign_colours(order)[item.name] for item in tools.items}
    settled = assign_colours(RICH.projects[:8])
    assert {name: assign_colours(MANY.projects, settled)[name] for name in settled} == settled
