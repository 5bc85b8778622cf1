"""The blocks the options of `devtime usage blocks` want."""

from __future__ import annotations

from collections.abc import Iterable

from devtime.cli.quick import Given
from devtime.cli.usage_answer import Answer
from devtime.cli.usage_block_search import blocks_since
from devtime.cli.usage_desk import Desk
from devtime.cli.usage_zone import local_time
from devtime.kernel.clock import DAY_MS, HOUR_MS
from devtime.kernel.errors import Invalid
from devtime.reports.blocks import BLOCK_MS, Block, largest_finished
from devtime.reports.ccusage_shapes import to_iso
from devtime.reports.periods import date_of
from devtime.reports.rows import total_of

_RECENT_MS = 3 * DAY_MS
_SHORTEST_MS = 60_000


class Blocks:
    """Blocks, the oldest first, and the limit to hold them against (0: none)."""

    __slots__ = ("found", "token_limit")

    def __init__(self, found: list[Block], token_limit: int) -> None:
        self.found = found
        self.token_limit = token_limit


def answer_blocks(desk: Desk, given: Given) -> Blocks:
    """The blocks the options want."""
    length_ms = _length_ms(given)
    limit = given.text("token_limit")
    question = desk.question._replace(first_day=None, last_day=None)
    if not question.agents:
        question = question._replace(agents=("claude",))
    needed_ms = None if limit == "max" else _first_needed_ms(desk, given)
    found = blocks_since(desk, question, needed_ms, length_ms, not given.flag("first_request"))
    token_limit = largest_finished(found, desk.now_ms) if limit == "max" else _limit(limit)
    return Blocks(_chosen(found, desk, given), token_limit)


def block_rows(desk: Desk, given: Given) -> Answer:
    """The same as rows named by start, end and whether the block is active; gaps hold nothing and are left out."""
    found = [block for block in answer_blocks(desk, given).found if not block.is_gap]
    found.sort(key=lambda block: block.start_ms, reverse=given.text("order") == "desc")
    rows = [
        block.row.renamed((to_iso(block.start_ms), to_iso(block.end_ms), str(block.is_active(desk.now_ms)).lower()))
        for block in found
    ]
    return Answer(rows, total_of(rows))


def _length_ms(given: Given) -> int:
    hours = given.number("session_length")
    if hours is None:
        return BLOCK_MS
    length_ms = round(hours * HOUR_MS)
    if not _SHORTEST_MS <= length_ms <= 366 * DAY_MS:
        raise Invalid("--session-length", "must be between a minute and a year, in hours")
    return length_ms


def _limit(text: str) -> int:
    if not text:
        return 0
    digits = text.replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit() and 0 < len(digits) < 16 and int(digits)):
        raise Invalid("--token-limit", f"{text[:32]!r} is neither a number of tokens nor `max`")
    return int(digits)


def _first_needed_ms(desk: Desk, given: Given) -> int | None:
    if given.flag("active"):
        return desk.now_ms - 2 * _length_ms(given)
    if given.flag("recent"):
        return desk.now_ms - _RECENT_MS
    since = desk.question.first_day
    if since is None:
        return None
    return (since - date_of(0)).days * DAY_MS - DAY_MS


def _chosen(blocks: Iterable[Block], desk: Desk, given: Given) -> list[Block]:
    since, until = desk.question.first_day, desk.question.last_day
    chosen: list[Block] = []
    for block in blocks:
        day = local_time(block.start_ms, desk.zone).date()
        is_active = block.is_active(desk.now_ms)
        if (since and day < since) or (until and day > until):
            continue
        if given.flag("active") and not is_active:
            continue
        if given.flag("recent") and not is_active and block.start_ms < desk.now_ms - _RECENT_MS:
            continue
        chosen.append(block)
    last = given.whole("last")
    return chosen[-last:] if last else chosen if last is None else []
