"""`GET /api/stats`: time by tool, project, language and day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from litestar import get
from litestar.di import NamedDependency, Provide

from devtime.api.documents import USUAL, problems
from devtime.api.native.question import Question, provide_question
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.filters import Dimension
from devtime.stats.tally import Tally
from devtime.wire.durations import to_seconds
from devtime.wire.native_answers import StatsAnswer, seconds_by_day, seconds_by_name


@get(
    "/stats",
    guards=[requires("read")],
    dependencies={"question": Provide(provide_question, sync_to_thread=False)},
    responses=problems(*USUAL),
    tags=["Stats"],
    summary="Time of a range",
)
async def get_stats(
    parts: NamedDependency[Parts], identity: NamedDependency[Identity], question: NamedDependency[Question]
) -> StatsAnswer:
    """Totals are exact: every breakdown and the days add up to `total_seconds`."""
    tally = await parts.tallies.fetch(identity.user_id, question.span, question.filters, question.timeout_ms)
    total = tally.total()
    agents = tally.of_agents().total()
    return StatsAnswer(
        total_seconds=to_seconds(total.lane_ms),
        by_tool=_by(tally, "tool"),
        by_project=_by(tally, "project"),
        by_language=_by(tally, "language"),
        by_day=seconds_by_day(_days(tally), {day: part.lane_ms for day, part in tally.by_day().items()}),
        active_seconds=to_seconds(total.active_ms),
        agent_seconds=to_seconds(agents.lane_ms),
        heartbeats=total.heartbeats,
        by_branch=_by(tally, "branch"),
        by_machine=_by(tally, "machine"),
        by_editor=_by(tally, "editor"),
        range=question.answered(),
    )


def _by(tally: Tally, dimension: Dimension) -> dict[str, float]:
    return seconds_by_name((name, part.lane_ms) for name, part in tally.by(dimension).items())


def _days(tally: Tally) -> Iterable[date]:
    """Every day of the range; of all there is, the days since the first with activity."""
    first = next(iter(tally.by_day()), None) if tally.range.name == "all" else tally.range.first_day
    return () if first is None else (day for day in tally.range.days() if day >= first)
