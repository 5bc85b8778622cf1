"""WakaTime's data dump of heartbeats, `{"user", "range", "days": [{"date", "heartbeats": […]}]}`, also Wakapi's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from devtime.activity.importers.items import json_items
from devtime.activity.importers.row import Row, read_rows
from devtime.activity.importers.stored import read_stored
from devtime.kernel.errors import Invalid

PREFIX = "days.item.heartbeats.item"


def read(stream: BinaryIO, received_ms: int, skip: int = 0) -> Iterator[Row]:
    """The rows of a dump. A dump of daily totals is told apart by its one row, which says what to ask for."""
    return read_rows(_heartbeats(stream), lambda item: read_stored(item, received_ms), skip)


def _heartbeats(stream: BinaryIO) -> Iterator[object]:
    is_empty = True
    for item in json_items(stream, PREFIX):
        is_empty = False
        yield item
    if is_empty:
        raise Invalid("", "the file holds no heartbeats; ask WakaTime for a dump of heartbeats, not of daily totals")
