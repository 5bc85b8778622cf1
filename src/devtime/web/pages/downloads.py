"""Files to take away: all heartbeats as JSON lines or CSV, those of a page, and the archive of the account."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from devtime.accounts.users import fetch_user
from devtime.activity.archive import write_archive
from devtime.activity.exporters import csv_header, csv_line, csv_row, json_header, json_line
from devtime.activity.exporting import read_pages, spell_pages
from devtime.kernel.clock import to_rfc3339
from devtime.kernel.zones import day_of, find_zone
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.stats.filters import Filters
from devtime.stats.listing import ListedHeartbeat, fetch_rows
from devtime.stats.ranges import TimeRange, days_range
from devtime.web.compose.reader import Reader
from devtime.web.pages.frame import AnyRequest, read_day, read_filters, read_span, read_word, reader_of

_CSV = "text/csv; charset=utf-8"
_ROWS = 2_000
_LISTED = (
    "time", "tool", "project", "file", "language", "branch", "machine", "editor", "activity_type", "is_write",
)  # fmt: skip


@get("/export/json")
async def download_json(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Stream:
    """DevTime's own lossless format, of some days or all."""
    start_ms, end_ms = _read_days(request, identity.timezone)
    pages = read_pages(parts.database, identity.user_id, start_ms, end_ms)
    lines = spell_pages(pages, lambda stored: json_line(stored.heartbeat))
    return _file(_after(json_header(parts.clock()), lines), "application/x-ndjson", _name(parts, identity, "jsonl"))


@get("/export/csv")
async def download_csv(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Stream:
    """The same as CSV."""
    start_ms, end_ms = _read_days(request, identity.timezone)
    pages = read_pages(parts.database, identity.user_id, start_ms, end_ms)
    lines = spell_pages(pages, lambda stored: csv_line(stored.heartbeat))
    return _file(_after(csv_header(), lines), _CSV, _name(parts, identity, "csv"))


@get("/heartbeats.csv")
async def download_page_csv(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Stream:
    """All heartbeats of a stretch of time that pass the filters, each with what it is credited."""
    reader = reader_of(parts, identity)
    span = read_span(request, reader.now_ms, reader.zone)
    return _file(_listed(reader, span, read_filters(request)), _CSV, _name(parts, identity, "csv"))


async def _listed(reader: Reader, span: TimeRange, filters: Filters) -> AsyncIterator[bytes]:
    yield csv_row((*_LISTED, "lane_seconds", "active_seconds"))
    offset = 0
    while rows := await fetch_rows(reader.database, reader.user_id, span, filters, limit=_ROWS, offset=offset):
        yield b"".join(map(_listed_row, rows))
        offset += len(rows)


def _listed_row(beat: ListedHeartbeat) -> bytes:
    told = (to_rfc3339(beat.time_ms), *(str(getattr(beat, name)) for name in _LISTED[1:-1]), str(beat.is_write).lower())
    return csv_row((*told, f"{beat.lane_ms / 1_000:.3f}", f"{beat.active_ms / 1_000:.3f}"))


@get("/export/archive")
async def download_archive(parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Stream:
    """Everything of the account, as a zip that can be imported on another server."""
    user = await fetch_user(parts.database, identity.user_id)
    profile = {name: value for name, value in msgspec.structs.asdict(user).items() if name != "password_hash"}
    body = write_archive(parts.database, identity.user_id, {"profile.json": profile}, parts.clock())
    return _file(body, "application/zip", _name(parts, identity, "zip"))


def _read_days(request: AnyRequest, zone: str) -> tuple[int | None, int | None]:
    start, end = read_word(request, "start")[:10], read_word(request, "end")[:10]
    first_ms = days_range(read_day(start, "start"), read_day(start, "start"), zone).start_ms if start else None
    last_ms = days_range(read_day(end, "end"), read_day(end, "end"), zone).end_ms if end else None
    return first_ms, last_ms


async def _after(head: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for part in rest:
        yield part


def _name(parts: Parts, identity: Identity, ending: str) -> str:
    return f"devtime-{identity.username}-{day_of(parts.clock(), find_zone(identity.timezone))}.{ending}"


def _file(body: AsyncIterator[bytes], media_type: str, name: str) -> Stream:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Stream(content=body, media_type=media_type, headers=headers)
