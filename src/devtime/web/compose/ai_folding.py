"""Folding priced sums into the parts of AI pages: bars, ranked costs, sessions, models without a price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from devtime.kernel.zones import date_of_day
from devtime.reports.rows import fold
from devtime.stats.ranges import days_range
from devtime.web import links
from devtime.web.compose.ai_address import AiAddress
from devtime.web.compose.ai_asking import PricedSums
from devtime.web.compose.folding import cut_days
from devtime.web.views.ai import (
    AiDimension,
    AiSessionRow,
    AmountBar,
    AmountBars,
    AmountPart,
    CostBreakdown,
    RankedCost,
    Unpriced,
)
from devtime.wire.usage import NANO
from devtime.wire.usage_sums import Part, UsageCell

Name = TypeVar("Name", bound=Hashable)
NameOf = Callable[[UsageCell], str]

TITLES: dict[AiDimension, str] = {
    "model": "Models",
    "agent": "Agents",
    "project": "Projects",
    "branch": "Branches",
    "machine": "Machines",
}
_KINDS = ("Input", "Cache write", "Cache read", "Output")


def name_of(parts: Sequence[Part], part: Part) -> NameOf:
    """What tells a cell's name of one part."""
    place = parts.index(part)
    return lambda cell: str(cell.names[place])


class CostRow(Generic[Name]):
    """A name, what it cost, and its tokens."""

    __slots__ = ("cost_usd", "is_unpriced", "name", "tokens")

    def __init__(self, name: Name) -> None:
        self.name = name
        self.cost_usd = Decimal(0)
        self.tokens = 0
        self.is_unpriced = False


def rows_of(sums: PricedSums, name: Callable[[UsageCell], Name]) -> list[CostRow[Name]]:
    """Priced rows, the dearest first; equals by most tokens."""
    rows: dict[Name, CostRow[Name]] = {}
    for cell in sums.cells:
        key = name(cell)
        row = rows.get(key)
        if row is None:
            row = rows[key] = CostRow(key)
        cost = sums.cost(cell)
        row.cost_usd += cost.usd
        row.tokens += cell.tokens.total
        row.is_unpriced |= not cost.is_priced
    return sorted(rows.values(), key=lambda row: (-row.cost_usd, -row.tokens, str(row.name)))


def fold_costs(
    sums: PricedSums, dimension: AiDimension, name: NameOf, address: AiAddress, keep: int = 8
) -> CostBreakdown:
    """The dearest names, each with a way to narrow the page to it and one to its events."""
    rows = rows_of(sums, name)
    kept = rows if len(rows) <= keep + 1 else rows[:keep]
    rest = rows[len(kept) :]
    items = tuple(
        RankedCost(
            row.name,
            row.cost_usd,
            row.tokens,
            row.is_unpriced,
            address.only(dimension, row.name),
            address.events_of(dimension, row.name),
        )
        for row in kept
    )
    return CostBreakdown(
        dimension,
        TITLES[dimension],
        sum((row.cost_usd for row in rows), Decimal(0)),
        sum(row.tokens for row in rows),
        items,
        len(rest),
        sum((row.cost_usd for row in rest), Decimal(0)),
        sum(row.tokens for row in rest),
    )


def list_events(data: CostBreakdown) -> CostBreakdown:
    """The same where names lead to their events too: on pages that are about events already."""
    items = tuple(replace(item, filter_href=item.href) for item in data.items)
    return replace(data, items=items)


def fold_spend(
    sums: PricedSums,
    dimension: AiDimension,
    name: NameOf,
    day: Callable[[UsageCell], int],
    address: AiAddress,
    week: int,
) -> AmountBars:
    """Costs over time, stacked."""
    amounts: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cell in sums.cells:
        amounts[date_of_day(day(cell))][name(cell)] += int(sums.cost(cell).usd * NANO)
    bucket, buckets = cut_days(address.span, min(amounts, default=None), week)
    bars = tuple(_bar(days, amounts, address, dimension) for days in buckets)
    return AmountBars(dimension, "nusd", bucket, bars)


def fold_kinds(sums: PricedSums, day: Callable[[UsageCell], int], address: AiAddress, week: int) -> AmountBars:
    """Tokens over time, by kind."""
    amounts: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cell in sums.cells:
        tokens = cell.tokens
        written = tokens.cache_write + tokens.cache_write_1h
        counts = (tokens.input, written, tokens.cache_read, tokens.output + tokens.extra)
        found = amounts[date_of_day(day(cell))]
        for kind, count in zip(_KINDS, counts, strict=True):
            found[kind] += count
    bucket, buckets = cut_days(address.span, min(amounts, default=None), week)
    bars = tuple(_bar(days, amounts, address, "kind") for days in buckets)
    return AmountBars("kind", "tokens", bucket, bars)


