"""The lines of a log that can matter, found by their bytes before any JSON is parsed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devtime.readers.reader import Piece


def find_lines(piece: Piece, marks: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that hold one of the marks, each with its byte in the file."""
    begin = 0
    data = piece.data
    while begin < len(data):
        end = data.find(b"\n", begin)
        end = len(data) if end < 0 else end
        line = data[begin:end]
        if any(mark in line for mark in marks):
            yield piece.offset + begin, line
        begin = end + 1
