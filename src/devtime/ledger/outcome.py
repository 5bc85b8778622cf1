"""What a refresh did, for people and for tests."""

from __future__ import annotations


class Refreshed:
    """The outcome of one refresh."""

    __slots__ = ("events", "is_other_running", "logs", "read", "read_bytes", "set_aside", "skipped", "trouble")

    def __init__(self) -> None:
        self.logs = 0
        """Logs there are; 0 if nothing had to be searched."""
        self.read = 0
        """Logs that were read, and how much of them."""
        self.read_bytes = 0
        self.events = 0
        """Events that are new, different or withdrawn."""
        self.skipped = 0
        """Places in what was read that could not be understood."""
        self.is_other_running = False
        """Whether another process was refreshing, and this one did not wait for it."""
        self.set_aside = ""
        """Where a broken ledger was put, which this refresh made anew."""
        self.trouble = ""
        """Why the ledger could not be brought up to date, in words for a person; answers are as of the last time."""
