"""The bar of filters of AI pages."""

from __future__ import annotations

from collections.abc import Sequence

from devtime.stats.usage_names import fetch_usage_names
from devtime.web import links
from devtime.web.compose.ai_asking import AI_FILTERS, AiFilters
from devtime.web.compose.reader import Reader
from devtime.web.views.parts import Chip, Filter, FilterBar

_LABELS = {
    "agent": "Agent",
    "model": "Model",
    "project": "Project",
    "branch": "Branch",
    "machine": "Machine",
    "session": "Session",
}


async def compose_ai_filters(
    reader: Reader, action: str, filters: AiFilters, kept: Sequence[tuple[str, str]]
) -> FilterBar:
    """The filters of a page at `action`; `kept` are its other parameters."""
    options = await fetch_usage_names(reader.database, reader.user_id)
    chosen, carried = filters.linked(), dict(kept)
    chips: list[Chip] = []
    fields: list[Filter] = []
    for dimension in AI_FILTERS:
        values = filters.wanted(dimension)
        for value in values:
            rest = {**chosen, dimension: tuple(other for other in values if other != value)}
            chips.append(Chip(dimension, value, action + links.query(rest, **carried)))
        names = options.get(dimension, ())
        if len(names) > 1 or (values and names):
            value, several = (values[0], ()) if len(values) == 1 else ("", values)
            fields.append(Filter(dimension, _LABELS[dimension], value, tuple(names), several))
    # Sessions are too many to choose from: one that is chosen is only carried along.
    sessions = tuple(("session", name) for name in filters.session)
    clear = action + links.query({}, **carried) if chips else ""
    return FilterBar(action, tuple(chips), tuple(fields), (*kept, *sessions), clear)
