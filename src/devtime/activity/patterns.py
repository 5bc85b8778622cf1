"""Patterns of names (`*`, `?`, `[…]`), matched in time that grows with the name, not with what the pattern may try."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache

Matcher = Callable[[str], object]
"""Answers something true for the names a pattern names."""


def matches(name: str, pattern: str) -> bool:
    """Whether the pattern names all of the name; case matters, and `*` passes everything, slashes too."""
    return bool(_compile(pattern)(name))


def is_costly(pattern: str) -> bool:
    """Whether matching takes time for each sign of name and pattern, as `?` and `[…]` do."""
    return "?" in pattern or "[" in pattern


@lru_cache(maxsize=4096)
def _compile(pattern: str) -> Matcher:
    if is_costly(pattern):
        return re.compile(translate(pattern)).match
    begin, *between = pattern.split("*")
    if not between:
        return pattern.__eq__
    return _passing(begin, tuple(filter(None, between[:-1])), between[-1])


def _passing(begin: str, between: tuple[str, ...], end: str) -> Matcher:
    """Finds each part after the one before it: the first place is as good as any."""

    def is_match(name: str) -> bool:
        place, last = len(begin), len(name) - len(end)
        if last < place or not name.startswith(begin) or not name.endswith(end):
            return False
        for part in between:
            found = name.find(part, place, last)
            if found < 0:
                return False
            place = found + len(part)
        return True

    return is_match
