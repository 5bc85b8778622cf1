"""A user's heartbeats read back out of the store, page by page, and streamed. How one is spelled: `exporters`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from uuid import UUID

import msgspec

from devtime.activity.exporters import csv_header, csv_line, json_header, json_line
from devtime.store.database import Database, Row
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import IDLE, Heartbeat

_EXPORTING = load("devtime.activity", "exporting.sql")
_PAGE = 1_000
_LAST_IDENTITY = 2**63 - 1
_LAST_MS = 253_402_300_799_999
"""The end of the year 9999: no heartbeat is later."""


class Stored(msgspec.Struct, frozen=True):
    """A heartbeat as it was recorded, and what it is credited."""

    heartbeat: Heartbeat
    lane_ms: int
    active_ms: int


async def read_pages(
    database: Database, user_id: UUID, start_ms: int | None = None, end_ms: int | None = None
) -> AsyncIterator[list[Stored]]:
    """The heartbeats of `[start_ms, end_ms)` in order, a page at a time; recorded anew they are the same."""
    after = ((start_ms or 0) - 1, _LAST_IDENTITY)
    before_ms = _LAST_MS if end_ms is None else end_ms
    while True:
        rows = await database.fetch(_EXPORTING["fetch_heartbeats"], user_id, *after, before_ms, _PAGE)
        if rows:
            yield [_read_row(row) for row in rows]
        if len(rows) < _PAGE:
            return
        after = (rows[-1]["time"], rows[-1]["identity"])


async def spell_pages(pages: AsyncIterator[list[Stored]], spell: Callable[[Stored], bytes]) -> AsyncIterator[bytes]:
    """Each page as bytes, spelled heartbeat by heartbeat."""
    async for page in pages:
        yield b"".join(map(spell, page))


async def stream_json_lines(pages: AsyncIterator[list[Stored]], now_ms: int) -> AsyncIterator[bytes]:
    """The file of DevTime's own JSON lines, in pieces."""
    yield json_header(now_ms)
    async for piece in spell_pages(pages, lambda stored: json_line(stored.heartbeat)):
        yield piece


async def stream_csv(pages: AsyncIterator[list[Stored]]) -> AsyncIterator[bytes]:
    """The file of DevTime's own CSV, in pieces."""
    yield csv_header()
    async for piece in spell_pages(pages, lambda stored: csv_line(stored.heartbeat)):
        yield piece


def _read_row(row: Row) -> Stored:
    extra = dict(row["extra"] or {})
    is_idle = row["activity_type"] == IDLE
    heartbeat = Heartbeat(
        time_ms=row["time"],
        identity=row["identity"],
        tool=row["tool"],
        activity_type=row["activity_type"],
        project=row["project"],
        file=row["file"],
        language=row["language"],
        branch=row["branch"],
        machine=row["machine"],
        editor=row["editor"],
        os=row["os"],
        user_agent=row["user_agent"],
        session=row["session"],
        duration_ms=extra.pop("idle_duration_ms", None) if is_idle else row["cap_ms"],
        is_write=row["is_write"],
        tokens_in=row["tokens_in"],
        tokens_out=row["tokens_out"],
        extra=extra,
    )
    return Stored(heartbeat, row["lane_ms"], row["active_ms"])
