"""The bar of filters: what is chosen, what there is to choose, and the address without each."""

from __future__ import annotations

from collections.abc import Sequence

from devtime.stats.filters import Filters
from devtime.stats.names import fetch_names
from devtime.web import links
from devtime.web.compose.folding import AGENTS, link_filters
from devtime.web.compose.reader import Reader
from devtime.web.views.parts import Chip, Dimension, Filter, FilterBar

_FILTERED: tuple[tuple[Dimension, str], ...] = (
    ("project", "Project"),
    ("language", "Language"),
    ("tool", "Tool"),
    ("branch", "Branch"),
    ("machine", "Machine"),
    ("editor", "Editor"),
    ("os", "System"),
    ("activity_type", "Activity"),
)


async def compose_filters(
    reader: Reader, action: str, filters: Filters, kept: Sequence[tuple[str, str]], without: Sequence[Dimension] = ()
) -> FilterBar:
    """The filters of a page at `action`; `kept` are its other parameters."""
    names = await fetch_names(reader.database, reader.user_id)
    chosen = link_filters(filters)
    carried = dict(kept)
    chips: list[Chip] = []
    fields: list[Filter] = []
    for dimension, label in _FILTERED:
        if dimension == "file" or dimension in without:
            continue
        values = filters.wanted(dimension)
        for value in values:
            rest = {**chosen, dimension: tuple(other for other in values if other != value)}
            chips.append(Chip(dimension, value, action + links.query(rest, **carried)))
        options = names[dimension]
        if len(options) > 1 or values:
            value, several = (values[0], ()) if len(values) == 1 else ("", values)
            fields.append(Filter(dimension, label, value, tuple(options), several))
    if filters.only_agents:
        rest = {name: values for name, values in chosen.items() if name not in AGENTS}
        chips.append(Chip("agents", "only", action + links.query(rest, **carried)))
    clear = action + links.query({}, **carried) if chips else ""
    return FilterBar(action, tuple(chips), tuple(fields), tuple(kept), clear)
