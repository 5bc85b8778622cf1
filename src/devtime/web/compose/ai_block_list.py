"""The view of all blocks of a range."""

from __future__ import annotations

from dataclasses import replace

from devtime.web.compose.ai import read_ai_range
from devtime.web.compose.ai_address import AiAddress
from devtime.web.compose.ai_asking import AiQuestion, fetch_costing
from devtime.web.compose.ai_blocks import block_filters, fetch_blocks, fold_blocks
from devtime.web.compose.ai_filtering import compose_ai_filters
from devtime.web.compose.ai_paging import make_pager
from devtime.web.compose.folding import choices
from devtime.web.compose.range import RANGES, range_title
from devtime.web.compose.reader import Reader
from devtime.web.views.ai_pages import BlocksView

PER_PAGE = 60


async def compose_ai_blocks(reader: Reader, question: AiQuestion, page: int) -> BlocksView:
    """The blocks and gaps of a range, newest first, one page of them."""
    span = await read_ai_range(reader, question)
    address = AiAddress(span, question.filters, question.mode)
    known = await fetch_costing(reader, question.mode)
    whose = replace(address, filters=block_filters(question.filters, known))
    rows = fold_blocks(await fetch_blocks(reader, whose.filters, span, known), whose, reader.now_ms)

    def at(number: int, path: str = "/ai/blocks") -> str:
        return address.at(path, page="" if number == 1 else str(number))

    return BlocksView(
        title=range_title(span),
        zone=span.zone,
        now_ms=reader.now_ms,
        ranges=choices(span.name, ((name, text, address.named(name, "/ai/blocks")) for name, text in RANGES)),
        filters=await compose_ai_filters(reader, "/ai/blocks", question.filters, address.kept()),
        rows=rows[(page - 1) * PER_PAGE : page * PER_PAGE],
        pager=make_pager(page, len(rows), PER_PAGE, at),
        json_href=at(page, "/ai/blocks.json"),
        ai_href=address.at(),
        is_new=not known.costing.rates,
    )
