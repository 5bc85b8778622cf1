"""Cost beside time: the hours of people and of agents, by project or branch, and what an hour cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Literal, NamedTuple

from devtime.kernel.clock import HOUR_MS
from devtime.stats.agents import is_agent
from devtime.stats.tally import Tally
from devtime.web import links
from devtime.web.compose.ai_address import AiAddress
from devtime.web.compose.ai_asking import PricedSums
from devtime.web.compose.ai_folding import CostRow, rows_of
from devtime.web.compose.folding import AGENTS, shown
from devtime.web.views.ai import Beside, BesideRow
from devtime.wire.usage_sums import UsageCell

_SHOWN = 12

Name = tuple[str, str]
"""A project, and a branch where those are told apart."""


class Hours(NamedTuple):
    """The wall clock's time, that of all tools but agents, and the agents' own."""

    active_ms: int = 0
    human_ms: int = 0
    agent_ms: int = 0

    def plus(self, other: Hours) -> Hours:
        """Both together."""
        return Hours(*(one + two for one, two in zip(self, other, strict=True)))


def hours_of(tally: Tally, tools: frozenset[str], name: Callable[[str, str], Name]) -> dict[Name, Hours]:
    """Hours by name of (project, branch); agents' hours are of those tools, or of all agents."""
    found: dict[Name, Hours] = defaultdict(Hours)
    for cell in tally.cells:
        context = tally.contexts[cell.context_id]
        key = name(shown(context.project), shown(context.branch))
        if not is_agent(context.tool, context.activity_type):
            part = Hours(cell.active_ms, cell.lane_ms, 0)
        elif not tools or context.tool in tools:
            part = Hours(cell.active_ms, 0, cell.lane_ms)
        else:
            continue
        found[key] = found[key].plus(part)
    return found


def fold_beside(
    sums: PricedSums,
    tally: Tally,
    dimension: Literal["project", "branch"],
    names: Callable[[UsageCell], Name],
    address: AiAddress,
) -> Beside:
    """The dearest projects or branches with their hours, and everything together."""
    is_branch = dimension == "branch"
    hours = hours_of(tally, address.filters.tools(), lambda project, branch: (project, branch if is_branch else ""))
    rows = {row.name: row for row in rows_of(sums, names)}
    # Only what had usage: the rest of the time is on the pages of time.
    kept = list(rows)[:_SHOWN] if len(rows) > _SHOWN + 1 else list(rows)
    total = beside_total(sums, tally, address)
    shown_rows = tuple(_row(name, rows[name], hours.get(name, Hours()), address, is_branch) for name in kept)
    return Beside(dimension, shown_rows, total, len(rows) - len(kept))


def beside_total(sums: PricedSums, tally: Tally, address: AiAddress) -> BesideRow:
    """Everything: all cost beside all time."""

    def everywhere(_cell: UsageCell) -> Name:
        return "", ""

    [whole] = rows_of(sums, everywhere) or [CostRow[Name](("", ""))]
    hours = hours_of(tally, address.filters.tools(), lambda _project, _branch: ("", "")).get(("", ""), Hours())
    return _row(None, whole, hours, address, is_branch=False)


def _row(name: Name | None, row: CostRow[Name], hours: Hours, address: AiAddress, is_branch: bool) -> BesideRow:
    project, branch = name or ("", "")
    narrowed = {} if name is None else {"project": (project,)} | ({"branch": (branch,)} if is_branch else {})
    time = {
        key: values
        for key, values in {**address.filters.linked(), **narrowed}.items()
        if key in ("project", "branch", "machine")
    }
    span = address.span
    tools = {"tool": tuple(sorted(address.filters.tools()))} if address.filters.tools() else AGENTS
    filtered = {**address.filters.linked(), **narrowed}
    return BesideRow(
        name=branch if is_branch else project,
        project=project if is_branch else "",
        active_ms=hours.active_ms,
        human_ms=hours.human_ms,
        agent_ms=hours.agent_ms,
        cost_usd=row.cost_usd,
        tokens=row.tokens,
        is_unpriced=row.is_unpriced,
        per_hour_usd=row.cost_usd * HOUR_MS / hours.active_ms if hours.active_ms else None,
        time_href=links.heartbeats_path(span.start_ms, span.end_ms, time),
        agents_href=links.heartbeats_path(span.start_ms, span.end_ms, {**time, **tools}),
        cost_href=address.events(span.start_ms, span.end_ms, narrowed),
        filter_href="" if name is None else address.filtered(filtered),
    )
