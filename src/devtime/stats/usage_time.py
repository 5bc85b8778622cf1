"""AI cost beside time: what an hour costs, and how long agents worked beside people, by agent, project and branch.

Time is the tally's and follows its rules; costs are those of the same stretch. A narrowing by agent or model applies to
costs and to the agents' time; people's time stays whole, for it is no agent's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import msgspec

from devtime.kernel.clock import HOUR_MS
from devtime.reports.costs import ZERO_USD
from devtime.reports.rows import Amount
from devtime.stats.agents import is_agent
from devtime.stats.contexts import Context
from devtime.stats.filters import Filters
from devtime.stats.ranges import TimeRange
from devtime.stats.tally import Tallies, Tally
from devtime.stats.usage_costs import UsageBook
from devtime.wire.agents import agent_of, tool_of
from devtime.wire.heartbeat import UNKNOWN
from devtime.wire.usage_sums import UsageQuestion

Name = TypeVar("Name", bound=tuple[str, ...])


class Spent(msgspec.Struct):
    """Time and cost. `active_ms` is wall clock; `human_ms` and `agent_ms` add parallel tools up, each of its kind."""

    active_ms: int = 0
    human_ms: int = 0
    agent_ms: int = 0
    cost_usd: Decimal = ZERO_USD
    total_tokens: int = 0
    events: int = 0
    is_unpriced: bool = False

    @property
    def cost_per_active_hour(self) -> Decimal | None:
        """US dollars; None without time."""
        return self.cost_usd * HOUR_MS / self.active_ms if self.active_ms else None

    @property
    def cost_per_agent_hour(self) -> Decimal | None:
        """US dollars; None without time of agents."""
        return self.cost_usd * HOUR_MS / self.agent_ms if self.agent_ms else None

    def add_usage(self, amount: Amount) -> None:
        """Add a priced sum."""
        self.cost_usd += amount.cost_usd
        self.total_tokens += amount.tokens.total
        self.events += amount.tokens.events
        self.is_unpriced |= amount.is_unpriced


class UsageTime(msgspec.Struct, frozen=True):
    """A stretch's time and cost: all of it, by agent, by project, and by project and branch, each the dearest first."""

    total: Spent
    agents: dict[tuple[str], Spent]
    projects: dict[tuple[str], Spent]
    branches: dict[tuple[str, str], Spent]
    unpriced_models: list[str]


async def fetch_usage_time(
    tallies: Tallies, usage: UsageBook, user_id: UUID, question: UsageQuestion, span: TimeRange
) -> UsageTime:
    """The stretch's time and cost, narrowed as the question says."""
    filters = Filters(
        project=_known(question.projects), branch=_known(question.branches), machine=_known(question.machines)
    )
    tally = await tallies.fetch(user_id, span, filters)
    tools = {tool_of(agent) for agent in question.agents}
    tally = tally.select(lambda context: not tools or not _is_agents(context) or context.tool in tools)
    report = await usage.report(user_id, question._replace(parts=("agent", "project", "branch")), span)
    total = Spent()
    agents: dict[tuple[str], Spent] = defaultdict(Spent)
    projects: dict[tuple[str], Spent] = defaultdict(Spent)
    branches: dict[tuple[str, str], Spent] = defaultdict(Spent)
    _add_time(tally, lambda _: total)
    _add_time(tally, lambda context: projects[context.project,])
    _add_time(tally, lambda context: branches[context.project, context.branch])
    _add_time(tally.of_agents(), lambda context: agents[agent_of(context.tool),])
    for row in report.rows:
        agent, project, branch = (str(name) or UNKNOWN for name in row.name)
        for part in (total, agents[agent,], projects[project,], branches[project, branch]):
            part.add_usage(row)
    return UsageTime(total, _ranked(agents), _ranked(projects), _ranked(branches), report.unpriced_models)


def _add_time(tally: Tally, part_of: Callable[[Context], Spent]) -> None:
    for cell in tally.cells:
        context = tally.contexts[cell.context_id]
        part = part_of(context)
        part.active_ms += cell.active_ms
        if _is_agents(context):
            part.agent_ms += cell.lane_ms
        else:
            part.human_ms += cell.lane_ms


def _is_agents(context: Context) -> bool:
    return is_agent(context.tool, context.activity_type)


def _known(names: Iterable[str]) -> tuple[str, ...]:
    """Names as time is asked for: what is absent is `Unknown`."""
    return tuple(dict.fromkeys(name or UNKNOWN for name in names))


def _ranked(parts: dict[Name, Spent]) -> dict[Name, Spent]:
    kept = [(name, part) for name, part in parts.items() if part != Spent()]
    kept.sort(key=lambda item: (-item[1].cost_usd, -item[1].active_ms, -item[1].agent_ms, item[0]))
    return dict(kept)
