"""Files that are made while they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator

from litestar.response import Stream


def attachment(content: AsyncIterator[bytes], name: str, media_type: str) -> Stream:
    """An answer a browser saves under that (plain ASCII) name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Stream(content, media_type=media_type, headers=headers)
