"""`GET users/current/durations`: how a day was spent, stretch by stretch."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from devtime.api.documents import USUAL, plain_errors
from devtime.api.wakatime.question import DATE, Question, provide_narrow_question, read_asked_day
from devtime.kernel.clock import to_rfc3339
from devtime.server.guards import requires
from devtime.stats.durations import Duration, Slice, fetch_durations
from devtime.wire.durations import to_seconds
from devtime.wire.wakatime_lists import DurationsAnswer
from devtime.wire.wakatime_times import category_title, last_second

SliceName = Literal["project", "entity", "language", "os", "editor", "category", "machine", "dependencies"]
_SLICES: dict[str, Slice] = {
    "entity": "file",
    "language": "language",
    "os": "os",
    "editor": "editor",
    "category": "activity_type",
    "machine": "machine",
}


@get(
    "/users/current/durations",
    guards=[requires("read")],
    dependencies={"question": Provide(provide_narrow_question, sync_to_thread=False)},
    responses=plain_errors(*USUAL),
    summary="The stretches of a day",
)
async def list_durations(
    question: NamedDependency[Question],
    date: Annotated[str, QueryParameter(description="The local day.", schema_extra=DATE)],
    slice_by: Annotated[SliceName, QueryParameter(description="What a stretch is of, besides a project.")] = "project",
) -> DurationsAnswer:
    """They add up to the day's total."""
    day = read_asked_day(date, "date")
    span, parts = question.span(day, day), question.parts
    found = await fetch_durations(
        parts.database,
        parts.tallies.book,
        question.identity.user_id,
        span,
        _SLICES.get(slice_by, "project"),
        question.filters,
    )
    return DurationsAnswer(
        data=[_answer(duration, slice_by) for duration in found],
        branches=list(question.filters.branch),
        start=to_rfc3339(span.start_ms),
        end=last_second(span.end_ms),
        timezone=question.zone,
    )


def _answer(duration: Duration, slice_by: str) -> dict[str, str | float | None]:
    told: dict[str, str | float | None] = {
        "project": duration.project,
        "time": to_seconds(duration.start_ms),
        "duration": to_seconds(duration.active_ms),
        "color": None,
    }
    if slice_by in _SLICES:
        told[slice_by] = category_title(duration.name) if slice_by == "category" else duration.name
    return told
