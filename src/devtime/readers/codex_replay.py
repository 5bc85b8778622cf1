"""What a fork or a sub-agent's log repeats of its parent's, so that it is not counted twice.

Codex begins such a log with a copy of the parent's history. Where the copy keeps its times, equal events have equal
keys and need no help. Where it was stamped anew, two things give it away: it repeats the parent's usage in order from
the start, and it was written in one go, at the instant of the fork. The first needs the parent's log, which lies below
the same roots. It is the one log a reader here looks at besides its own: without it, only the second is left.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from devtime.readers.codex_tier import SESSION_FOLDERS, root_of
from devtime.readers.codex_usage import CodexUsage
from devtime.readers.reader import LogFile

BURST_PAUSE_MS = 1_000
"""The longest pause within a history written in one go. Copies take some ten milliseconds, a model's answer seconds."""

_LARGEST_PARENT = 1 << 30
_MOST_FILES = 100_000
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,63}", re.ASCII)

Spendings = Sequence[tuple[int, CodexUsage]]
"""When a log spent what, in its order, repeats of its own parent included."""


class Replay(msgspec.Struct, array_like=True):
    """How far a fork's log is in repeating its parent's."""

    parent_id: str
    forked_ms: int
    burst_ms: int
    """The last event taken for part of the burst, at first the fork itself."""
    matched: int = 0
    """How many of the parent's spendings were met, in order."""
    is_over: bool = False

    def takes(self, usage: CodexUsage, time_ms: int, prefix: Sequence[CodexUsage]) -> bool:
        """Whether the event is a repeat. `prefix` is what the parent had spent when it was forked, () if unknown."""
        if self.is_over:
            return False
        is_at_once = 0 <= time_ms - self.burst_ms <= BURST_PAUSE_MS
        if is_at_once:
            self.burst_ms = time_ms
        if self.matched < len(prefix) and prefix[self.matched] == usage:
            self.matched += 1
            return True
        if is_at_once:
            return True
        self.is_over = True
        return False


def parent_prefix(file: LogFile, replay: Replay, read_spendings: Callable[[Path], Spendings]) -> Sequence[CodexUsage]:
    """What the parent had spent when it was forked; () where its log is gone or cannot be found."""
    if replay.is_over or not _ID.fullmatch(replay.parent_id):
        return ()
    path = _find_log(file, replay.parent_id)
    if path is None:
        return ()
    try:
        status = path.stat()
    except (OSError, ValueError):
        return ()
    if status.st_size > _LARGEST_PARENT:
        return ()
    prefix: list[CodexUsage] = []
    for time_ms, usage in _spendings(path, status.st_mtime_ns, status.st_size, read_spendings):
        if time_ms > replay.forked_ms:
            break
        prefix.append(usage)
    return prefix


@lru_cache(maxsize=8)
def _spendings(path: Path, _: int, __: int, read_spendings: Callable[[Path], Spendings]) -> Spendings:
    return read_spendings(path)


def _find_log(file: LogFile, log_id: str) -> Path | None:
    root = root_of(file)
    roots = [root.with_name(name) for name in SESSION_FOLDERS] if root.name in SESSION_FOLDERS else [root]
    seen = 0
    for root in roots:
        for folder, _, names in os.walk(root):
            seen += len(names)
            if seen > _MOST_FILES:
                return None
            for name in names:
                stem = name.removesuffix(".jsonl")
                if stem != name and (stem == log_id or stem.endswith(f"-{log_id}")):
                    path = Path(folder, name)
                    if path != file.path:  # a log that names itself as its parent would match all of itself
                        return path
    return None
