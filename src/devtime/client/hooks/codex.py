"""Codex CLI's `notify` program: it is called with one JSON argument when the agent has finished a turn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from devtime.client.hooks.payload import text_of
from devtime.client.queueing import Beat

TOOL = "codex"


def read_notification(text: str) -> Mapping[str, object]:
    """The object of the argument; empty if it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def beats_of(payload: Mapping[str, object], time_ms: int) -> list[Beat]:
    """A turn is over: a human reads, and writes the next prompt."""
    if text_of(payload, "type") != "agent-turn-complete":
        return []
    return [
        Beat(
            tool=TOOL,
            activity="prompting",
            time_ms=time_ms,
            folder=text_of(payload, "cwd"),
            session=text_of(payload, "thread-id", "session-id", "conversation-id"),
        )
    ]
