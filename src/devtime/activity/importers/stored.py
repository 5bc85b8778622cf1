"""Heartbeats as WakaTime-like servers give them back: with ids of their own, and machine and client under `…_id` names.

What the server added is taken off again, so that heartbeats exported as JSON and as CSV are the same heartbeats.
"""

from __future__ import annotations

import re
from typing import Any

from devtime.activity.importers.devtime_export import is_exported, read_exported
from devtime.wire import codetrackr, native, wakatime
from devtime.wire.fields import as_object
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.origin import Origin

_ADDED_BY_SERVER = frozenset({"id", "user_id", "created_at", "updated_at", "hash", "origin", "origin_id", "user"})
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_COUNTED = re.compile(
    r"lines|lineno|cursorpos|line_\w+|human_line_changes|project_root_count"
    r"|ai_(?:line_changes|input_tokens|output_tokens|cached_input_tokens|prompt_length)"
)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.0)?", re.ASCII)
_NAMES = {"machine_name_id": "machine", "user_agent_id": "user_agent"}


def read_any(item: object, received_ms: int) -> Heartbeat:
    """A heartbeat of whichever dialect the item's field names are of."""
    item = as_object(item)
    if is_exported(item):
        return read_exported(item, received_ms)
    if "entity" in item:
        return read_stored(item, received_ms)
    if "timestamp" in item and ("tool" in item or "activity_type" in item):
        return native.read(item, Origin("", "", received_ms))
    return codetrackr.read_import(item, Origin("", "", received_ms))


def read_stored(item: object, received_ms: int) -> Heartbeat:
    """A heartbeat of a WakaTime dump, a Wakapi export or an answer of their APIs. No duration is made up."""
    return wakatime.read(_as_sent(as_object(item)), Origin("", "", received_ms))


def _as_sent(item: dict[str, Any]) -> dict[str, Any]:
    """The item without what the server added; WakaTime's ids of clients stay ids, Wakapi's are the texts themselves."""
    keeps_zeros = _is_uuid(item.get("user_agent_id"))
    sent: dict[str, Any] = {}
    for name, value in item.items():
        if name in _ADDED_BY_SERVER or value is None or value == "":
            continue
        if name == "user_agent_id" and _is_uuid(value):
            sent[name] = value
            continue
        value = _as_number(value) if _COUNTED.fullmatch(name) else value
        if keeps_zeros or type(value) is bool or value != 0:
            sent[_NAMES.get(name, name)] = value
    if "is_write" in sent:
        sent["is_write"] = str(sent["is_write"]).lower() in ("true", "1", "t")
    return sent


def _as_number(value: Any) -> Any:
    """CSV has only text; `12` and `12.0` were numbers."""
    return int(float(value)) if type(value) is str and _NUMBER.fullmatch(value) else value


def _is_uuid(value: object) -> bool:
    return type(value) is str and bool(_UUID.fullmatch(value))
