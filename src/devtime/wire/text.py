"""Cleaning of foreign text: what PostgreSQL and a page cannot hold goes, and nothing is longer than its column.

Too long is cut, never refused. Identities are made of the text as it came, so cutting never makes two items one.
"""

from __future__ import annotations

import re
from typing import Any, cast

LIMITS = {
    "tool": 64,
    "activity_type": 64,
    "project": 256,
    "file": 4096,
    "language": 64,
    "branch": 256,
    "machine": 128,
    "editor": 64,
    "os": 64,
    "user_agent": 1024,
    "session": 128,
}
"""The most characters each text field of a heartbeat keeps."""

_ALL_LIMITS = LIMITS | {
    "agent": 64,
    "model": 128,
    "provider": 64,
    "folder": 512,
    "speed": 32,
    "tier": 32,
    "region": 32,
}
"""The same, and of the fields that only usage events have."""

_BREAKS = {9: 32, 10: 32, 11: 32, 12: 32, 13: 32}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def clean(text: str, field: str) -> str:
    """The text as the field can keep it: no control characters, lone surrogates or space around, cut to its limit."""
    limit = _ALL_LIMITS[field]
    if not text.isprintable():
        text = _SURROGATES.sub(_REPLACEMENT, _CONTROLS.sub("", text.translate(_BREAKS)))
    text = text.strip()
    return text if len(text) <= limit else text[:limit].rstrip()


def scrub(value: Any) -> Any:
    """A JSON value without what jsonb cannot hold: NUL characters, lone surrogates, numbers that are not finite."""
    if isinstance(value, str):
        return _SURROGATES.sub(_REPLACEMENT, value.replace("\0", ""))
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, list):
        return [scrub(part) for part in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {scrub(name): scrub(part) for name, part in cast("dict[str, Any]", value).items()}
    return value


def escape_surrogates(value: Any) -> Any:
    """A JSON value with its lone surrogates spelled out (`\\udXXX`): it can be encoded and stays distinct."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [escape_surrogates(part) for part in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {escape_surrogates(name): escape_surrogates(part) for name, part in pairs}
    return value
