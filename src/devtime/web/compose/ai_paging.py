"""Pages of a long list: which there are, and their addresses."""

from __future__ import annotations

from collections.abc import Callable

from devtime.web.views.ai_pages import Pager


def make_pager(page: int, items: int, per_page: int, address: Callable[[int], str]) -> Pager:
    """Page `page` (from 1) of so many items; `address` tells that of a page."""
    pages = max(1, -(-items // per_page))
    return Pager(
        number=page,
        count=pages,
        first_href=address(1) if page > 1 else None,
        prev_href=address(min(page - 1, pages)) if page > 1 else None,
        next_href=address(page + 1) if page < pages else None,
        last_href=address(pages) if page < pages else None,
    )
