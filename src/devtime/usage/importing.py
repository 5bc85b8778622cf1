"""Usage events of an archive, recorded chunk by chunk: what `exporting` wrote, as if their machines told it anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from uuid import UUID

import msgspec

from devtime.kernel.errors import Invalid
from devtime.store.database import Database
from devtime.usage.exporting import FORMAT
from devtime.usage.recording import record_events
from devtime.usage.rules import Lock
from devtime.wire.fields import as_object, read_text
from devtime.wire.usage_batch import MachineEvent, read_usage_event

FILE = "usage.jsonl"
"""What the file is called inside an archive."""

_CHUNK = 1_000


class Counted(msgspec.Struct, frozen=True):
    """What became of a chunk of rows; `problems` are those of the refused rows, by their place in the file."""

    read: int
    inserted: int
    duplicates: int
    excluded: int
    problems: list[tuple[int, Invalid]]


class UsageImport:
    """Records the rows of the file `name` that an archive holds."""

    name = FILE

    def __init__(self, database: Database, lock: Lock) -> None:
        self._database = database
        self._lock = lock

    async def record(
        self, user_id: UUID, items: Iterator[object], received_ms: int, skip: int
    ) -> AsyncIterator[Counted]:
        """Record all items after the first so many; yields after each chunk, once it is durable."""
        place = await asyncio.to_thread(lambda: sum(1 for _ in islice(items, skip)))
        while chunk := await asyncio.to_thread(lambda: list(islice(items, _CHUNK))):
            told, problems = await asyncio.to_thread(_read, chunk, place, received_ms)
            recorded = await record_events(self._database, user_id, told, self._lock)
            outcomes = recorded.outcomes
            yield Counted(
                read=len(chunk),
                inserted=outcomes.count("new") + outcomes.count("changed"),
                duplicates=outcomes.count("duplicate"),
                excluded=outcomes.count("excluded"),
                problems=problems,
            )
            place += len(chunk)


def _read(items: list[object], place: int, received_ms: int) -> tuple[list[MachineEvent], list[tuple[int, Invalid]]]:
    told: list[MachineEvent] = []
    problems: list[tuple[int, Invalid]] = []
    for number, item in enumerate(items, place):
        try:
            fields = as_object(item)
            if fields.get("format") == FORMAT:
                continue
            event = read_usage_event(fields, received_ms)
            told.append(MachineEvent(read_text(fields, "machine", "machine"), event))
        except Invalid as problem:
            problems.append((number, problem))
    return told, problems
