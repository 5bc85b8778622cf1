"""`GET users/current/insights/{insight}/{range}`: one aspect of a range."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, PathParameter

from devtime.api.documents import USUAL, plain_errors
from devtime.api.wakatime.breakdowns import break_down
from devtime.api.wakatime.question import Question, provide_question
from devtime.api.wakatime.ranges import STATS_RANGE, read_stats_days, spell_range
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.stats.tally import Tally
from devtime.wire.durations import to_seconds, to_text
from devtime.wire.wakatime_averages import average_days, find_best_day
from devtime.wire.wakatime_lists import InsightAnswer
from devtime.wire.wakatime_times import last_second

Insight = Literal[
    "days", "best_day", "daily_average",
    "categories", "projects", "languages", "editors", "operating_systems", "machines",
]  # fmt: skip


@get(
    "/users/current/insights/{insight:str}/{range:str}",
    guards=[requires("read")],
    dependencies={"question": Provide(provide_question, sync_to_thread=False)},
    responses=plain_errors(*USUAL),
    summary="One aspect of a range",
)
async def get_insight(
    question: NamedDependency[Question],
    insight: FromPath[Insight],
    range: Annotated[str, PathParameter(schema_extra=STATS_RANGE)],
) -> InsightAnswer:
    """The aspects are days, best_day, daily_average, and the lists of the stats; the ranges are those of the stats."""
    span = question.span(*read_stats_days(range, question.today, await question.first_day()))
    found = _find(await question.tally(span), insight)
    about = {
        "range": range,
        "human_readable_range": spell_range(range),
        "start": to_rfc3339(span.start_ms),
        "end": last_second(span.end_ms),
        "timezone": question.zone,
        "status": "ok",
        "is_up_to_date": True,
        "percent_calculated": 100,
    }
    return InsightAnswer({insight: found, **about})


def _find(tally: Tally, insight: Insight) -> object:
    lengths_ms = {day: part.active_ms for day, part in tally.by_day().items()}
    if insight == "best_day":
        return find_best_day(lengths_ms)
    if insight == "daily_average":
        return average_days(lengths_ms.values(), sum(1 for _ in tally.range.days()))
    if insight != "days":
        return getattr(break_down(tally), insight)
    return [
        {"date": day, "total": to_seconds(length_ms), "text": to_text(length_ms)}
        for day, length_ms in lengths_ms.items()
    ]
