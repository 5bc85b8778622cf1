"""What a batch of usage looks like to its sender, for the OpenAPI document. Reading it is `wire.usage_batch`'s."""

from __future__ import annotations

from typing import Any

from devtime.wire.times import EARLIEST_MS
from devtime.wire.usage import MOST_COST_NUSD, MOST_TOKENS
from devtime.wire.usage_batch import MOST_EVENTS

_TEXT = {"type": ["string", "null"]}
_FLAG = {"type": ["boolean", "null"]}
_COUNT = {"type": ["integer", "null"], "minimum": 0, "maximum": MOST_TOKENS}
_NUMBER = "A signed 64-bit number: decimal text, or hexadecimal after `0x`."
_KEY = {"type": ["string", "integer"], "description": _NUMBER}

USAGE_EVENT_BODY: dict[str, Any] = {
    "type": "object",
    "title": "UsageEvent",
    "description": "One response of a model. The counts do not overlap, save that `reasoning_tokens` are among "
    "`output_tokens`. Fields not listed are not kept.",
    "required": ["key", "agent", "model", "time_ms"],
    "properties": {
        "key": _KEY | {"description": f"What makes it one event, on whatever machine its log is read. {_NUMBER}"},
        "rank": _KEY
        | {"type": ["string", "integer", "null"], "description": "Of events with one key that of the largest counts."},
        "agent": {"type": "string", "minLength": 1, "description": "`claude`, `codex`, `gemini`, …"},
        "model": {"type": "string", "minLength": 1},
        "time_ms": {
            "type": "integer",
            "minimum": EARLIEST_MS,
            "description": "Epoch milliseconds; RFC 3339 is understood too. At most a day ahead.",
        },
        "session": _TEXT,
        "provider": _TEXT,
        "folder": _TEXT | {"description": "What the agent calls the project, as it spells it."},
        "project": _TEXT,
        "branch": _TEXT,
        "input_tokens": _COUNT,
        "output_tokens": _COUNT,
        "cache_read_tokens": _COUNT,
        "cache_write_tokens": _COUNT,
        "cache_write_1h_tokens": _COUNT,
        "extra_tokens": _COUNT | {"description": "What a log's total has beyond its parts; priced as output."},
        "reasoning_tokens": _COUNT,
        "web_searches": _COUNT,
        "cost_nusd": {
            "type": ["integer", "null"],
            "minimum": 0,
            "maximum": MOST_COST_NUSD,
            "description": "What the log says it cost, in billionths of a US dollar.",
        },
        "speed": _TEXT | {"description": "`fast`, or nothing."},
        "tier": _TEXT,
        "region": _TEXT,
        "is_sidechain": _FLAG,
        "is_model_guessed": _FLAG,
    },
    "example": {
        "key": "8723460192837465",
        "rank": 5481,
        "agent": "claude",
        "model": "claude-opus-4-5-20251101",
        "time_ms": 1_767_225_600_000,
        "session": "0c9a6f0e-5d0f-4a52-9f0e-0d6c1f1f5c11",
        "project": "orbit-api",
        "branch": "main",
        "input_tokens": 3,
        "output_tokens": 412,
        "cache_read_tokens": 12_345,
        "cache_write_1h_tokens": 5_478,
    },
}

USAGE_BATCH_BODY: dict[str, Any] = {
    "type": "object",
    "title": "UsageBatch",
    "required": ["machine", "events"],
    "properties": {
        "machine": {"type": "string", "minLength": 1, "description": "Whose logs these are."},
        "events": {"type": "array", "maxItems": MOST_EVENTS, "items": USAGE_EVENT_BODY},
        "withdrawn": {
            "type": "array",
            "maxItems": MOST_EVENTS,
            "items": _KEY,
            "description": "Events that are in none of the machine's logs any more; taken back first.",
        },
    },
}
