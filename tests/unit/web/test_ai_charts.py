"""Charts of costs: what is drawn adds up to what was given, costs that lack something say so, names stay text."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from devtime.kernel.clock import HOUR_MS
from devtime.web.charts.hours_bar import hours_bar
from devtime.web.charts.meter import meter
from devtime.web.charts.ranked_costs import ranked_costs
from devtime.web.charts.session_bars import session_bars
from devtime.web.charts.stacked_bars import stacked_bars
from devtime.web.money import usd
from devtime.web.views.ai import CostBreakdown, RankedCost
from devtime.wire.usage import NANO
from samples import ai, ai_pages
from samples.activity import ZONE
from samples.drawings import parse, percent, texts, with_class
from samples.names import BAD, HOSTILE, MANY, RICH


def test_hostile_names_are_shown_as_they_are_and_nowhere_as_elements() -> None:
    session = ai_pages.make_ai_session(BAD)
    drawn = (
        stacked_bars(ai.make_amounts(BAD, "nusd", 7, Random(1)), HOSTILE[0])
        + ranked_costs(session.breakdowns[0])
        + session_bars(session.slices, ZONE, HOSTILE[1])
    ).replace("\x00", "")
    tree = parse(drawn)
    assert not {element.tag for element in tree.iter()} & {"script", "img", "style"}
    assert not [name for element in tree.iter() for name in element.keys() if name.startswith("on")]  # noqa: SIM118
    assert any(HOSTILE[0] in text for text in texts(tree))


@pytest.mark.parametrize("names", [RICH, MANY], ids=["rich", "many"])
def test_the_table_behind_a_chart_of_costs_has_every_dollar_of_it(names: object) -> None:
    data = ai.make_amounts(RICH if names is RICH else MANY, "nusd", 14, Random(2))
    tree = parse(stacked_bars(data, "Spend"))
    rows = [[cell for cell in row.iter() if cell.tag in ("th", "td")] for row in tree.iter("tr")][1:]
    assert len(rows) == len(data.bars)
    for row, bar in zip(rows, data.bars, strict=True):
        total = Decimal(sum(part.amount for part in bar.parts)) / NANO
        assert "".join(row[1].itertext()) == usd(total)


def test_each_segment_leads_to_its_events() -> None:
    data = ai.make_amounts(RICH, "tokens", 7, Random(3))
    tree = parse(stacked_bars(data, "Tokens"))
    marks = [element for element in tree.iter("a") if element.get("aria-label")]
    assert marks
    assert {mark.get("href") for mark in marks} == {ai.EVENTS}
    assert sum(mark.get("tabindex") == "0" for mark in marks) == 1


def make_item(name: str, cost: str, *, is_unpriced: bool = False) -> RankedCost:
    return RankedCost(name, Decimal(cost), 1_000, is_unpriced, "/ai?model=x", "/ai/events")


def test_a_cost_that_lacks_something_is_not_shown_as_whole() -> None:
    items = (
        make_item("whole", "2"),
        make_item("part", "1", is_unpriced=True),
        make_item("none", "0", is_unpriced=True),
    )
    tree = parse(ranked_costs(CostBreakdown("model", "Models", Decimal(3), 3_000, items)))
    shown = ["".join(cell.itertext()) for cell in with_class(tree, "ranked-time")][::2]
    assert shown == ["$2.00", "≥ $1.00", "no price"]


def test_without_any_cost_bars_and_shares_are_those_of_tokens() -> None:
    items = (make_item("a", "0"), replace(make_item("b", "0"), tokens=250))
    tree = parse(ranked_costs(CostBreakdown("model", "Models", Decimal(0), 1_250, items)))
    assert [cell.text for cell in with_class(tree, "ranked-share") if cell.tag == "td"] == ["80%", "20%"]


def test_a_sessions_bars_are_as_many_as_have_events_and_tell_them() -> None:
    slices = ai_pages.make_ai_session(RICH).slices
    tree = parse(session_bars(slices, ZONE, "Cost"))
    marks = [element for element in tree.iter("a") if element.get("aria-label")]
    assert len(marks) == sum(1 for each in slices if each.events)
    assert all("4 responses" in (mark.get("aria-label") or "") for mark in marks)


@pytest.mark.parametrize(("part", "width"), [(-1, 0), (0, 0), (5, 50), (10, 100), (99, 100)])
def test_a_meter_is_never_more_than_full(part: int, width: int) -> None:
    [filled] = with_class(parse(meter(part, 10, "Passed")), "mark")
    assert percent(filled.get("width")) == width


def test_hours_are_drawn_to_the_scale_of_the_longest() -> None:
    bars = with_class(parse(hours_bar(2 * HOUR_MS, HOUR_MS, 4 * HOUR_MS)), "mark")
    assert [percent(bar.get("width")) for bar in bars] == [50, 25]
    assert with_class(parse(hours_bar(0, 0, 0)), "mark") == []
