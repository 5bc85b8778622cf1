"""The labels under bars over time: which bars get one, what it says, and which go first when the page is narrow."""

from __future__ import annotations

from markupsafe import Markup

from devtime.web.charts.svg import percent, tag
from devtime.web.format import MONTHS, short_weekday
from devtime.web.views.ai import AmountBars
from devtime.web.views.parts import Bars


def label_bars(data: Bars | AmountBars, top: int) -> Markup:
    """One or two lines under each bar that gets a label, from `top` on."""
    count = len(data.bars)
    texts: list[Markup] = []
    for index in range(count):
        upper, lower, weight = _label(data, index)
        if weight > 2:
            continue
        x = percent(index + 0.5, count)
        texts.append(tag("text", upper, x=x, y=top + 16, class_=f"tick tick-x weight-{weight}"))
        if lower:
            texts.append(tag("text", lower, x=x, y=top + 30, class_=f"tick tick-x faint weight-{weight}"))
    return tag("g", *texts, aria_hidden="true")


def _label(data: Bars | AmountBars, index: int) -> tuple[str, str, int]:
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
