"""Where a syntax error is, asked of a parser that tells only what is wrong.

A character that no program may hold is put after more and more of the source: as long as the parser complains about
that character, it got past everything before it.
"""

from __future__ import annotations

from collections.abc import Callable

_MARK = "\x01"
_PASSED = ("Invalid Character", "Unterminated")

Complaint = Callable[[str], str]
"""What the parser says about a text; empty when it takes it."""


def locate(source: str, complaint: Complaint) -> tuple[int, int]:
    """Line and column of the first thing the parser does not take, from 1; (0, 0) when that cannot be found out."""

    def is_past(length: int) -> bool:
        told = complaint(source[:length] + _MARK)
        return bool(told) and not told.startswith(_PASSED)

    if complaint(source).startswith(_PASSED):
        return 0, 0
    if not is_past(len(source)):
        return _place(source, len(source))
    low, high = 0, len(source)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_past(middle) else (middle, high)
    while low > 0 and source[low].isalnum() and source[low - 1].isalnum():
        low -= 1
    return _place(source, low)


def _place(source: str, index: int) -> tuple[int, int]:
    before = source[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1
