"""The error of the guard. Its words are read by authors of plugins; they never tell how DevTime stores anything."""

from __future__ import annotations

from devtime.kernel.errors import Invalid


class Refused(Invalid):
    """A statement plugins may not run; `reason` says why, and what to write instead."""

    def __init__(self, reason: str) -> None:
        super().__init__("", reason)
