"""AI usage as pages of time show it: one line of a day, one number of a project."""

from __future__ import annotations

from decimal import Decimal

from devtime.reports.rows import fold_all
from devtime.stats.ranges import TimeRange
from devtime.web import links
from devtime.web.compose.ai_address import AiAddress
from devtime.web.compose.ai_asking import AiFilters, fetch_costing, fetch_priced
from devtime.web.compose.ai_folding import rows_of
from devtime.web.compose.folding import shown
from devtime.web.compose.reader import Reader
from devtime.web.views.day import DayAi


async def compose_ai_of_day(reader: Reader, span: TimeRange) -> DayAi | None:
    """What agents used on the day; None where they used nothing."""
    known = await fetch_costing(reader, "auto")
    if not known.costing.rates:
        return None
    sums = await fetch_priced(reader, AiFilters(), (), span, known)
    total = fold_all(sums.cells, sums.costing)
    if not total.tokens.events:
        return None
    return DayAi(
        cost_usd=total.cost_usd,
        tokens=total.tokens.total,
        is_unpriced=total.is_unpriced,
        href=AiAddress(span, AiFilters()).at(),
        events_href=links.ai_events_path(span.start_ms, span.end_ms),
    )


async def fetch_project_costs(reader: Reader, span: TimeRange) -> dict[str, Decimal]:
    """What each project with usage cost in the range, by its name as views spell it."""
    known = await fetch_costing(reader, "auto")
    if not known.costing.rates:
        return {}
    sums = await fetch_priced(reader, AiFilters(), ("project",), span, known)
    return {shown(row.name): row.cost_usd for row in rows_of(sums, lambda cell: str(cell.names[0]))}
