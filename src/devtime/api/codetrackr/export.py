"""`GET /api/v1/export/json` and `/csv`: one's own heartbeats, streamed; they can be imported again without loss."""

from __future__ import annotations

from collections.abc import AsyncIterator

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from devtime.activity.exporters import codetrackr_csv_header, codetrackr_csv_line, codetrackr_json_item
from devtime.activity.exporting import Stored, spell_pages
from devtime.api.codetrackr.span import Instant
from devtime.api.documents import USUAL, plain_errors
from devtime.api.exports import read_asked_pages
from devtime.kernel.clock import to_rfc3339
from devtime.server.downloads import attachment
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts

_GUARDS = [requires("read")]
_ERRORS = plain_errors(*USUAL)


@get(
    "/export/json",
    guards=_GUARDS,
    responses=_ERRORS,
    media_type="application/json",
    summary="Export as JSON",
)
async def export_json(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    start: Instant = None,
    end: Instant = None,
) -> Stream:
    """An object with `heartbeats` and `exported_at`. `duration` is what a heartbeat counts for as wall clock."""
    pages = read_asked_pages(parts, identity, start, end)
    return attachment(_stream_json(pages, to_rfc3339(parts.clock())), "devtime_export.json", "application/json")


@get("/export/csv", guards=_GUARDS, responses=_ERRORS, media_type="text/csv", summary="Export as CSV")
async def export_csv(
    parts: NamedDependency[Parts],
    identity: NamedDependency[Identity],
    start: Instant = None,
    end: Instant = None,
) -> Stream:
    """The documented columns first, then those that make the rows whole heartbeats again."""
    return attachment(_stream_csv(read_asked_pages(parts, identity, start, end)), "devtime_export.csv", "text/csv")


async def _stream_json(pages: AsyncIterator[list[Stored]], exported_at: str) -> AsyncIterator[bytes]:
    separator = b'{"heartbeats":['
    async for page in pages:
        items = (codetrackr_json_item(stored.heartbeat, stored.active_ms) for stored in page)
        yield separator + b",".join(items)
        separator = b","
    yield (b"" if separator == b"," else separator) + b'],"exported_at":"' + exported_at.encode() + b'"}'


async def _stream_csv(pages: AsyncIterator[list[Stored]]) -> AsyncIterator[bytes]:
    yield codetrackr_csv_header()
    async for piece in spell_pages(pages, lambda stored: codetrackr_csv_line(stored.heartbeat, stored.active_ms)):
        yield piece
