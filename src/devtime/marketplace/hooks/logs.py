"""What plugins write: the newest 500 lines of a plugin and user, a row a run. Seen by that user alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from devtime.plugins.engine import LogLine
from devtime.plugins.kinds.lifecycle import Ended
from devtime.store.database import Executor
from devtime.store.sqlfile import load

KEPT = 500
"""Lines of a plugin and user."""

_QUERIES = load("devtime.marketplace.hooks", "logs.sql")
_LINE_CHARS = 1_000
_RUN_CHARS = 32_000
_DROPPED = "… more lines of this run were not kept"

Line = tuple[str, str]
"""A level and a text."""


class Written(msgspec.Struct, frozen=True):
    """A line of the log: its number, when (epoch milliseconds), what was called, level and text."""

    number: int
    at_ms: int
    trigger: str
    level: str
    text: str


def lines_of(ended: Ended, before: Sequence[Line] = ()) -> list[Line]:
    """What is kept of a call: what it wrote, and how it ended when that was not well."""
    said = [*before, *cut_lines(ended.outcome.logs)]
    return [*said, ("error", ended.trouble[:_LINE_CHARS])] if ended.trouble else said


def cut_lines(logs: Sequence[LogLine]) -> list[Line]:
    """No more than is kept of one run."""
    kept: list[Line] = []
    room = _RUN_CHARS
    for line in logs:
        text = line.text[:_LINE_CHARS]
        room -= len(text) + 10
        if room < 0:
            return [*kept, ("warn", _DROPPED)]
        # PostgreSQL's JSON cannot hold it, and half a character is no text.
        kept.append((line.level, text.replace("\0", "␀").encode("utf-8", "replace").decode()))
    return kept


async def write_log(database: Executor, user_id: UUID, plugin_id: UUID, trigger: str, lines: Sequence[Line]) -> None:
    """Add lines of a call that is none of the queue's; what is too old by then goes."""
    if lines:
        await database.execute(_QUERIES["write_log"], user_id, plugin_id, len(lines), trigger[:80], lines)


async def fetch_log(
    database: Executor, user_id: UUID, plugin_id: UUID, *, before: int | None = None, limit: int = 100
) -> list[Written]:
    """The newest lines with a number below `before`, oldest first."""
    top = 2**62 if before is None else before - 1
    rows = await database.fetch(_QUERIES["fetch_log"], user_id, plugin_id, top, limit)
    found: list[Written] = []
    for row in rows:
        first = row["last_line"] - len(row["lines"]) + 1
        told = [
            Written(first + place, row["at"], row["trigger"], level, text)
            for place, (level, text) in enumerate(row["lines"])
        ]
        found = [line for line in told if line.number <= top] + found
        if len(found) >= limit:
            break
    return found[-limit:]
