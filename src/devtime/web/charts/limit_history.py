"""The past of a limit: what was used over time, its limit, and where it began anew."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from markupsafe import Markup

from devtime.kernel.clock import DAY_MS, HOUR_MS
from devtime.plugins.kinds.probe.lines import Dollars, Percent
from devtime.plugins.kinds.probe.pace import spell_amount
from devtime.web.charts.amounts import amount_grid, amount_ticks, place, short_amount
from devtime.web.charts.figure import Cell, drawing, figure, table
from devtime.web.charts.svg import join, percent, tag
from devtime.web.format import localize, near_moment, plural, short_day
from devtime.web.views.limits import LimitPast, PastStretch

_HEIGHT, _TOP = 150, 10
_MOST_ROWS = 200


def limit_history(past: LimitPast, name: str) -> Markup:
    """Steps of what was used; where the limit began anew the line begins anew."""
    peak = max((max(each.used, each.most) for each in past.stretches), default=past.line.limit)
    ticks = amount_ticks(peak)
    labels = [_tick(past, value) for value in ticks]
    plot = drawing(
        _HEIGHT + 24,
        name,
        amount_grid(ticks, labels, _TOP, _HEIGHT),
        tag("g", join(_hours(past)), aria_hidden="true"),
        join(_limits(past, ticks[-1])),
        join(_steps(past, ticks[-1])),
        class_="has-axis",
    )
    highest = max((each.used for each in past.stretches), default=0.0)
    starts = sum(1 for before, after in pairwise(past.stretches) if begins_anew(before, after))
    description = f"At most {spell_amount(past.line, highest)} used; began anew {plural(starts, 'time')}"
    return figure("limit", name, description, plot, _table(past, name))


def begins_anew(before: PastStretch, after: PastStretch) -> bool:
    """Whether the limit was reset between the two."""
    if before.resets_at_ms is not None and before.resets_at_ms <= after.since_ms:
        return True
    return after.used < before.used


def _x(past: LimitPast, instant_ms: int) -> str:
    return percent(min(max(instant_ms - past.start_ms, 0), past.end_ms - past.start_ms), past.end_ms - past.start_ms)


def _steps(past: LimitPast, top: float) -> Iterator[Markup]:
    for stretch in past.stretches:
        y = place(stretch.used, top, _TOP, _HEIGHT)
        x1, x2 = _x(past, stretch.since_ms), _x(past, stretch.until_ms)
        if stretch.since_ms != stretch.until_ms:
            yield tag("line", x1=x1, x2=x2, y1=y, y2=y, class_="limit-line")
        yield tag("circle", cx=x1, cy=y, r=1.6, class_="limit-dot")
    for before, after in pairwise(past.stretches):
        x1, x2 = _x(past, before.until_ms), _x(past, after.since_ms)
        y1, y2 = (place(each.used, top, _TOP, _HEIGHT) for each in (before, after))
        if not begins_anew(before, after):
            yield tag("line", x1=x1, x2=x2, y1=y1, y2=y2, class_="limit-line")
            continue
        reset_ms = before.resets_at_ms or after.since_ms
        x = _x(past, reset_ms if reset_ms <= after.since_ms else after.since_ms)
        yield tag("line", x1=x1, x2=x, y1=y1, y2=y1, class_="limit-line limit-unseen")
        yield tag("line", x1=x, x2=x, y1=y1, y2=_HEIGHT, class_="limit-reset")
        yield tag("line", x1=x, x2=x2, y1=_HEIGHT, y2=y2, class_="limit-line limit-unseen")


def _limits(past: LimitPast, top: float) -> Iterator[Markup]:
    most = past.stretches[-1].most if past.stretches else past.line.limit
    y = place(most, top, _TOP, _HEIGHT)
    yield tag("line", x1="0", x2="100%", y1=y, y2=y, class_="limit-most")


def _hours(past: LimitPast) -> Iterator[Markup]:
    """Midnights; every sixth hour where it is a day or two; fewer where there are many."""
    days = (past.end_ms - past.start_ms) / DAY_MS
    every = 1 if days <= 8 else 5 if days <= 40 else 14
    seen = 0
    for instant in range(past.start_ms - past.start_ms % HOUR_MS + HOUR_MS, past.end_ms, HOUR_MS):
        local = localize(instant, past.zone)
        text, weight = "", 0
        if days <= 2 and local.hour % 3 == 0:
            text, weight = f"{local:%H:%M}", 0 if local.hour % 6 == 0 else 1
        elif days > 2 and local.hour == 0:
            seen += 1
            text = short_day(local.date()) if seen % every == 0 else ""
            weight = 1 if days <= 8 and seen % 2 else 0
        if not text:
            continue
        x = _x(past, instant)
        yield tag("line", x1=x, x2=x, y1=_TOP, y2=_HEIGHT, class_="grid")
        if 0.04 < (instant - past.start_ms) / (past.end_ms - past.start_ms) < 0.97:
            yield tag("text", text, x=x, y=_HEIGHT + 16, class_=f"tick tick-x weight-{weight}")


def _tick(past: LimitPast, value: float) -> str:
    if isinstance(past.line.format, Percent):
        return f"{value:g}%"
    return ("$" if isinstance(past.line.format, Dollars) else "") + short_amount(value)


def _table(past: LimitPast, name: str) -> Markup:
    rows = [
        (
            Cell(near_moment(each.since_ms, past.zone, past.end_ms)),
            Cell(near_moment(each.until_ms, past.zone, past.end_ms)),
            Cell(spell_amount(past.line, each.used)),
            Cell(spell_amount(past.line, each.most)),
        )
        for each in reversed(past.stretches[-_MOST_ROWS:])
    ]
    return table(name, ("From", "To", "Used", "Limit"), rows)
