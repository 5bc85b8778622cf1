"""Files to take away from a page: the heartbeats it lists, as CSV. Whole exports are the API's."""

from __future__ import annotations

from collections.abc import AsyncIterator

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from devtime.activity.exporters import csv_row
from devtime.kernel.clock import to_rfc3339
from devtime.server.downloads import attachment
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.stats.filters import Filters
from devtime.stats.listing import ListedHeartbeat, fetch_rows
from devtime.stats.ranges import TimeRange
from devtime.web.compose.reader import Reader
from devtime.web.pages.frame import read_filters, read_span, read_word, reader_of

_ROWS = 2_000
_LISTED = (
    "time", "tool", "project", "file", "language", "branch", "machine", "editor", "activity_type", "is_write",
)  # fmt: skip


@get("/heartbeats.csv")
async def download_page_csv(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Stream:
    """All heartbeats of a stretch of time that pass the filters, each with what it is credited."""
    reader = reader_of(parts, identity)
    span = read_span(request, reader.now_ms, reader.zone)
    rows = _listed(reader, span, read_filters(request), read_word(request, "file"))
    return attachment(rows, "devtime-listed.csv", "text/csv")


async def _listed(reader: Reader, span: TimeRange, filters: Filters, file: str) -> AsyncIterator[bytes]:
    yield csv_row((*_LISTED, "lane_seconds", "active_seconds"))
    offset = 0
    asked = (reader.database, reader.user_id, span, filters)
    while rows := await fetch_rows(*asked, file=file, limit=_ROWS, offset=offset):
        yield b"".join(map(_listed_row, rows))
        offset += len(rows)


def _listed_row(beat: ListedHeartbeat) -> bytes:
    told = (to_rfc3339(beat.time_ms), *(str(getattr(beat, name)) for name in _LISTED[1:-1]), str(beat.is_write).lower())
    return csv_row((*told, f"{beat.lane_ms / 1_000:.3f}", f"{beat.active_ms / 1_000:.3f}"))
