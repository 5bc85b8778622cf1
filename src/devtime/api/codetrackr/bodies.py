"""What CodeTrackr's heartbeats look like, for the OpenAPI document. Reading them is `wire.codetrackr`'s."""

from __future__ import annotations

from typing import Any

from devtime.wire.fields import MOST_DURATION_S

_TEXT = {"type": ["string", "null"]}

HEARTBEAT_BODY: dict[str, Any] = {
    "type": "object",
    "title": "CodeTrackrHeartbeat",
    "description": "Fields not listed are kept as they are.",
    "required": ["project"],
    "properties": {
        "project": {"type": "string", "minLength": 1},
        "language": _TEXT,
        "lang": _TEXT | {"description": "The same as `language`."},
        "file": _TEXT,
        "branch": _TEXT,
        "commit": _TEXT,
        "workspace_root": _TEXT,
        "package_path": _TEXT,
        "editor": _TEXT,
        "os": _TEXT,
        "machine": _TEXT,
        "time": {
            "type": ["number", "string", "null"],
            "description": "Unix seconds (milliseconds and RFC 3339 are understood); now if absent.",
        },
        "duration": {
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": MOST_DURATION_S,
            "description": "Seconds the client vouches for; never counted twice.",
        },
        "is_write": {"type": ["boolean", "null"]},
    },
    "example": {"project": "core-engine", "language": "rust", "file": "src/main.rs", "duration": 60},
}

BULK_BODY: dict[str, Any] = {"type": "array", "items": HEARTBEAT_BODY}
