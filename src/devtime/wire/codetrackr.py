"""The CodeTrackr dialect: heartbeats of `/api/v1/heartbeat`, `/api/v1/heartbeats` and `/api/v1/import`."""

from __future__ import annotations

import msgspec

from devtime.kernel.errors import Invalid
from devtime.wire.fields import (
    as_object,
    keep_extra,
    read_count,
    read_duration,
    read_either,
    read_flag,
    read_kind,
    read_text,
    seal,
)
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.origin import Origin
from devtime.wire.times import parse_instant
from devtime.wire.tools import UNKNOWN_TOOL, display_name, is_browser, tool_slug
from devtime.wire.useragent import parse_user_agent

IMPORT_DURATION_MS = 60_000
"""What an imported row without a duration is worth, as documented."""

_TIME_NAMES = frozenset({"time"})
_KNOWN = _TIME_NAMES | {
    "project", "file", "language", "lang", "branch", "duration", "is_write", "editor", "os", "machine",
    "user_agent", "tool", "activity_type", "session_id", "tokens_in", "tokens_out",
}  # fmt: skip


def read(item: object, origin: Origin) -> Heartbeat:
    """A Heartbeat of one decoded item. `project` is required; without a time it happened when it was received.

    Raises Invalid(field, reason), the field by the name the client used.
    """
    item = as_object(item)
    project = read_text(item, "project", "project")
    if not project:
        raise Invalid("project", "is required")
    time = item.get("time")
    time_ms = origin.received_ms if time is None else parse_instant(time, origin.received_ms)
    user_agent = read_text(item, "user_agent", "user_agent") or origin.user_agent
    client = parse_user_agent(user_agent)
    editor = read_text(item, "editor", "editor") or _unless_browser(client.editor)
    tool = read_text(item, "tool", "tool") or editor
    return Heartbeat(
        time_ms=time_ms,
        tool=tool_slug(tool) if tool else UNKNOWN_TOOL,
        activity_type=read_kind(item, "activity_type") or "coding",
        project=project,
        file=read_text(item, "file", "file"),
        language=read_either(item, "language", "lang", "language"),
        branch=read_text(item, "branch", "branch"),
        machine=read_text(item, "machine", "machine") or origin.machine,
        editor=display_name(editor or tool),
        os=read_text(item, "os", "os") or client.os,
        user_agent=user_agent,
        session=read_text(item, "session_id", "session"),
        duration_ms=read_duration(item),
        is_write=read_flag(item, "is_write"),
        tokens_in=read_count(item, "tokens_in"),
        tokens_out=read_count(item, "tokens_out"),
        extra=keep_extra(item, _KNOWN),
        identity=seal(time_ms, item, _TIME_NAMES),
    )


def read_import(item: object, origin: Origin) -> Heartbeat:
    """As `read`, but worth a minute unless it says otherwise, and nothing is taken from whoever uploads it."""
    heartbeat = read(item, Origin("", "", origin.received_ms))
    if heartbeat.duration_ms is None:
        return msgspec.structs.replace(heartbeat, duration_ms=IMPORT_DURATION_MS)
    return heartbeat


def _unless_browser(editor: str) -> str:
    """A browser that posts for a page is no place where code was written."""
    return "" if editor and is_browser(tool_slug(editor)) else editor
