"""`GET /api/usage` and what leads down from it: sums with costs, bare sums, single events, blocks."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from devtime.api.documents import USUAL, problems
from devtime.api.native.usage_question import Asked, provide_asked
from devtime.api.native.usage_rows import amount_of, block_of, cell_of, event_of, rate_of, row_of, spent_of
from devtime.api.native.usage_tables import AnswersTable, Format, answer_rows
from devtime.kernel.errors import Invalid
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.stats.usage import fetch_cells, fetch_rates
from devtime.stats.usage_time import fetch_usage_time
from devtime.wire.agents import tool_of
from devtime.wire.usage_answers import (
    AgentSpent,
    BranchSpent,
    ProjectSpent,
    SpentAnswer,
    UsageAmount,
    UsageAnswer,
    UsageBlocksAnswer,
    UsageCellsAnswer,
    UsageEventAnswer,
    UsageEventsAnswer,
    UsageTimeAnswer,
)
from devtime.wire.usage_sums import Part

Group = Literal["day", "agent", "model", "project", "branch", "machine", "session", "folder"]
"""What rows can be told apart by."""

_OPTIONS: dict[str, Any] = {
    "guards": [requires("read")],
    "dependencies": {"asked": Provide(provide_asked, sync_to_thread=False)},
    "responses": problems(*USUAL),
    "tags": ["AI usage"],
}
_MOST_EDGES = 1_000


@get("/usage", operation_class=AnswersTable, summary="AI usage of a range", **_OPTIONS)
async def get_usage(
    request: AnyRequest,
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    asked: NamedDependency[Asked],
    group: Annotated[
        list[Group] | None,
        QueryParameter(max_items=8, description="What rows are told apart by; may be given several times."),
    ] = None,
    format: Format = None,
) -> Response[UsageAnswer]:
    """Tokens and what they cost by `group` (`day` if absent): in order of the days if they come first, else of cost."""
    groups = tuple(dict.fromkeys(group or ("day",)))
    report = await parts.usage.report(identity.user_id, asked.by(*groups), asked.span)
    answer = UsageAnswer(
        rows=[row_of(row, groups) for row in report.rows],
        totals=amount_of(report.total),
        unpriced_models=report.unpriced_models,
        range=asked.answered(),
    )
    return answer_rows(request, answer, answer.rows, (*groups, *UsageAmount.__struct_fields__), format)


@get("/usage/events", operation_class=AnswersTable, summary="Single AI responses", **_OPTIONS)
async def list_usage_events(
    request: AnyRequest,
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    asked: NamedDependency[Asked],
    limit: Annotated[int, QueryParameter(ge=1, le=1_000)] = 100,
    offset: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
    format: Format = None,
) -> Response[UsageEventsAnswer]:
    """The newest first: what every sum is made of, each with its cost."""
    found, total = await parts.usage.events(identity.user_id, asked.by(), asked.span, offset=offset, limit=limit)
    answer = UsageEventsAnswer(
        events=[event_of(each) for each in found], total=total, limit=limit, offset=offset, range=asked.answered()
    )
    return answer_rows(request, answer, answer.events, UsageEventAnswer.__struct_fields__, format)


@get("/usage/blocks", summary="Windows that plans count by", **_OPTIONS)
async def list_usage_blocks(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    asked: NamedDependency[Asked],
    hours: Annotated[int, QueryParameter(ge=1, le=168, description="How long a block is.")] = 5,
) -> UsageBlocksAnswer:
    """Of the agent `claude` unless others are asked for. A block begins at the UTC hour of its first request."""
    question = asked.by() if asked.narrowed.agents else asked.by()._replace(agents=("claude",))
    blocks = await parts.usage.blocks(identity.user_id, question, asked.span, hours * 3_600_000)
    now_ms = parts.clock()
    return UsageBlocksAnswer(blocks=[block_of(block, now_ms) for block in blocks], range=asked.answered())


@get("/usage/time", summary="AI cost beside time", **_OPTIONS)
async def get_usage_time(
    parts: NamedDependency[Parts], identity: NamedDependency[Identity], asked: NamedDependency[Asked]
) -> UsageTimeAnswer:
    """What an active hour costs, and how long each agent worked, by agent, project and branch. `agent` and `model`
    narrow costs and the agents' time, not people's.
    """
    found = await fetch_usage_time(parts.tallies, parts.usage, identity.user_id, asked.by(), asked.span)
    return UsageTimeAnswer(
        totals=SpentAnswer(**spent_of(found.total)),
        by_agent=[
            AgentSpent(agent=agent, tool=tool_of(agent), **spent_of(spent)) for (agent,), spent in found.agents.items()
        ],
        by_project=[ProjectSpent(project=project, **spent_of(spent)) for (project,), spent in found.projects.items()],
        by_branch=[
            BranchSpent(project=project, branch=branch, **spent_of(spent))
            for (project, branch), spent in found.branches.items()
        ],
        unpriced_models=found.unpriced_models,
        range=asked.answered(),
    )


@get("/usage/cells", summary="AI usage without prices", **_OPTIONS)
async def list_usage_cells(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    asked: NamedDependency[Asked],
    part: Annotated[
        list[Part] | None, QueryParameter(max_items=len(get_args(Part)), description="What sums are told apart by.")
    ] = None,
    edge: Annotated[
        list[str] | None,
        QueryParameter(
            max_items=_MOST_EDGES,
            description="`RATE:SLOT`: sums of the rate are told apart at that quarter-hour (epoch seconds / 900) too.",
        ),
    ] = None,
) -> UsageCellsAnswer:
    """For whoever prices them: sums by rate, and the rates. Days are numbers since 1970-01-01."""
    chosen = tuple(dict.fromkeys(part or ()))
    cells = await fetch_cells(parts.database, identity.user_id, asked.by(*chosen), _read_edges(edge), asked.span)
    rates = await fetch_rates(parts.database, identity.user_id)
    return UsageCellsAnswer(
        parts=list(chosen),
        cells=[cell_of(cell) for cell in cells],
        rates=[rate_of(number, rate) for number, rate in sorted(rates.items())],
        range=asked.answered(),
    )


def _read_edges(texts: list[str] | None) -> dict[int, list[int]]:
    edges: dict[int, set[int]] = {}
    for text in texts or ():
        rate, _, slot = text.partition(":")
        try:
            rate_id, number = int(rate), int(slot)
        except ValueError:
            raise Invalid("edge", "is RATE:SLOT, two whole numbers") from None
        if not -(2**63) <= rate_id < 2**63 or not 0 <= number < 2**31:
            raise Invalid("edge", "is RATE:SLOT; one of the numbers is too large")
        edges.setdefault(rate_id, set()).add(number)
    return {rate_id: sorted(slots) for rate_id, slots in edges.items()}