def _bar(
    days: Sequence[date], amounts: Mapping[date, Mapping[str, int]], address: AiAddress, dimension: str
) -> AmountBar:
    found: dict[str, int] = defaultdict(int)
    for day in days:
        for name, amount in amounts.get(day, {}).items():
            found[name] += amount
    span = days_range(days[0], days[-1], address.span.zone)

    def href(name: str) -> str:
        more = {} if dimension == "kind" else {dimension: (name,)}
        return address.events(span.start_ms, span.end_ms, more)

    parts = tuple(
        AmountPart(name, amount, href(name))
        for name, amount in sorted(found.items(), key=lambda item: (-item[1], item[0]))
        if amount > 0
    )
    return AmountBar(days[0], days[-1], address.moved(span), parts)


def fold_unpriced(sums: PricedSums, address: AiAddress) -> tuple[Unpriced, ...]:
    """Models nobody knows the price of, those with the most tokens first."""
    tokens: dict[str, int] = defaultdict(int)
    for cell in sums.cells:
        if not sums.cost(cell).is_priced:
            tokens[sums.rate(cell).model] += cell.tokens.total
    ranked = sorted(tokens, key=lambda model: (-tokens[model], model))
    return tuple(Unpriced(model, tokens[model], address.events_of("model", model)) for model in ranked)


SESSION_PARTS: tuple[Part, ...] = ("agent", "session", "project", "branch", "machine")


def group_sessions(sums: PricedSums) -> list[list[UsageCell]]:
    """The cells of each session. Cells by `SESSION_PARTS`, or by the first two of them."""
    cells: dict[tuple[str, str], list[UsageCell]] = defaultdict(list)
    for cell in sums.cells:
        cells[str(cell.names[0]), str(cell.names[1])].append(cell)
    return list(cells.values())


def fold_ai_sessions(sums: PricedSums, groups: Iterable[list[UsageCell]], mode: str) -> list[AiSessionRow]:
    """Rows of sessions, in the order of their groups. Cells by `SESSION_PARTS`."""
    return [_session(sums, str(cells[0].names[0]), str(cells[0].names[1]), cells, mode) for cells in groups]


def sort_sessions(sums: PricedSums, groups: Iterable[list[UsageCell]], sort: str) -> list[list[UsageCell]]:
    """By what is asked (`cost`, `tokens`, `time`), then the latest first."""
    latest = sorted(groups, key=lambda cells: (-max(cell.last_ms for cell in cells), cells[0].names[:2]))
    if sort == "cost":
        return sorted(latest, key=lambda cells: -sum((sums.cost(cell).usd for cell in cells), Decimal(0)))
    if sort == "tokens":
        return sorted(latest, key=lambda cells: -sum(cell.tokens.total for cell in cells))
    if sort == "time":
        return sorted(
            latest, key=lambda cells: min(cell.first_ms for cell in cells) - max(cell.last_ms for cell in cells)
        )
    return latest


def _session(sums: PricedSums, agent: str, session: str, cells: list[UsageCell], mode: str) -> AiSessionRow:
    [row] = fold(cells, sums.costing, lambda _cell, _rate: "")
    mine = {"agent": (agent,), "session": (session,)}
    shown_mode = "" if mode == "auto" else mode
    return AiSessionRow(
        agent=agent,
        session=session,
        first_ms=row.first_ms,
        last_ms=row.last_ms,
        project=_main(sums, cells, 2),
        branch=_main(sums, cells, 3),
        machine=_main(sums, cells, 4),
        models=tuple(label for label, _ in row.models_by_cost),
        cost_usd=row.cost_usd,
        tokens=row.tokens.total,
        events=row.tokens.events,
        is_unpriced=row.is_unpriced,
        href=links.ai_session_path(agent, session, shown_mode),
        events_href=links.ai_events_path(row.first_ms, row.last_ms + 1, mine, shown_mode),
    )


def _main(sums: PricedSums, cells: Iterable[UsageCell], place: int) -> str:
    """The name that most was spent on."""
    amounts: dict[str, tuple[Decimal, int]] = {}
    for cell in cells:
        name = str(cell.names[place])
        cost, tokens = amounts.get(name, (Decimal(0), 0))
        amounts[name] = cost + sums.cost(cell).usd, tokens + cell.tokens.total
    return max(amounts, key=lambda name: (amounts[name], name), default="")
