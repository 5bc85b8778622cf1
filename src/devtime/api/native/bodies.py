"""What heartbeats look like to whoever sends them, for the OpenAPI document. Reading them is `wire.native`'s."""

from __future__ import annotations

from typing import Any

from devtime.wire.fields import MOST_DURATION_S, MOST_TOKENS
from devtime.wire.times import EARLIEST_MS

_TEXT = {"type": ["string", "null"]}
_COUNT = {"type": ["integer", "null"], "minimum": 0, "maximum": MOST_TOKENS}

HEARTBEAT_BODY: dict[str, Any] = {
    "type": "object",
    "title": "Heartbeat",
    "description": "An instant of activity. Fields not listed are kept as they are.",
    "required": ["tool", "timestamp"],
    "properties": {
        "tool": {"type": "string", "minLength": 1, "description": "`vscode`, `claude-code`, `codex`, `zed`, …"},
        "timestamp": {
            "type": "integer",
            "minimum": EARLIEST_MS,
            "description": "Epoch milliseconds; seconds and RFC 3339 are understood too. At most a day ahead.",
        },
        "activity_type": _TEXT | {"description": "`coding` if absent; `idle` is worth no time."},
        "project": _TEXT,
        "file": _TEXT,
        "language": _TEXT,
        "branch": _TEXT,
        "machine_id": _TEXT,
        "editor": _TEXT,
        "os": _TEXT,
        "session_id": _TEXT | {"description": "The AI session; time of sessions runs in parallel."},
        "duration": {
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": MOST_DURATION_S,
            "description": "Seconds the client vouches for; never counted twice.",
        },
        "is_write": {"type": ["boolean", "null"]},
        "lines": {"type": ["integer", "null"]},
        "cursor_line": {"type": ["integer", "null"]},
        "tokens_in": _COUNT,
        "tokens_out": _COUNT,
    },
    "example": {
        "tool": "vscode",
        "timestamp": 1_767_225_600_000,
        "activity_type": "coding",
        "project": "orbit-api",
        "file": "src/orbit/api/handlers.py",
        "language": "python",
        "branch": "main",
        "is_write": True,
    },
}

_ITEMS: dict[str, Any] = {"type": "array", "items": HEARTBEAT_BODY}

BATCH_BODY: dict[str, Any] = {
    "oneOf": [
        {"type": "object", "required": ["heartbeats"], "properties": {"heartbeats": _ITEMS}},
        _ITEMS,
    ]
}
