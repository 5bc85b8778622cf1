"""Wakapi's exports: the CSV of its download script, and the JSON of its heartbeats answer (`{"data": […]}`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from devtime.activity.importers.items import csv_rows, json_items
from devtime.activity.importers.row import Row, read_rows
from devtime.activity.importers.source import read_head
from devtime.activity.importers.stored import read_stored


def read(stream: BinaryIO, received_ms: int, skip: int = 0) -> Iterator[Row]:
    """The rows of either export."""
    is_json = read_head(stream, 64).lstrip().startswith(b"{")
    items = json_items(stream, "data.item") if is_json else csv_rows(stream)
    return read_rows(items, lambda item: read_stored(item, received_ms), skip)
