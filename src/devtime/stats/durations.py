"""Spans of work: how the wall clock was spent, stretch by stretch. The spans of a day add up to its active time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

import msgspec

from devtime.activity.settings import fetch_settings
from devtime.stats.contexts import Context, ContextBook
from devtime.stats.filters import NO_FILTERS, Dimension, Filters, fetch_context_ids
from devtime.stats.ranges import TimeRange
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")

Slice = Dimension | Literal["file"]
"""What tells one span from the next."""


class Duration(msgspec.Struct, frozen=True):
    """A stretch spent on one project and, where it was sliced by something else, one name of that."""

    project: str
    name: str
    start_ms: int
    active_ms: int


class _Beat(msgspec.Struct, frozen=True):
    time_ms: int
    active_ms: int
    context: Context
    file: str


async def fetch_durations(
    database: Database,
    book: ContextBook,
    user_id: UUID,
    span: TimeRange,
    slice_by: Slice = "project",
    filters: Filters = NO_FILTERS,
) -> list[Duration]:
    """The spans of a range in order, cut to it."""
    settings = await fetch_settings(database, user_id)
    ids = await fetch_context_ids(database, user_id, filters)
    rows = await database.fetch(_QUERIES["fetch_stream"], user_id, span.start_ms, span.end_ms, ids)
    contexts = await book.lookup(database, user_id, settings.epoch, {row["context_id"] for row in rows})
    beats = (_Beat(row["time"], row["active_ms"], contexts[row["context_id"]], row["file"]) for row in rows)
    return join_beats(beats, span, slice_by)


def join_beats(beats: Iterable[_Beat], span: TimeRange, slice_by: Slice) -> list[Duration]:
    """Join the credits that touch and are of the same project and name."""
    spans: list[Duration] = []
    for beat in beats:
        start_ms = max(beat.time_ms, span.start_ms)
        length_ms = min(beat.time_ms + beat.active_ms, span.end_ms) - start_ms
        project, name = beat.context.project, _name(beat, slice_by)
        last = spans[-1] if spans else None
        if last and (last.project, last.name, last.start_ms + last.active_ms) == (project, name, start_ms):
            spans[-1] = Duration(project, name, last.start_ms, last.active_ms + length_ms)
        else:
            spans.append(Duration(project, name, start_ms, length_ms))
    return spans


def _name(beat: _Beat, slice_by: Slice) -> str:
    return (beat.file or UNKNOWN) if slice_by == "file" else beat.context.name(slice_by)
