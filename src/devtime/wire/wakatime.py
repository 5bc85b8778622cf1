"""The WakaTime dialect: heartbeats of editor plugins that talk through the WakaTime CLI, and of web clients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from devtime.kernel.errors import Invalid
from devtime.wire.fields import as_object, keep_extra, read_count, read_either, read_flag, read_kind, read_text, seal
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.origin import Origin
from devtime.wire.times import parse_instant
from devtime.wire.tools import UNKNOWN_TOOL, tool_slug
from devtime.wire.useragent import Client, parse_user_agent

PLACEHOLDERS = {"project": "<<LAST_PROJECT>>", "branch": "<<LAST_BRANCH>>", "language": "<<LAST_LANGUAGE>>"}
"""What a browser sends when it means: the same as in the heartbeat before."""

_TIME_NAMES = frozenset({"time"})
_KNOWN = _TIME_NAMES | {
    "entity", "category", "project", "branch", "language", "lang", "is_write", "user_agent", "editor", "os",
    "operating_system", "machine", "hostname", "ai_session", "session_id", "ai_input_tokens", "ai_output_tokens",
    "tokens_in", "tokens_out",
}  # fmt: skip
_BROWSED = frozenset({"domain", "url"})


def read(item: object, origin: Origin) -> Heartbeat:
    """A Heartbeat of one decoded item. `entity` and `time` are required; the item's own user agent beats the header's.

    The entity becomes `file`, whatever its type; the type stays in `extra`. Placeholders stay: see `fill_last`.
    Raises Invalid(field, reason), the field by the name the client used.
    """
    item = as_object(item)
    entity = read_text(item, "entity", "file")
    if not entity:
        raise Invalid("entity", "is required")
    if item.get("time") is None:
        raise Invalid("time", "is required")
    time_ms = parse_instant(item["time"], origin.received_ms)
    user_agent = read_text(item, "user_agent", "user_agent") or origin.user_agent
    client = _read_client(item, user_agent)
    editor = read_text(item, "editor", "editor") or client.editor
    tool = client.ai_harness or editor
    return Heartbeat(
        time_ms=time_ms,
        tool=tool_slug(tool) if tool else UNKNOWN_TOOL,
        activity_type=read_kind(item, "category") or _default_category(item),
        project=read_either(item, "project", "alternate_project", "project"),
        file=entity,
        language=read_either(item, "language", "lang", "language"),
        branch=read_text(item, "branch", "branch"),
        machine=read_either(item, "machine", "hostname", "machine") or origin.machine,
        editor=editor,
        os=read_either(item, "operating_system", "os", "os") or client.os,
        user_agent=user_agent,
        session=read_either(item, "ai_session", "session_id", "session"),
        is_write=read_flag(item, "is_write"),
        tokens_in=read_count(item, "ai_input_tokens" if "ai_input_tokens" in item else "tokens_in"),
        tokens_out=read_count(item, "ai_output_tokens" if "ai_output_tokens" in item else "tokens_out"),
        extra=keep_extra(item, _KNOWN),
        identity=seal(time_ms, item, _TIME_NAMES),
    )


def read_entity(items: list[object]) -> str:
    """The file a question about a file is about."""
    entity = read_text(as_object(items[0] if len(items) == 1 else None), "entity", "file")
    if not entity:
        raise Invalid("entity", "is required")
    return entity


def needs_last(heartbeat: Heartbeat) -> bool:
    """Whether the heartbeat holds a placeholder."""
    return any(getattr(heartbeat, field) == mark for field, mark in PLACEHOLDERS.items())


def fill_last(heartbeats: Iterable[Heartbeat], last: dict[str, str]) -> list[Heartbeat]:
    """The heartbeats with placeholders filled from the heartbeats before them; identities stay.

    `last` holds `project`, `branch` and `language` of the user's newest heartbeat so far (missing ones are absent)
    and is brought up to date on the way.
    """
    filled: list[Heartbeat] = []
    for heartbeat in heartbeats:
        changes = {
            field: last.get(field, "") for field, mark in PLACEHOLDERS.items() if getattr(heartbeat, field) == mark
        }
        if changes:
            heartbeat = msgspec.structs.replace(heartbeat, **changes)
        for field in PLACEHOLDERS:
            last[field] = getattr(heartbeat, field) or last.get(field, "")
        filled.append(heartbeat)
    return filled


def _read_client(item: dict[str, Any], user_agent: str) -> Client:
    """Web clients cannot set a User-Agent and name themselves in `plugin`; the system is still in the header."""
    client = parse_user_agent(user_agent)
    plugin = item.get("plugin")
    if type(plugin) is not str or not plugin or client.plugin:
        return client
    named = parse_user_agent(plugin)
    return msgspec.structs.replace(named, os=named.os or client.os)


def _default_category(item: dict[str, Any]) -> str:
    kind = item.get("type", item.get("entity_type"))
    return "browsing" if type(kind) is str and kind.lower() in _BROWSED else "coding"
