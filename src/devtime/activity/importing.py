"""Recording the rows of a file or a long body, chunk by chunk, and counting what became of them. Knows no jobs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from itertools import islice
from typing import Protocol
from uuid import UUID

import msgspec

from devtime.activity.importers.row import Row
from devtime.activity.ingest import Ingest
from devtime.kernel.errors import Invalid

CHUNK = 1_000
"""Rows recorded at a time."""

MOST_REASONS = 100
"""So many refused rows are told."""


class Reason(msgspec.Struct, frozen=True):
    """Why the row at `index` was refused; `field` is empty when the whole row is at fault."""

    index: int
    field: str
    reason: str


class Part(Protocol):
    """What became of a chunk of other rows; `problems` are those refused, by their place in their file."""

    @property
    def read(self) -> int: ...
    @property
    def inserted(self) -> int: ...
    @property
    def duplicates(self) -> int: ...
    @property
    def excluded(self) -> int: ...
    @property
    def problems(self) -> list[tuple[int, Invalid]]: ...


class MoreRows(Protocol):
    """Another feature that records a file of JSON lines which archives hold besides the heartbeats."""

    @property
    def name(self) -> str: ...

    def record(self, user_id: UUID, items: Iterator[object], received_ms: int, skip: int) -> AsyncIterator[Part]:
        """Record the items after the first `skip`; yields after each chunk, once that is durable."""
        ...


class Progress(msgspec.Struct, kw_only=True):
    """What became of the rows read so far. `reasons` are those of the first refused rows; `restores_settings`: the
    file is an archive whose settings the account takes over; `read_more`: rows read of what else an archive holds.
    """

    read: int = 0
    inserted: int = 0
    duplicates: int = 0
    excluded: int = 0
    rejected: int = 0
    bytes_read: int = 0
    bytes_total: int = 0
    restores_settings: bool = False
    read_more: int = 0
    reasons: list[Reason] = []

    @property
    def is_fruitless(self) -> bool:
        """Rows were refused, and none was taken."""
        return bool(self.rejected) and not (self.inserted or self.duplicates or self.excluded)


async def record_rows(
    ingest: Ingest, user_id: UUID, rows: Iterator[Row], progress: Progress, *, most_reasons: int = MOST_REASONS
) -> AsyncGenerator[Progress]:
    """Record the rows; the progress is brought up to date and yielded after each chunk, once that is durable.

    Rows are read in a thread, so that others are served meanwhile.
    """
    while chunk := await asyncio.to_thread(_take, rows):
        heartbeats = [row.heartbeat for row in chunk if row.heartbeat is not None]
        if heartbeats:
            recorded = await ingest.record(user_id, heartbeats, is_import=True)
            progress.inserted += recorded.inserted
            progress.duplicates += recorded.duplicates
            progress.excluded += recorded.outcomes.count("excluded")
        _note_refused(progress, chunk, most_reasons)
        progress.read = chunk[-1].index + 1
        yield progress


def _take(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, CHUNK))


def _note_refused(progress: Progress, chunk: Sequence[Row], most_reasons: int) -> None:
    for row in chunk:
        if row.problem is None:
            continue
        progress.rejected += 1
        if len(progress.reasons) < most_reasons:
            progress.reasons.append(Reason(row.index, row.problem.field, row.problem.reason))
