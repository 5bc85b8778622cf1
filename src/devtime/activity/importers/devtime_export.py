"""DevTime's own export, as JSON lines or as CSV: everything comes back, identities too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

import msgspec

from devtime.activity.exporters import FORMAT
from devtime.activity.importers.items import csv_rows, json_lines
from devtime.activity.importers.row import Row, read_rows
from devtime.activity.importers.source import read_head
from devtime.kernel.errors import Invalid
from devtime.wire.fields import MOST_DURATION_S, as_object, keep_extra, read_count, read_flag, read_text
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.times import parse_instant

_IDENTITY = re.compile(r"h([0-9a-f]{16})")
_NOTHING_KNOWN: frozenset[str] = frozenset()


def read(stream: BinaryIO, received_ms: int, skip: int = 0) -> Iterator[Row]:
    """The rows of either export."""
    is_json = read_head(stream, 64).lstrip().startswith(b"{")
    items = _without_header(json_lines(stream)) if is_json else csv_rows(stream)
    return read_rows(items, lambda item: read_exported(as_object(item), received_ms), skip)


def _without_header(items: Iterator[object]) -> Iterator[object]:
    for item in items:
        if type(item) is not dict or cast("dict[str, Any]", item).get("format") != FORMAT:
            yield cast("object", item)


def is_exported(item: Mapping[str, Any]) -> bool:
    """Whether the item carries an identity as DevTime exports it."""
    identity = item.get("identity")
    return type(identity) is str and bool(_IDENTITY.fullmatch(identity))


def read_exported(item: Mapping[str, Any], received_ms: int) -> Heartbeat:
    """The heartbeat as it was before it was exported."""
    return Heartbeat(
        time_ms=parse_instant(item.get("time"), received_ms),
        identity=_read_identity(item.get("identity")),
        tool=read_text(item, "tool", "tool"),
        activity_type=read_text(item, "activity_type", "activity_type"),
        project=read_text(item, "project", "project"),
        file=read_text(item, "file", "file"),
        language=read_text(item, "language", "language"),
        branch=read_text(item, "branch", "branch"),
        machine=read_text(item, "machine", "machine"),
        editor=read_text(item, "editor", "editor"),
        os=read_text(item, "os", "os"),
        user_agent=read_text(item, "user_agent", "user_agent"),
        session=read_text(item, "session", "session"),
        duration_ms=_read_duration_ms(item),
        is_write=read_flag(item, "is_write"),
        tokens_in=read_count(item, "tokens_in"),
        tokens_out=read_count(item, "tokens_out"),
        extra=_read_extra(item.get("extra")),
    )


def _read_identity(value: object) -> int:
    match = _IDENTITY.fullmatch(value) if type(value) is str else None
    if not match:
        raise Invalid("identity", "is not as DevTime exports it")
    return int.from_bytes(bytes.fromhex(match[1]), signed=True)


def _read_duration_ms(item: Mapping[str, Any]) -> int | None:
    duration_ms = read_count(item, "duration_ms")
    if duration_ms is not None and duration_ms > MOST_DURATION_S * 1_000:
        raise Invalid("duration_ms", "is more than a day")
    return duration_ms


def _read_extra(value: object) -> dict[str, Any]:
    """An object in JSON lines, its text in CSV."""
    if type(value) is str:
        try:
            value = msgspec.json.decode(value)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise Invalid("extra", "is no JSON") from None
    if value is None:
        return {}
    if type(value) is not dict:
        raise Invalid("extra", "must be a JSON object")
    return keep_extra(cast("dict[str, Any]", value), _NOTHING_KNOWN)
