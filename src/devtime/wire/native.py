"""DevTime's own dialect: the heartbeat of `/api/heartbeat` and `/api/heartbeat/batch`."""

from __future__ import annotations

from typing import Any

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
from devtime.wire.tools import display_name, is_browser, tool_slug
from devtime.wire.useragent import parse_user_agent

_TIME_NAMES = frozenset({"timestamp", "time"})
_KNOWN = _TIME_NAMES | {
    "tool", "activity_type", "project", "file", "language", "lang", "branch", "machine_id", "machine", "editor", "os",
    "user_agent", "session_id", "duration", "is_write", "tokens_in", "tokens_out",
}  # fmt: skip


def read(item: object, origin: Origin) -> Heartbeat:
    """A Heartbeat of one decoded item. `timestamp` is required, and `tool` unless the User-Agent tells it.

    Raises Invalid(field, reason), the field by the name the client used.
    """
    item = as_object(item)
    time_ms = _read_time(item, origin.received_ms)
    user_agent = read_text(item, "user_agent", "user_agent") or origin.user_agent
    client = parse_user_agent(user_agent)
    tool = read_text(item, "tool", "tool")
    return Heartbeat(
        time_ms=time_ms,
        tool=tool_slug(tool) if tool else _tool_of(client.ai_harness or client.editor),
        activity_type=read_kind(item, "activity_type") or "coding",
        project=read_text(item, "project", "project"),
        file=read_text(item, "file", "file"),
        language=read_either(item, "language", "lang", "language"),
        branch=read_text(item, "branch", "branch"),
        machine=read_either(item, "machine_id", "machine", "machine") or origin.machine,
        editor=read_text(item, "editor", "editor") or client.editor or display_name(tool),
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


def _read_time(item: dict[str, Any], received_ms: int) -> int:
    name = "time" if item.get("timestamp") is None and item.get("time") is not None else "timestamp"
    value = item.get(name)
    if value is None:
        raise Invalid(name, "is required")
    return parse_instant(value, received_ms, name)


def _tool_of(name: str) -> str:
    slug = tool_slug(name) if name else ""
    if not slug or is_browser(slug):
        raise Invalid("tool", "is required")
    return slug
