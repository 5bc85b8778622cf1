"""The lines of a log that can matter, found by their bytes before any JSON is parsed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devtime.readers.reader import Piece


def find_lines(piece: Piece, marks: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that hold one of the marks, each with its byte in the file."""
    data = piece.data
    ends: dict[int, int] = {}
    # Searching for the marks costs a third less than splitting lines and searching each.
    for mark in marks:
        found = data.find(mark)
        while found >= 0:
            end = data.find(b"\n", found)
            end = len(data) if end < 0 else end
            ends[data.rfind(b"\n", 0, found) + 1] = end
            found = data.find(mark, end)
    for begin in sorted(ends):
        yield piece.offset + begin, data[begin : ends[begin]]
