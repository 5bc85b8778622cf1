"""`GET users/current/summaries`: a summary for each day of a range."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from devtime.api.documents import USUAL, plain_errors
from devtime.api.wakatime.breakdowns import summarize_day
from devtime.api.wakatime.question import DATE, Question, provide_question, read_asked_day
from devtime.api.wakatime.ranges import Days, read_named_days
from devtime.kernel.clock import to_rfc3339
from devtime.kernel.errors import Invalid
from devtime.server.guards import requires
from devtime.stats.tally import Tally
from devtime.wire.wakatime_averages import average_days, cumulate
from devtime.wire.wakatime_summaries import Summaries
from devtime.wire.wakatime_times import last_second

MOST_DAYS = 3_660
"""Days of one answer."""


@get(
    "/users/current/summaries",
    guards=[requires("read")],
    dependencies={"question": Provide(provide_question, sync_to_thread=False)},
    responses=plain_errors(*USUAL),
    summary="A summary per day",
)
async def get_summaries(
    question: NamedDependency[Question],
    start: Annotated[str | None, QueryParameter(description="The first day.", schema_extra=DATE)] = None,
    end: Annotated[str | None, QueryParameter(description="The last day; today if absent.", schema_extra=DATE)] = None,
    range: Annotated[str | None, QueryParameter(description="`Last 7 Days`, `This Month`, … instead of days.")] = None,
) -> Summaries:
    """Every day is listed, also those without activity."""
    span = question.span(*_read_days(question, start, end, range))
    tally = await question.tally(span)
    by_day = tally.split_days()
    nothing = Tally(span, [], {})
    is_of_project = bool(question.filters.project)
    days = [
        summarize_day(by_day.get(day, nothing), day, question.zone, question.today, is_of_project=is_of_project)
        for day in span.days()
    ]
    lengths_ms = [part.active_ms for part in tally.by_day().values()]
    return Summaries(
        data=days,
        cumulative_total=cumulate(lengths_ms),
        daily_average=average_days(lengths_ms, len(days)),
        start=to_rfc3339(span.start_ms),
        end=last_second(span.end_ms),
    )


def _read_days(question: Question, start: str | None, end: str | None, name: str | None) -> Days:
    if name and not start:
        return read_named_days(name, question.today, question.identity.week_start)
    if not start:
        raise Invalid("start", "is missing; give start and end, or range")
    first = read_asked_day(start, "start")
    last = read_asked_day(end, "end") if end else max(first, question.today)
    if (last - first).days >= MOST_DAYS:
        raise Invalid("end", f"lies more than {MOST_DAYS} days after start")
    return first, last
