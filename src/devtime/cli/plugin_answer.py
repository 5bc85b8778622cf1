"""What came of a run, as `devtime plugin run` tells it: the same fields whether it ran here or on the server."""

from __future__ import annotations

from typing import Any

import msgspec


class RunLine(msgspec.Struct, frozen=True):
    """A line it wrote: `debug`, `log`, `info`, `warn` or `error`."""

    level: str
    text: str


class RunStatement(msgspec.Struct, frozen=True):
    """A statement it ran: rows read or written, the error if it was refused."""

    text: str
    rows: int
    duration_ms: float
    error: str = ""


class RunFailure(msgspec.Struct, frozen=True):
    """What it threw, and where; 0 where that is not known."""

    name: str
    message: str
    stack: str = ""
    line: int = 0
    column: int = 0


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """How it ended. `kind`: ok, thrown, missing, deadlock, timeout, memory, stack, limit or crashed."""

    kind: str
    value: Any = None
    failure: RunFailure | None = None
    told: str = ""
    logs: list[RunLine] = []
    statements: list[RunStatement] = []
    duration_ms: float = 0.0
    memory_bytes: int = 0
    is_dry: bool = True
