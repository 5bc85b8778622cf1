"""Reading what an agent hands over on standard input: JSON of strangers, perhaps broken, perhaps 50 MB of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, cast

_MOST_BYTES = 1 << 20
_HEAD_BYTES = 1 << 16
_PIECE_BYTES = 1 << 20
_FIELD = re.compile(
    r'"(session_id|cwd|hook_event_name|tool_name|file_path|notebook_path)"\s*:\s*("(?:[^"\\]|\\.){0,8192}")'
)


def read_payload(stream: IO[bytes]) -> dict[str, object]:
    """The object on a stream, which is read to its end so that its writer does not fail; empty if it is none.

    Of a very large or a broken one the fields of interest are picked out of its beginning.
    """
    data = stream.read(_MOST_BYTES)
    if len(data) == _MOST_BYTES:
        while stream.read(_PIECE_BYTES):
            pass
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return _pick(data[:_HEAD_BYTES].decode("utf-8", "replace"))
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _pick(head: str) -> dict[str, object]:
    found: dict[str, object] = {}
    tool: dict[str, object] = {}
    for match in _FIELD.finditer(head):
        name = match[1]
        try:
            value = json.loads(match[2])
        except ValueError:
            continue
        (tool if name.endswith("_path") else found).setdefault(name, value)
    return {**found, "tool_input": tool} if found else {}


def text_of(table: Mapping[str, object], *names: str) -> str:
    """The first of the fields that is a text, or an empty one."""
    for name in names:
        value = table.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def table_of(table: Mapping[str, object], name: str) -> Mapping[str, object]:
    """A field that is an object, or an empty one."""
    value = table.get(name)
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
