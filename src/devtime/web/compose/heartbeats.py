"""The view of raw heartbeats: one page of a range, and how it adds up."""

from __future__ import annotations

from dataclasses import replace

from devtime.kernel.clock import to_rfc3339
from devtime.stats.filters import Filters
from devtime.stats.listing import ListedHeartbeat, Part, fetch_latest, fetch_listing
from devtime.stats.ranges import TimeRange
from devtime.web import links
from devtime.web.compose.filtering import compose_filters
from devtime.web.compose.folding import link_filters
from devtime.web.compose.reader import Reader
from devtime.web.views.heartbeats import HeartbeatRow, HeartbeatsView, Sums
from devtime.web.views.parts import Chip, FilterBar

PER_PAGE = 100


async def compose_heartbeats(
    reader: Reader, span: TimeRange, filters: Filters, page: int, file: str = ""
) -> HeartbeatsView:
    """Page `page` (from 1) of the heartbeats that count in the range; of one file if asked."""
    offset = (page - 1) * PER_PAGE
    listing = await fetch_listing(
        reader.database, reader.user_id, span, filters, file=file, limit=PER_PAGE, offset=offset
    )
    parts = (listing.before, listing.page, listing.after)
    total = Sums(*(sum(values) for values in zip(*map(_whole, parts), strict=True)))
    pages = max(1, -(-total.count // PER_PAGE))
    dates = {"start": to_rfc3339(span.start_ms), "end": to_rfc3339(span.end_ms)}
    chosen = link_filters(filters)

    def address(number: int, path: str = "/heartbeats") -> str:
        return path + links.query(chosen, **dates, file=file, page="" if number == 1 else str(number))

    return HeartbeatsView(
        zone=reader.zone,
        now_ms=reader.now_ms,
        start_ms=span.start_ms,
        end_ms=span.end_ms,
        filters=await _compose_bar(reader, filters, dates, file),
        rows=tuple(map(_row, listing.rows)),
        before=Sums(*_whole(listing.before)),
        page=Sums(*_whole(listing.page)),
        after=Sums(*_whole(listing.after)),
        total=total,
        page_number=page,
        page_count=pages,
        json_href=address(page, "/heartbeats.json"),
        csv_href=address(1, "/heartbeats.csv"),
        first_href=address(1) if page > 1 else None,
        prev_href=address(page - 1) if page > 1 else None,
        next_href=address(page + 1) if page < pages else None,
        last_href=address(pages) if page < pages else None,
        carried_in_ms=(listing.earlier.inside_lane_ms, listing.earlier.inside_active_ms),
        carried_out_ms=(
            sum(part.lane_ms - part.inside_lane_ms for part in parts),
            sum(part.active_ms - part.inside_active_ms for part in parts),
        ),
        is_new=not total.count and await fetch_latest(reader.database, reader.user_id) is None,
    )


async def _compose_bar(reader: Reader, filters: Filters, dates: dict[str, str], file: str) -> FilterBar:
    if not file:
        return await compose_filters(reader, "/heartbeats", filters, tuple(dates.items()))
    bar = await compose_filters(reader, "/heartbeats", filters, (*dates.items(), ("file", file)))
    chip = Chip("file", file, "/heartbeats" + links.query(link_filters(filters), **dates))
    return replace(bar, chips=(*bar.chips, chip), clear_href="/heartbeats" + links.query({}, **dates))


def _whole(part: Part) -> tuple[int, int, int]:
    return part.count, part.lane_ms, part.active_ms


def _row(beat: ListedHeartbeat) -> HeartbeatRow:
    return HeartbeatRow(
        beat.time_ms,
        beat.tool,
        beat.project,
        beat.file,
        beat.language,
        beat.branch,
        beat.machine,
        beat.editor,
        beat.activity_type,
        beat.is_write,
        beat.lane_ms,
        beat.active_ms,
        beat.cap_ms,
        beat.tokens_in,
        beat.tokens_out,
        beat.session,
    )
