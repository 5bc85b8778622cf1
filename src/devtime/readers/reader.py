"""What a reader is: a table of functions that know one agent's logs, and what they are handed and hand back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from devtime.readers.surroundings import Surroundings as Surroundings
from devtime.wire.usage import UsageEvent


class LogFile(msgspec.Struct, frozen=True):
    """A log: where it lies, and the same with `/` relative to the agent's folder, which is alike on every machine."""

    path: Path
    relative: str
    modified_ms: int = 0


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a log to be read.

    Shape `lines`: whole lines beginning at byte `offset`, and what the reader remembered of the lines before.
    Shape `document`: all bytes of the file. Shape `database`: no bytes; the reader opens `file.path` read-only.
    """

    file: LogFile
    data: bytes = b""
    offset: int = 0
    memory: bytes = b""


class Skipped(msgspec.Struct, frozen=True):
    """Something that was not understood: at which byte (or row) and why, in words. Never quotes the log."""

    offset: int
    reason: str


class Reading(msgspec.Struct):
    """What a piece held. Several events of one key are allowed. `memory` is handed to the reading of the next piece."""

    events: list[UsageEvent] = []
    skipped: list[Skipped] = []
    memory: bytes = b""


Numbers = tuple[int, int, int, int, int, int, int, int, int, int, int, int | None]
"""What two events of one kind differ in: key, rank, time_ms, the counts as `UsageEvent` orders them, cost_nusd."""


class Sorted(msgspec.Struct):
    """The same as a `Reading`, sorted by kind: an example of each, and the numbers of all that are like it.

    Events of one kind share everything but the numbers, also whether their cost is logged.
    """

    kinds: list[tuple[UsageEvent, list[Numbers]]] = []
    skipped: list[Skipped] = []
    memory: bytes = b""


Shape = Literal["lines", "document", "database"]
"""`lines` grow at the end; a `document` or `database` is read whole whenever it changed."""


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """One agent's logs. `read` is pure, raises nothing on any input, and skips what it cannot understand."""

    agent: str
    title: str
    shape: Shape
    find_roots: Callable[[Surroundings], list[Path]]
    """Folders that are there and may hold logs, the more important first."""
    is_log: Callable[[str], bool]
    """Whether a path below a root, with `/`, is a log of this agent."""
    read: Callable[[Piece], Reading]
    read_sorted: Callable[[Piece], Sorted] | None = None
    """The same by another way, for a reader that can spare much by telling once what many events share. In it no key
    comes twice."""
    depth: int = 64
    """How many folders below a root logs may lie: 0 where they lie in the root itself. Deeper ones are not searched."""
