"""What changed from one text to another, as lines to show side by side with their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

LineKind = Literal["same", "added", "removed", "gap"]

_CONTEXT = 3
_MOST_COMPARED = 4_000
_MOST_SHOWN = 3_000


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line. `old` and `new` are its numbers there, 0 where it is not; a gap tells in `text` what it leaves out."""

    kind: LineKind
    text: str
    old: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True)
class Diff:
    """All of it. `is_cut`: there is more than is worth a page."""

    lines: tuple[DiffLine, ...]
    added: int
    removed: int
    is_cut: bool = False


def compare(old: str, new: str) -> Diff:
    """The difference, with three lines around each change. Texts of many thousand changed lines count as replaced."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[DiffLine] = []
    added = removed = 0
    shown = 0
    for tag, i1, i2, j1, j2 in _changes(before, after):
        if tag == "equal":
            lines += _around(before, i1, i2, j1, is_first=i1 == 0, is_last=i2 == len(before) and j2 == len(after))
            continue
        removed += i2 - i1
        added += j2 - j1
        if shown < _MOST_SHOWN:
            lines += [DiffLine("removed", before[at], old=at + 1) for at in range(i1, min(i2, i1 + _MOST_SHOWN))]
            lines += [DiffLine("added", after[at], new=at + 1) for at in range(j1, min(j2, j1 + _MOST_SHOWN))]
        shown += i2 - i1 + j2 - j1
    return Diff(tuple(lines), added, removed, is_cut=shown > _MOST_SHOWN)


def _changes(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Stretches as difflib tells them. Ends that are alike are taken off first: it needs long for long texts."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    old_end, new_end = len(before) - tail, len(after) - tail
    middle_old, middle_new = before[head:old_end], after[head:new_end]
    if len(middle_old) + len(middle_new) > _MOST_COMPARED:
        middle = [("replace", head, old_end, head, new_end)]
    else:
        codes = SequenceMatcher(None, middle_old, middle_new).get_opcodes()
        middle = [(tag, i1 + head, i2 + head, j1 + head, j2 + head) for tag, i1, i2, j1, j2 in codes]
    first = [("equal", 0, head, 0, head)] if head else []
    last = [("equal", old_end, len(before), new_end, len(after))] if tail else []
    return [*first, *middle, *last]


def _around(
    before: list[str], start: int, end: int, new_start: int, *, is_first: bool, is_last: bool
) -> list[DiffLine]:
    shift = new_start - start
    head = 0 if is_first else _CONTEXT
    tail = 0 if is_last else _CONTEXT
    if end - start <= head + tail:
        return [DiffLine("same", before[at], at + 1, at + 1 + shift) for at in range(start, end)]
    left_out = end - start - head - tail
    return [
        *[DiffLine("same", before[at], at + 1, at + 1 + shift) for at in range(start, start + head)],
        DiffLine("gap", f"{left_out:,} unchanged line{'' if left_out == 1 else 's'}"),
        *[DiffLine("same", before[at], at + 1, at + 1 + shift) for at in range(end - tail, end)],
    ]
