"""What a batch of limits looks like to its sender, for the OpenAPI document. Reading it is `limits.reading`'s."""

from __future__ import annotations

from typing import Any

from devtime.limits.reading import MOST_SNAPSHOTS

_TEXT = {"type": ["string", "null"]}
_INSTANT = {"type": ["integer", "null"], "description": "Epoch milliseconds."}

SNAPSHOT_BODY: dict[str, Any] = {
    "type": "object",
    "title": "LimitSnapshot",
    "description": "One attempt of a probe to tell how much of a plan is used. What cannot be shown is left out.",
    "required": ["plugin", "at_ms"],
    "properties": {
        "plugin": {"type": "string", "pattern": r"^[\w.-]{1,64}$"},
        "instance": _TEXT | {"description": "Tells accounts of one plugin apart."},
        "at_ms": {"type": "integer", "description": "When it was tried, in epoch milliseconds."},
        "display_name": _TEXT,
        "plan": _TEXT,
        "lines": {
            "type": ["array", "null"],
            "items": {"type": "object"},
            "description": "As probe plugins spell them: `type` is `text`, `progress`, `badge` or `barChart`.",
        },
        "error": _TEXT | {"description": "Why the attempt failed, and what to do."},
        "fetched_at_ms": _INSTANT | {"description": "With an `error`: when the `lines` told beside it were made."},
        "overview": {
            "type": ["array", "null"],
            "items": {"type": "string"},
            "description": "Labels of small screens.",
        },
        "icon": _TEXT | {"description": "`data:image/svg+xml;base64,…`"},
        "brand_color": _TEXT,
        "links": {"type": ["array", "null"], "items": {"type": "object"}},
        "next_at_ms": _INSTANT | {"description": "When the machine asks again."},
    },
    "example": {
        "plugin": "claude",
        "display_name": "Claude",
        "at_ms": 1_768_478_400_000,
        "plan": "Max 20x",
        "overview": ["Session"],
        "lines": [
            {
                "type": "progress",
                "label": "Session",
                "used": 42,
                "limit": 100,
                "format": {"kind": "percent"},
                "resetsAt": "2026-01-15T14:00:00Z",
                "periodDurationMs": 18_000_000,
            }
        ],
    },
}

LIMITS_BATCH_BODY: dict[str, Any] = {
    "type": "object",
    "title": "LimitsBatch",
    "required": ["machine", "snapshots"],
    "properties": {
        "machine": {"type": "string", "minLength": 1, "description": "Whose probes these are."},
        "snapshots": {"type": "array", "maxItems": MOST_SNAPSHOTS, "items": SNAPSHOT_BODY},
    },
}
