"""Ranked names with a bar, a duration and a share each: a table that is its own chart."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from devtime.web.charts.palette import assign_colours
from devtime.web.charts.svg import percent, tag
from devtime.web.format import duration, label, plural, spoken
from devtime.web.format import percent as share
from devtime.web.views.parts import Breakdown, Ranked

_COLUMNS = Markup(
    '<colgroup><col class="ranked-name"/><col class="ranked-bar"/>'
    '<col class="ranked-time"/><col class="ranked-share"/></colgroup>'
)


def ranked_bars(data: Breakdown, coloured_like: Sequence[str] | None = None) -> Markup:
    """A table of names, longest first. Bars are relative to the longest, shares to the total.

    `coloured_like` are the names of another chart of the page, as it ranks them: then both use the same colours.
    """
    longest_ms = max((item.ms for item in data.items), default=0)
    colours = _colours(data, coloured_like)
    rows = [_row(data, item, longest_ms, colours.get(item.name, "c-plain")) for item in data.items]
    if data.rest_count:
        rows.append(_rest(data))
    heads = [
        tag("th", data.title.rstrip("s"), scope="col"),
        tag("th", "Bar", scope="col"),
        tag("th", "Time", scope="col"),
        tag("th", "Share", scope="col"),
    ]
    return tag(
        "table",
        tag("caption", f"{data.title} by time", class_="sr-only"),
        _COLUMNS,
        tag("thead", tag("tr", *heads), class_="sr-only"),
        tag("tbody", *rows),
        class_="ranked",
    )


def _colours(data: Breakdown, coloured_like: Sequence[str] | None) -> dict[str, str]:
    if coloured_like is None:
        return {}
    return assign_colours((item.name for item in data.items), assign_colours(coloured_like))


def _row(data: Breakdown, item: Ranked, longest_ms: int, colour: str) -> Markup:
    name = label(data.dimension, item.name)
    bar = tag(
        "svg",
        tag("rect", width="100%", height=8, rx=4, class_="track"),
        tag("rect", width=percent(item.ms, longest_ms), height=8, rx=4, class_=f"mark {colour}"),
        width="100%",
        height=8,
        aria_hidden="true",
    )
    return tag(
        "tr",
        tag("th", tag("a", tag("bdi", name), href=item.href, title=name), scope="row", class_=_name_class(data)),
        tag("td", bar, class_="ranked-bar"),
        tag("td", tag("a", duration(item.ms), href=item.href, title=spoken(item.ms)), class_="ranked-time"),
        tag("td", share(item.ms, data.total_ms), class_="ranked-share"),
    )


def _name_class(data: Breakdown) -> str:
    """Paths and branches differ at their ends: of a long one the end is shown."""
    return "ranked-name ranked-tail" if data.dimension in ("branch", "file") else "ranked-name"


def _rest(data: Breakdown) -> Markup:
    name = f"{plural(data.rest_count, 'more', 'more')}"
    shown = tag("a", name, href=data.more_href) if data.more_href else name
    return tag(
        "tr",
        tag("th", shown, scope="row", class_="ranked-name"),
        tag("td", class_="ranked-bar"),
        tag("td", duration(data.rest_ms), class_="ranked-time"),
        tag("td", share(data.rest_ms, data.total_ms), class_="ranked-share"),
        class_="ranked-rest",
    )
