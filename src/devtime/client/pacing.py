"""Which of an editor's events are worth a heartbeat: the first in a file, one an interval, every write, and the last.

The last matters: what was done in a file ends where it was left, not where it was told of. Pure.
"""

from __future__ import annotations

from typing import NamedTuple

INTERVAL_MS = 120_000


class Moment(NamedTuple):
    """Something that happened in a file."""

    file: str
    time_ms: int
    is_write: bool = False


class Pacing:
    """Follows one editor."""

    def __init__(self, interval_ms: int = INTERVAL_MS) -> None:
        self._interval_ms = interval_ms
        self._seen: Moment | None = None
        self._told: Moment | None = None

    def follow(self, moment: Moment) -> list[Moment]:
        """What is to be told now that this happened."""
        told = self._trailing() if self._seen is not None and self._seen.file != moment.file else []
        last = told[-1] if told else self._told
        is_due = (
            last is None
            or moment.is_write
            or last.file != moment.file
            or not 0 <= moment.time_ms - last.time_ms < self._interval_ms
        )
        if is_due:
            told.append(moment)
        self._seen = moment
        self._told = told[-1] if told else self._told
        return told

    def leave(self) -> list[Moment]:
        """What is to be told when the editor ends."""
        told = self._trailing()
        self._told = told[-1] if told else self._told
        return told

    def _trailing(self) -> list[Moment]:
        seen, told = self._seen, self._told
        if seen is None or (told is not None and told.file == seen.file and told.time_ms >= seen.time_ms):
            return []
        return [seen._replace(is_write=False)]
