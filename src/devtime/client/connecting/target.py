"""What can be connected: how a client is found, what is changed for it, and how that change is taken out again."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from devtime.client.connecting.edits import Edit
from devtime.readers.surroundings import Surroundings


class Here(NamedTuple):
    """Where clients are looked for, and the program they are told to call."""

    surroundings: Surroundings
    program: Path


class Target(Protocol):
    """A client. Pure but for reading files: `edits` says what to write, others write it."""

    name: str
    title: str
    after: str
    """What its user still has to do, in a sentence; empty if nothing."""

    def is_here(self, here: Here) -> bool:
        """Whether it seems to be installed."""
        ...

    def edits(self, here: Here) -> list[Edit]:
        """What is changed; empty when all is as it should be. Invalid when a file cannot be understood."""
        ...

    def strip(self, path: Path, now: bytes) -> bytes:
        """A file that changed since, without what DevTime put there."""
        ...
