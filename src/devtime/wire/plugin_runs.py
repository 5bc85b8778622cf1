"""What DevTime's own API tells of running plugins: a run in the studio, how the hooks stand, and the log."""

from __future__ import annotations

from typing import Any

import msgspec


class BeatGiven(msgspec.Struct, frozen=True, kw_only=True):
    """The heartbeat `on_heartbeat` is tried with."""

    project: str = ""
    language: str = ""
    file: str = ""
    editor: str = ""
    branch: str = ""
    os: str = ""
    machine: str = ""
    duration: float = 0
    time: float = 0
    is_write: bool = False
    activity_type: str = "coding"
    count: int = 1


class StudioRun(msgspec.Struct, frozen=True, kw_only=True):
    """Code to be tried. `name` is whose keys and settings it sees: of published plugins, only the author's own."""

    code: str
    trigger: str = "on_heartbeat"
    heartbeat: BeatGiven | None = None
    rpc_body: Any = None
    name: str | None = None
    settings: dict[str, Any] | None = None
    is_dry: bool = True


class RunLine(msgspec.Struct, frozen=True):
    """A line it wrote."""

    level: str
    text: str


class RunStatement(msgspec.Struct, frozen=True):
    """A statement it ran."""

    text: str
    rows: int
    duration_ms: float
    error: str


class RunFailure(msgspec.Struct, frozen=True):
    """What it threw, and where."""

    name: str
    message: str
    stack: str
    line: int
    column: int


class StudioRan(msgspec.Struct, frozen=True, kw_only=True):
    """How the run ended. `kind` is `ok`, `missing` or what went wrong; `told` says it in a sentence."""

    kind: str
    value: msgspec.Raw
    failure: RunFailure | None
    told: str
    logs: list[RunLine]
    statements: list[RunStatement]
    duration_ms: float
    memory_bytes: int
    is_dry: bool


class PluginRun(msgspec.Struct, frozen=True, kw_only=True):
    """How the hooks of an installed plugin stand. `state` is `waiting`, `paused`, `failing`, `withdrawn` or `running`
    (all is well); `trouble` is what went wrong last.
    """

    plugin: str
    display_name: str
    state: str
    trouble: str | None
    failures: int
    paused_at: str | None
    runs: int
    last_run_at: str | None
    next_tick_at: str | None
    hears: bool
    lines: int


class PluginRuns(msgspec.Struct, frozen=True):
    """All of them."""

    runs: list[PluginRun]


class PluginLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a plugin's log."""

    number: int
    at: str
    trigger: str
    level: str
    text: str


class PluginLog(msgspec.Struct, frozen=True, kw_only=True):
    """Lines, oldest first; `before` asks for older ones, None when there are none."""

    plugin: str
    lines: list[PluginLine]
    before: int | None
