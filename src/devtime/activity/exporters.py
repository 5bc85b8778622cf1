"""Heartbeats written to files: DevTime's own JSON lines and CSV, which lose nothing, and CodeTrackr's documented two.

One function a line, so that callers stream from wherever the heartbeats are. The same files are read by `importers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from devtime.kernel.clock import to_rfc3339
from devtime.wire.heartbeat import Heartbeat

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
_UNDOCUMENTED = tuple(column for column in CSV_COLUMNS if column not in CODETRACKR_COLUMNS)

FORMULA_STARTS = frozenset("=+-@'\t\r\n")
"""With one of these a spreadsheet takes a cell for a formula; the apostrophe is among them so that it can be undone."""

_NEEDS_QUOTES = re.compile('[,;"\r\n\t]|^\\s|\\s$')
_encode = msgspec.json.Encoder().encode


def json_header(exported_ms: int) -> bytes:
    """The first line of JSON lines: what the file is."""
    return _encode({"format": FORMAT, "version": VERSION, "exported_at": to_rfc3339(exported_ms)}) + b"\n"


def json_line(heartbeat: Heartbeat) -> bytes:
    """One heartbeat as a JSON line; what is absent is left out."""
    fields = _fields(heartbeat)
    return _encode({name: value for name, value in fields.items() if value not in ("", None, {})}) + b"\n"


def csv_header() -> bytes:
    """The header of DevTime's CSV."""
    return csv_row(CSV_COLUMNS)


def csv_line(heartbeat: Heartbeat) -> bytes:
    """One heartbeat as a CSV line: absent is empty, `extra` is JSON."""
    return csv_row(_cells(_fields(heartbeat)))


def codetrackr_csv_header() -> bytes:
    """CodeTrackr's documented header, and the columns that make its rows whole heartbeats again."""
    return csv_row((*CODETRACKR_COLUMNS, *_UNDOCUMENTED))


def codetrackr_csv_line(heartbeat: Heartbeat, credit_ms: int) -> bytes:
    """One heartbeat and the milliseconds it was credited as a line of that CSV."""
    return csv_row(_cells({**_documented(heartbeat, credit_ms), **_undocumented(heartbeat)}))


def codetrackr_json_item(heartbeat: Heartbeat, credit_ms: int) -> bytes:
    """One heartbeat as an item of CodeTrackr's JSON export, and with what makes it whole again."""
    undocumented = {name: value for name, value in _undocumented(heartbeat).items() if value not in ("", None, {})}
    return _encode({**_documented(heartbeat, credit_ms), **undocumented})


def _documented(heartbeat: Heartbeat, credit_ms: int) -> dict[str, Any]:
    """The fields of CodeTrackr's export; `duration` is what was credited, in whole seconds."""
    return {
        "time": to_rfc3339(heartbeat.time_ms),
        "project": heartbeat.project,
        "file": heartbeat.file or None,
        "language": heartbeat.language or None,
        "branch": heartbeat.branch or None,
        "duration": round(credit_ms / 1_000),
        "is_write": heartbeat.is_write,
        "editor": heartbeat.editor or None,
    }


def _undocumented(heartbeat: Heartbeat) -> dict[str, Any]:
    fields = _fields(heartbeat)
    return {name: fields[name] for name in _UNDOCUMENTED}


def _fields(heartbeat: Heartbeat) -> dict[str, Any]:
    """Every canonical field by its column, in order."""
    fields = msgspec.structs.asdict(heartbeat)
    fields["time"] = to_rfc3339(heartbeat.time_ms)
    fields["identity"] = "h" + heartbeat.identity.to_bytes(8, signed=True).hex()
    return {name: fields[name] for name in CSV_COLUMNS}


def _cells(fields: dict[str, Any]) -> Iterable[str]:
    """Fields as a table holds them."""
    fields["is_write"] = "true" if fields["is_write"] else "false"
    fields["extra"] = _encode(fields["extra"]).decode() if fields["extra"] else ""
    return ("" if value is None else str(value) for value in fields.values())


def csv_row(cells: Iterable[str]) -> bytes:
    """One line of CSV; a cell a spreadsheet would take for a formula begins with an apostrophe."""
    return (",".join(map(_cell, cells)) + "\r\n").encode("utf-8", "replace")


def _cell(text: str) -> str:
    if text and text[0] in FORMULA_STARTS:
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
