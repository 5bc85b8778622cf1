"""`GET users/current/statusbar/today`: what an editor shows of the day."""

from __future__ import annotations

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide

from devtime.api.documents import USUAL, plain_errors
from devtime.api.wakatime.breakdowns import summarize_day
from devtime.api.wakatime.question import Question, provide_question
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.wire.wakatime_summaries import StatusBar, StatusBarDay


@get(
    "/users/current/statusbar/today",
    guards=[requires("ingest", "read")],
    dependencies={"question": Provide(provide_question, sync_to_thread=False)},
    responses=plain_errors(*USUAL),
    summary="Today, for a status bar",
)
async def get_statusbar(question: NamedDependency[Question]) -> StatusBar:
    """Always as it is now."""
    today = question.today
    tally = await question.tally(question.span(today, today))
    day = summarize_day(tally, today, question.zone, today)
    return StatusBar(data=StatusBarDay(**msgspec.structs.asdict(day)), cached_at=to_rfc3339(question.parts.clock()))
