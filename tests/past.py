"""Made-up developers' pasts as clients would have sent them: heartbeats in DevTime's own dialect."""

from __future__ import annotations

import time
from typing import Any

from devtime.demo.histories import live
from devtime.demo.people import make_person
from devtime.wire.heartbeat import Heartbeat


def make_past(seed: int, zone: str, days: int, now_ms: int | None = None) -> list[dict[str, Any]]:
    """What the person of that seed did in the last so many days, up to now."""
    person = make_person(seed, zone)
    return [as_sent(beat) for beat in live(person, now_ms or int(time.time() * 1_000), days)]


def as_sent(beat: Heartbeat) -> dict[str, Any]:
    """The heartbeat as an item of `/api/heartbeat/batch`."""
    item = {
        "tool": beat.tool,
        "timestamp": beat.time_ms,
        "activity_type": beat.activity_type,
        "project": beat.project,
        "file": beat.file,
        "language": beat.language,
        "branch": beat.branch,
        "machine_id": beat.machine,
        "editor": beat.editor,
        "os": beat.os,
        "session_id": beat.session,
        "duration": None if beat.duration_ms is None else beat.duration_ms / 1_000,
        "is_write": beat.is_write or None,
        "tokens_in": beat.tokens_in,
        "tokens_out": beat.tokens_out,
    }
    return {name: value for name, value in item.items() if value not in (None, "")}
