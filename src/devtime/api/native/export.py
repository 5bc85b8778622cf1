"""`GET /api/export/…`: one's own heartbeats and the whole account, streamed. All of it can be imported without loss."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from devtime.accounts.archived import archive_account
from devtime.activity.archive import write_archive
from devtime.activity.exporting import stream_csv, stream_json_lines
from devtime.api.documents import USUAL, problems
from devtime.api.exports import read_asked_pages
from devtime.server.downloads import attachment
from devtime.server.guards import requires
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.usage.exporting import stream_usage_lines
from devtime.usage.importing import FILE as USAGE

_GUARDS = [requires("read")]
_ERRORS = problems(*USUAL)

Start = Annotated[str | None, QueryParameter(description="A date, or an RFC 3339 instant; the beginning if absent.")]
End = Annotated[
    str | None, QueryParameter(description="A date (included) or an instant (not included); no end if absent.")
]


@get(
    "/export/json",
    guards=_GUARDS,
    responses=_ERRORS,
    media_type="application/x-ndjson",
    tags=["Export"],
    summary="Export as JSON lines",
)
async def export_json_lines(
    parts: NamedDependency[Parts], identity: NamedDependency[Identity], start: Start = None, end: End = None
) -> Stream:
    """A line that tells the format, then a line a heartbeat."""
    lines = stream_json_lines(read_asked_pages(parts, identity, start, end), parts.clock())
    return attachment(lines, "devtime-heartbeats.jsonl", "application/x-ndjson")


@get(
    "/export/csv",
    guards=_GUARDS,
    responses=_ERRORS,
    media_type="text/csv",
    tags=["Export"],
    summary="Export as CSV",
)
async def export_table(
    parts: NamedDependency[Parts], identity: NamedDependency[Identity], start: Start = None, end: End = None
) -> Stream:
    """A header, then a row a heartbeat; what a spreadsheet would take for a formula begins with an apostrophe."""
    return attachment(stream_csv(read_asked_pages(parts, identity, start, end)), "devtime-heartbeats.csv", "text/csv")


@get(
    "/export/archive",
    guards=[requires("full")],
    responses=_ERRORS,
    media_type="application/zip",
    tags=["Export"],
    summary="Export the whole account",
)
async def export_archive(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Stream:
    """A zip file with every heartbeat, all AI usage, the settings, the profile and the names of the keys."""
    documents = await archive_account(parts.database, identity.user_id)
    usage = {USAGE: stream_usage_lines(parts.database, identity.user_id, parts.clock())}
    content = write_archive(parts.database, identity.user_id, documents, parts.clock(), usage)
    return attachment(content, f"devtime-{identity.username}.zip", "application/zip")
