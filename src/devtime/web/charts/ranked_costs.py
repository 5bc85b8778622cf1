"""Ranked names with a bar, a cost, tokens and a share each: a table that is its own chart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from devtime.web.charts.palette import assign_colours
from devtime.web.charts.svg import percent, tag
from devtime.web.format import label, number, plural
from devtime.web.format import percent as share
from devtime.web.money import fine_usd, tokens, usd
from devtime.web.views.ai import CostBreakdown, RankedCost
from devtime.wire.usage import NANO

_COLUMNS = Markup(
    '<colgroup><col class="cost-name"/><col class="ranked-bar"/><col class="cost-usd"/>'
    '<col class="cost-tokens"/><col class="ranked-share"/></colgroup>'
)


def ranked_costs(data: CostBreakdown, coloured_like: Sequence[str] | None = None) -> Markup:
    """A table of names, dearest first. A name narrows the page to it, a number lists its events. Bars are relative to
    the dearest, or to the most tokens where nothing cost anything; `coloured_like` is as for `ranked_bars`.
    """
    is_by_tokens = not data.total_usd
    most = max((_size(item.cost_usd, item.tokens, is_by_tokens) for item in data.items), default=0)
    colours = _colours(data, coloured_like)
    rows = [
        _row(data, item, most, is_by_tokens=is_by_tokens, colour=colours.get(item.name, "c-plain"))
        for item in data.items
    ]
    if data.rest_count:
        rows.append(_rest(data, is_by_tokens=is_by_tokens))
    heads = [tag("th", text, scope="col") for text in (_singular(data.title), "Bar", "Cost", "Tokens", "Share")]
    return tag(
        "table",
        tag("caption", f"{data.title} by cost", class_="sr-only"),
        _COLUMNS,
        tag("thead", tag("tr", *heads), class_="sr-only"),
        tag("tbody", *rows),
        class_="ranked ranked-costs",
    )


def _singular(title: str) -> str:
    return title.removesuffix("es") if title == "Branches" else title.removesuffix("s")


def _size(cost_usd: Decimal, count: int, is_by_tokens: bool) -> int:
    return count if is_by_tokens else int(cost_usd * NANO)


def _colours(data: CostBreakdown, coloured_like: Sequence[str] | None) -> dict[str, str]:
    if coloured_like is None:
        return {}
    return assign_colours((item.name for item in data.items), assign_colours(coloured_like))


def _row(data: CostBreakdown, item: RankedCost, most: int, *, is_by_tokens: bool, colour: str) -> Markup:
    name = label(data.dimension, item.name)
    size = _size(item.cost_usd, item.tokens, is_by_tokens)
    whole = _size(data.total_usd, data.total_tokens, is_by_tokens)
    bar = tag(
        "svg",
        tag("rect", width="100%", height=8, rx=4, class_="track"),
        tag("rect", width=percent(size, most), height=8, rx=4, class_=f"mark {colour}"),
        width="100%",
        height=8,
        aria_hidden="true",
    )
    spent, why = usd(item.cost_usd), fine_usd(item.cost_usd)
    if item.is_unpriced:
        # A cost that lacks something is never shown as if it were whole.
        spent = f"≥ {spent}" if item.cost_usd else "no price"
        why = f"{why}, and what nobody knows the price of"
    counted = tag("a", tokens(item.tokens), href=item.href, title=plural(item.tokens, "token"))
    tail = " ranked-tail" if data.dimension == "branch" else ""
    return tag(
        "tr",
        tag(
            "th",
            tag("a", tag("bdi", name), href=item.filter_href, title=name),
            scope="row",
            class_=f"ranked-name{tail}",
        ),
        tag("td", bar, class_="ranked-bar"),
        tag("td", tag("a", spent, href=item.href, title=why), class_="ranked-time"),
        tag("td", counted, class_="ranked-time ranked-tokens"),
        tag("td", share(size, whole), class_="ranked-share"),
    )


def _rest(data: CostBreakdown, *, is_by_tokens: bool) -> Markup:
    size = _size(data.rest_usd, data.rest_tokens, is_by_tokens)
    whole = _size(data.total_usd, data.total_tokens, is_by_tokens)
    return tag(
        "tr",
        tag("th", f"{number(data.rest_count)} more", scope="row", class_="ranked-name"),
        tag("td", class_="ranked-bar"),
        tag("td", usd(data.rest_usd), class_="ranked-time"),
        tag("td", tokens(data.rest_tokens), class_="ranked-time ranked-tokens"),
        tag("td", share(size, whole), class_="ranked-share"),
        class_="ranked-rest",
    )
