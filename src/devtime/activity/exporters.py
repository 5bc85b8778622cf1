"""Heartbeats written to files: DevTime's own JSON lines and CSV, which lose nothing, and CodeTrackr's documented two.

One function a line, so that callers stream from wherever the heartbeats are. The same files are read by `importers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from devtime.kernel.clock import to_rfc3339
from devtime.wire.heartbeat import UNKNOWN, Heartbeat

FORMAT = "devtime-heartbeats"
VERSION = 1

CSV_COLUMNS = (
    "time",
    "identity",
    "tool",
    "activity_type",
    "project",
    "file",
    "language",
    "branch",
    "machine",
    "editor",
    "os",
    "user_agent",
    "session",
    "duration_ms",
    "is_write",
    "tokens_in",
    "tokens_out",
    "extra",
)
CODETRACKR_COLUMNS = ("time", "project", "file", "language", "branch", "duration_seconds", "is_write", "editor")

_NEEDS_QUOTES = re.compile('[,;"\r\n\t]|^\\s|\\s$')
_FORMULA_STARTS = frozenset("=+-@'\t\r\n")
_encode = msgspec.json.Encoder().encode


def to_json_lines(heartbeats: Iterable[Heartbeat], exported_ms: int) -> Iterator[bytes]:
    """A header line and a line a heartbeat; importing them gives equal heartbeats."""
    yield json_header(exported_ms)
    yield from map(json_line, heartbeats)


def json_header(exported_ms: int) -> bytes:
    """The first line of JSON lines: what the file is."""
    return _encode({"format": FORMAT, "version": VERSION, "exported_at": to_rfc3339(exported_ms)}) + b"\n"


def json_line(heartbeat: Heartbeat) -> bytes:
    """One heartbeat as a JSON line; what is absent is left out."""
    fields = _fields(heartbeat)
    return _encode({name: value for name, value in fields.items() if value not in ("", None, {})}) + b"\n"


def to_csv(heartbeats: Iterable[Heartbeat]) -> Iterator[bytes]:
    """The same as CSV with a header; cells a spreadsheet would take for formulas begin with an apostrophe."""
    yield csv_header()
    yield from map(csv_line, heartbeats)


def csv_header() -> bytes:
    """The header of DevTime's CSV."""
    return _csv(CSV_COLUMNS)


def csv_line(heartbeat: Heartbeat) -> bytes:
    """One heartbeat as a CSV line: absent is empty, `extra` is JSON."""
    fields = _fields(heartbeat)
    fields["is_write"] = "true" if heartbeat.is_write else "false"
    fields["extra"] = _encode(heartbeat.extra).decode() if heartbeat.extra else ""
    return _csv("" if value is None else str(value) for value in fields.values())


def to_codetrackr_csv(rows: Iterable[tuple[Heartbeat, int]]) -> Iterator[bytes]:
    """CodeTrackr's documented CSV; each heartbeat comes with the milliseconds it was credited."""
    yield _csv(CODETRACKR_COLUMNS)
    for heartbeat, credit_ms in rows:
        cells = codetrackr_item(heartbeat, credit_ms)
        cells["is_write"] = "true" if heartbeat.is_write else "false"
        yield _csv("" if value is None else str(value) for value in cells.values())


def to_codetrackr_json(rows: Iterable[tuple[Heartbeat, int]], exported_ms: int) -> Iterator[bytes]:
    """CodeTrackr's documented JSON object, in pieces."""
    separator = b'{"heartbeats":['
    for heartbeat, credit_ms in rows:
        yield separator + _encode(codetrackr_item(heartbeat, credit_ms))
        separator = b","
    if separator != b",":
        yield separator
    yield b'],"exported_at":' + _encode(to_rfc3339(exported_ms)) + b"}"


def codetrackr_item(heartbeat: Heartbeat, credit_ms: int) -> dict[str, Any]:
    """The fields of CodeTrackr's export; `duration` is what was credited, in whole seconds."""
    return {
        "time": to_rfc3339(heartbeat.time_ms),
        "project": heartbeat.project or UNKNOWN,
        "file": heartbeat.file or None,
        "language": heartbeat.language or None,
        "branch": heartbeat.branch or None,
        "duration": round(credit_ms / 1_000),
        "is_write": heartbeat.is_write,
        "editor": heartbeat.editor or None,
    }


def _fields(heartbeat: Heartbeat) -> dict[str, Any]:
    """Every canonical field by its column, in order."""
    fields = msgspec.structs.asdict(heartbeat)
    fields["time"] = to_rfc3339(heartbeat.time_ms)
    fields["identity"] = "h" + heartbeat.identity.to_bytes(8, signed=True).hex()
    return {name: fields[name] for name in CSV_COLUMNS}


def _csv(cells: Iterable[str]) -> bytes:
    return (",".join(map(_cell, cells)) + "\r\n").encode("utf-8", "replace")


def _cell(text: str) -> str:
    if text and text[0] in _FORMULA_STARTS:
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
