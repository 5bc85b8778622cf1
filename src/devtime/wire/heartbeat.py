"""The heartbeat, in the one form all dialects are read into."""

from __future__ import annotations

from typing import Any

import msgspec

from devtime.kernel.digests import digest64

UNKNOWN = "Unknown"
"""How an absent project, language, … is shown; in store and structs absent is the empty string."""

IDLE = "idle"


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An instant of activity as a client sent it. Absent text is `""`, absent numbers are None.

    `duration_ms` is what the client declared (None: nothing declared). `session` is the AI session, which makes
    a lane of its own. `extra` keeps every field DevTime has no column for, as it was sent.
    `identity` is a digest of the raw fields: the same heartbeat sent twice has the same identity.
    """

    time_ms: int
    identity: int
    tool: str
    activity_type: str = "coding"
    project: str = ""
    file: str = ""
    language: str = ""
    branch: str = ""
    machine: str = ""
    editor: str = ""
    os: str = ""
    user_agent: str = ""
    session: str = ""
    duration_ms: int | None = None
    is_write: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    extra: dict[str, Any] = {}


def identify(time_ms: int, raw: dict[str, Any]) -> int:
    """The identity of a heartbeat: a digest of its instant and of the raw fields as sent (key order is no matter)."""
    encoded = msgspec.json.encode(raw, order="sorted").decode()
    return digest64(b"heartbeat", (str(time_ms), encoded))
