"""Rows of no tool in particular: a JSON array, an object with `heartbeats`, JSON lines, or CSV with a header.

Each row is read by the dialect its field names are of; the documented import row (`project`, `lang`, `time`,
`duration`, …) is the usual one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from devtime.activity.importers.items import csv_rows, json_items, json_lines
from devtime.activity.importers.row import Row, read_rows
from devtime.activity.importers.source import read_head
from devtime.activity.importers.stored import read_any
from devtime.kernel.errors import Invalid
from devtime.wire.heartbeat import Heartbeat

_COLUMN_NAMES = {
    "duration_seconds": "duration",
    "seconds": "duration",
    "recorded_at": "time",
    "date": "time",
    "timestamp": "time",
    "path": "file",
    "operating_system": "os",
    "hostname": "machine",
}


def read(stream: BinaryIO, received_ms: int, skip: int = 0) -> Iterator[Row]:
    """The rows of the file, whichever of the four shapes it has."""
    head = read_head(stream, 1 << 16).lstrip()
    if head.startswith(b"["):
        items = json_items(stream, "item")
    elif head.startswith(b"{") and _is_one_document(head):
        items = json_items(stream, "heartbeats.item")
    elif head.startswith(b"{"):
        items = json_lines(stream)
    else:
        return read_rows(csv_rows(stream), lambda row: _read_cells(row, received_ms), skip)
    return read_rows(items, lambda item: read_any(item, received_ms), skip)


def _is_one_document(head: bytes) -> bool:
    """Whether the file is one JSON object around a list, and not an object a line."""
    first_line = head.split(b"\n", 1)[0].replace(b" ", b"")
    return b'"heartbeats":' in first_line or not first_line.rstrip().endswith(b"}")


def _read_cells(row: object, received_ms: int) -> Heartbeat:
    """Cells are text; the dialects read numbers and booleans out of it where a column holds them."""
    if type(row) is not dict:
        return read_any(row, received_ms)
    cells = cast("dict[str, Any]", row)
    if "entity" not in cells:
        cells = {_COLUMN_NAMES.get(name, name): value for name, value in cells.items()}
    if "time" not in cells:
        raise Invalid("time", "is required in a file")
    return read_any(cells, received_ms)
