"""A plugin tried in the studio or from the command line: what is asked, and what came of it."""

from __future__ import annotations

from typing import Any

import msgspec


class RunRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A script to run once, as whoever asks. `is_dry`: what it writes is rolled back. `name` is whose keys it sees."""

    code: str
    trigger: str = "on_heartbeat"
    heartbeat: dict[str, Any] | None = None
    rpc_body: Any = None
    is_dry: bool = True
    name: str | None = None


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


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A script to look over. `plugin_type` is found out when it is not told; `hosts` are those it asks to reach."""

    script: str
    plugin_type: str | None = None
    hosts: list[str] = []


class CheckProblem(msgspec.Struct, frozen=True):
    """Something wrong; line and column count from 1, 0 is the whole script. `severity`: error or warning."""

    line: int
    column: int
    severity: str
    code: str
    message: str


class CheckAnswer(msgspec.Struct, frozen=True):
    """All that was found, in the order of the script."""

    problems: list[CheckProblem]
