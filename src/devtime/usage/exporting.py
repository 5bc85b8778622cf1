"""A user's usage events read back out of the store, page by page, and spelled as JSON lines that read back the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import BinaryIO
from uuid import UUID

import msgspec

from devtime.kernel.clock import to_rfc3339
from devtime.kernel.errors import Invalid
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.usage.stored import from_row, to_told
from devtime.wire.fields import as_object, read_text
from devtime.wire.usage_batch import MachineEvent, event_fields, read_usage_event

FORMAT = "devtime-usage"
VERSION = 1

_QUERIES = load("devtime.usage")
_PAGE = 1_000
_LONGEST_LINE = 64 * 1024
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


def read_usage_lines(stream: BinaryIO, received_ms: int, skip: int = 0) -> Iterator[list[MachineEvent | Invalid]]:
    """The events of such a file after the first so many lines, some hundred at a time; a bad line is why it is none."""
    lines = _lines(stream)
    for _ in islice(lines, skip):
        pass
    while chunk := list(islice(lines, _PAGE)):
        yield [_read_line(line, received_ms) for line in chunk]


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines that tell events; one that is too long is there as far as it was read, and cannot be understood."""
    while line := stream.readline(_LONGEST_LINE):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(_LONGEST_LINE)
        if line.strip() and not _is_header(line):
            yield line


def _is_header(line: bytes) -> bool:
    return line.startswith(b'{"format":')


def _read_line(line: bytes, received_ms: int) -> MachineEvent | Invalid:
    try:
        item = as_object(msgspec.json.decode(line))
        return MachineEvent(read_text(item, "machine", "machine"), read_usage_event(item, received_ms))
    except Invalid as error:
        return error
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Invalid("", "is no JSON")
