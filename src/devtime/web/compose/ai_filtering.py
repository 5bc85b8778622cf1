"""The bar of filters of AI pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from devtime.stats.ranges import named_range
from devtime.stats.usage import fetch_cells
from devtime.web import links
from devtime.web.compose.ai_asking import AI_FILTERS, AiFilters
from devtime.web.compose.folding import shown
from devtime.web.compose.reader import Reader
from devtime.web.views.parts import Chip, Filter, FilterBar
from devtime.wire.usage_sums import UsageQuestion

_LABELS = {
    "agent": "Agent",
    "model": "Model",
    "project": "Project",
    "branch": "Branch",
    "machine": "Machine",
    "session": "Session",
}
_MOST_OPTIONS = 300


async def compose_ai_filters(
    reader: Reader, action: str, filters: AiFilters, kept: Sequence[tuple[str, str]]
) -> FilterBar:
    """The filters of a page at `action`; `kept` are its other parameters."""
    options = await _fetch_options(reader)
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


async def _fetch_options(reader: Reader) -> Mapping[str, Sequence[str]]:
    """The names of each dimension, those with the most tokens first."""
    parts = ("agent", "model", "project", "branch", "machine")
    span = named_range("all", reader.now_ms, reader.zone)
    question = UsageQuestion(parts=parts, zone=reader.zone)
    found: dict[str, dict[str, int]] = {part: {} for part in parts}
    for cell in await fetch_cells(reader.database, reader.user_id, question, {}, span):
        for part, name in zip(parts, cell.names, strict=True):
            told = shown(str(name))
            found[part][told] = found[part].get(told, 0) + cell.tokens.total
    return {part: sorted(names, key=lambda name: (-names[name], name))[:_MOST_OPTIONS] for part, names in found.items()}
