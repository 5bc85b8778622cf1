"""Lines as Claude Code writes them, for tests of its reader and of the ledger."""

from __future__ import annotations

import json
from typing import Any

START = "2026-11-19T10:00:00.000Z"


def usage(given: int = 3, answered: int = 50, write: int = 0, read: int = 0, **more: Any) -> dict[str, Any]:
    """The usage of a response; more fields as they are named in the log."""
    return {
        "input_tokens": given,
        "cache_creation_input_tokens": write,
        "cache_read_input_tokens": read,
        "output_tokens": answered,
        **more,
    }


def line(
    id: str | None = "msg_1",
    tokens: dict[str, Any] | None = None,
    *,
    model: str | None = "claude-opus-4-5-20251101",
    timestamp: Any = START,
    is_sidechain: bool = False,
    message: dict[str, Any] | None = None,
    **more: Any,
) -> bytes:
    """A line of a response, without its line feed. An id of None leaves the id out."""
    told = {"role": "assistant", "content": [], "usage": tokens or usage()}
    told |= {} if id is None else {"id": id}
    told |= {} if model is None else {"model": model}
    fields = {
        "parentUuid": None,
        "isSidechain": is_sidechain,
        "cwd": "/nowhere/harbor",
        "sessionId": "s",
        "version": "2.1.7",
        "gitBranch": "main",
        "message": told | (message or {}),
        "requestId": "req_1",
        "type": "assistant",
        "timestamp": timestamp,
        **more,
    }
    return json.dumps(fields, separators=(",", ":")).encode()


def lines(*written: bytes) -> bytes:
    """Whole lines."""
    return b"".join(one + b"\n" for one in written)
