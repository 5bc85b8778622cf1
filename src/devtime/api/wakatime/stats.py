"""`GET users/current/stats` and `all_time_since_today`: sums over a whole range."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import PathParameter, QueryParameter

from devtime.api.documents import USUAL, plain_errors
from devtime.api.wakatime.breakdowns import break_down, span_day
from devtime.api.wakatime.question import Question, provide_question
from devtime.api.wakatime.ranges import STATS_RANGE, read_stats_days, spell_range
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.wire.durations import to_decimal, to_digital, to_seconds, to_text
from devtime.wire.wakatime_averages import average_days, find_best_day
from devtime.wire.wakatime_summaries import AllTime, AllTimeAnswer, AllTimeRange, Stats, StatsAnswer
from devtime.wire.wakatime_times import last_second

_DEFAULT = "last_7_days"


@get(
    "/users/current/stats/{range:str}",
    guards=[requires("read")],
    dependencies={"question": Provide(provide_question, sync_to_thread=False)},
    responses=plain_errors(*USUAL, 404),
    summary="Sums of a range",
)
async def get_stats(
    question: NamedDependency[Question], range: Annotated[str, PathParameter(schema_extra=STATS_RANGE)]
) -> StatsAnswer:
    """The range is `last_7_days`, `last_30_days`, `last_6_months`, `last_year`, `all_time`, a year or a month."""
    return StatsAnswer(await _sum_up(question, range))


@get(
    "/users/current/stats",
    guards=[requires("read")],
    dependencies={"question": Provide(provide_question, sync_to_thread=False)},
    responses=plain_errors(*USUAL),
    summary="Sums of the last seven days",
)
async def get_default_stats(
    question: NamedDependency[Question],
    range: Annotated[str, QueryParameter(description="As in `stats/{range}`.", schema_extra=STATS_RANGE)] = _DEFAULT,
) -> StatsAnswer:
    """The same as `stats/{range}`."""
    return StatsAnswer(await _sum_up(question, range))


@get(
    "/users/current/all_time_since_today",
    guards=[requires("read")],
    dependencies={"question": Provide(provide_question, sync_to_thread=False)},
    responses=plain_errors(*USUAL),
    summary="All time there is",
)
async def get_all_time(question: NamedDependency[Question]) -> AllTimeAnswer:
    """From the first day with activity to today."""
    first, last = read_stats_days("all_time", question.today, await question.first_day())
    tally = await question.tally(question.span(first, last))
    total_ms = tally.total().active_ms
    begin, end = (span_day(day, question.zone, question.today) for day in (first, last))
    return AllTimeAnswer(
        AllTime(
            text=to_text(total_ms),
            digital=to_digital(total_ms),
            decimal=to_decimal(total_ms),
            total_seconds=to_seconds(total_ms),
            daily_average=average_days((part.active_ms for part in tally.by_day().values()), 0).seconds,
            timeout=await question.timeout_minutes(),
            range=AllTimeRange(
                start=begin.start,
                start_date=first,
                start_text=begin.text,
                end=end.end,
                end_date=last,
                end_text=end.text,
                timezone=question.zone,
            ),
        )
    )


async def _sum_up(question: Question, name: str) -> Stats:
    span = question.span(*read_stats_days(name, question.today, await question.first_day()))
    tally = await question.tally(span)
    lengths_ms = {day: part.active_ms for day, part in tally.by_day().items()}
    total_ms = tally.total().active_ms
    average = average_days(lengths_ms.values(), sum(1 for _ in span.days()))
    return Stats(
        id=f"{question.identity.user_id}-{name}",
        user_id=str(question.identity.user_id),
        username=question.identity.username,
        range=name,
        human_readable_range=spell_range(name),
        start=to_rfc3339(span.start_ms),
        end=last_second(span.end_ms),
        timezone=question.zone,
        timeout=await question.timeout_minutes(),
        writes_only=question.writes_only,
        total_seconds=to_seconds(total_ms),
        total_seconds_including_other_language=to_seconds(total_ms),
        human_readable_total=to_text(total_ms),
        human_readable_total_including_other_language=to_text(total_ms),
        daily_average=average.seconds,
        daily_average_including_other_language=average.seconds,
        human_readable_daily_average=average.text,
        human_readable_daily_average_including_other_language=average.text,
        holidays=average.holidays,
        days_including_holidays=average.days_including_holidays,
        days_minus_holidays=average.days_minus_holidays,
        best_day=find_best_day(lengths_ms),
        **msgspec.structs.asdict(break_down(tally)),
    )
