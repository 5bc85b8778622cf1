"""What WakaTime's heartbeats look like, for the OpenAPI document. Reading them is `wire.wakatime`'s."""

from __future__ import annotations

from typing import Any

from devtime.wire.fields import MOST_TOKENS

_TEXT = {"type": ["string", "null"]}
_NUMBER = {"type": ["integer", "null"]}
_COUNT = {"type": ["integer", "null"], "minimum": 0, "maximum": MOST_TOKENS}

HEARTBEAT_BODY: dict[str, Any] = {
    "type": "object",
    "title": "WakaTimeHeartbeat",
    "description": "An instant of activity. Fields not listed are kept as they are.",
    "required": ["entity", "time"],
    "properties": {
        "entity": {"type": "string", "minLength": 1, "description": "The file, app, domain or URL worked on."},
        "type": _TEXT | {"description": "`file`, `app`, `domain` or `url`."},
        "time": {"type": "number", "minimum": 946_684_800, "description": "Epoch seconds. At most a day ahead."},
        "category": _TEXT | {"description": "`coding`, or `browsing` for a domain or URL, if absent."},
        "project": _TEXT,
        "branch": _TEXT,
        "language": _TEXT,
        "is_write": {"type": ["boolean", "null"]},
        "lines": _NUMBER,
        "lineno": _NUMBER,
        "cursorpos": _NUMBER,
        "project_root_count": _NUMBER,
        "dependencies": {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 100},
        "user_agent": _TEXT,
        "ai_session": _TEXT,
        "ai_line_changes": _NUMBER,
        "human_line_changes": _NUMBER,
        "ai_input_tokens": _COUNT,
        "ai_output_tokens": _COUNT,
    },
    "example": {
        "entity": "/home/ada/orbit/handlers.py",
        "type": "file",
        "time": 1_767_225_600.5,
        "project": "orbit-api",
        "language": "Python",
        "is_write": True,
    },
}

BULK_BODY: dict[str, Any] = {"type": "array", "items": HEARTBEAT_BODY}

FILE_BODY: dict[str, Any] = {
    "type": "object",
    "title": "WakaTimeFile",
    "required": ["entity"],
    "properties": {
        "entity": {"type": "string", "minLength": 1},
        "project": _TEXT,
        "project_root_count": _NUMBER,
    },
}

REPORT_BODY: dict[str, Any] = {"type": "object", "description": "Anything; it is not kept."}
