"""A user's usage events read out of the store, page by page, and spelled as JSON lines that `importing` reads back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec

from devtime.kernel.clock import to_rfc3339
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.usage.stored import from_row, to_told
from devtime.wire.usage_batch import MachineEvent, event_fields

FORMAT = "devtime-usage"
VERSION = 1

_QUERIES = load("devtime.usage")
_PAGE = 1_000
_LAST_KEY = 2**63 - 1
_encode = msgspec.json.Encoder().encode


async def read_usage_pages(database: Database, user_id: UUID) -> AsyncIterator[list[MachineEvent]]:
    """All events of the user, oldest first, a page at a time."""
    after = (-1, _LAST_KEY)
    while True:
        rows = await database.fetch(_QUERIES["fetch_page"], user_id, *after, _PAGE)
        if rows:
            yield [to_told(from_row(row)) for row in rows]
        if len(rows) < _PAGE:
            return
        after = (rows[-1]["time"], rows[-1]["key"])


async def stream_usage_lines(database: Database, user_id: UUID, now_ms: int) -> AsyncIterator[bytes]:
    """The file of JSON lines, in pieces: a line that tells the format, then a line an event."""
    yield usage_header(now_ms)
    async for page in read_usage_pages(database, user_id):
        yield b"".join(map(usage_line, page))


def usage_header(exported_ms: int) -> bytes:
    """The first line: what the file is."""
    return _encode({"format": FORMAT, "version": VERSION, "exported_at": to_rfc3339(exported_ms)}) + b"\n"


def usage_line(told: MachineEvent) -> bytes:
    """One event as a JSON line; what is absent is left out."""
    return _encode(event_fields(told)) + b"\n"
