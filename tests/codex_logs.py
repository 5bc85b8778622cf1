"""Lines of Codex logs, as its versions wrote them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

START_MS = 1_770_000_000_000
"""2026-02-02T02:40:00Z."""

Counts = tuple[int, int, int, int]
"""Input, cached input, output, reasoning."""


def stamp(ms: int) -> str:
    """The instant `ms` milliseconds after the start, as Codex writes it."""
    moment = datetime.fromtimestamp((START_MS + ms) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def line(kind: str, ms: int, payload: dict[str, Any]) -> str:
    """One line."""
    return json.dumps({"timestamp": stamp(ms), "type": kind, "payload": payload}, separators=(",", ":"))


def meta(ms: int, log_id: str, **more: Any) -> str:
    """The first line of a rollout."""
    told = {"id": log_id, "cwd": "/work/shop", "cli_version": "0.99.0", "git": {"branch": "main"}, "source": "cli"}
    return line("session_meta", ms, told | more)


def context(ms: int, model: str, **more: Any) -> str:
    """The beginning of a turn."""
    return line("turn_context", ms, {"model": model, "cwd": "/work/shop", "effort": "high"} | more)


def usage(counts: Counts) -> dict[str, int]:
    """Counts as Codex names them."""
    read, cached, written, reasoning = counts
    return {
        "input_tokens": read,
        "cached_input_tokens": cached,
        "output_tokens": written,
        "reasoning_output_tokens": reasoning,
        "total_tokens": read + written,
    }


def count(ms: int, last: Counts | None, total: Counts | None, **info: Any) -> str:
    """A token count. Both may be absent, as in the first one of a session."""
    told: dict[str, Any] | None = dict(info)
    assert told is not None
    if total:
        told["total_token_usage"] = usage(total)
    if last:
        told["last_token_usage"] = usage(last)
    return line("event_msg", ms, {"type": "token_count", "info": told or None, "rate_limits": {"primary": None}})


def tier(ms: int, name: str) -> str:
    """A change of the service tier."""
    return line("event_msg", ms, {"type": "thread_settings_applied", "thread_settings": {"service_tier": name}})


def running_counts(first_ms: int, step_ms: int, spent: list[Counts], begun: Counts = (0, 0, 0, 0)) -> list[str]:
    """Token counts of requests that spent so much, with the counter that grows."""
    lines: list[str] = []
    total = begun
    for number, last in enumerate(spent):
        total = (total[0] + last[0], total[1] + last[1], total[2] + last[2], total[3] + last[3])
        lines.append(count(first_ms + number * step_ms, last, total))
    return lines


def put(home: Path, relative: str, lines: list[str]) -> Path:
    """Write a log below the home folder's `.codex`."""
    path = home / ".codex" / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{text}\n" for text in lines), "utf-8")
    return path
