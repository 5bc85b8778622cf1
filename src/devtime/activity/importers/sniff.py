"""Which format an import file has, told from its beginning; and the reader of each format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO

import ijson

from devtime.activity.exporters import CSV_COLUMNS, FORMAT
from devtime.activity.importers import activitywatch, devtime_export, generic, wakapi, wakatime_dump
from devtime.activity.importers.document import parsing
from devtime.activity.importers.row import Row
from devtime.activity.importers.source import read_head
from devtime.kernel.errors import Invalid

Reader = Callable[[BinaryIO, int, int], Iterator[Row]]

READERS: dict[str, Reader] = {
    "devtime": devtime_export.read,
    "wakatime": wakatime_dump.read,
    "wakapi": wakapi.read,
    "activitywatch": activitywatch.read,
    "generic": generic.read,
}
"""By format name: `read(stream, received_ms, skip)`."""

_BY_TOP_LEVEL_NAME = {"buckets": "activitywatch", "days": "wakatime", "data": "wakapi"}
_HEAD_BYTES = 1 << 16


def sniff(file: BinaryIO) -> str:
    """The name in READERS of the file's format; the file must be seekable and is left where it was.

    Raises Invalid when it is none that DevTime reads.
    """
    head = read_head(file, _HEAD_BYTES).lstrip()
    if not head:
        raise Invalid("", "the file is empty")
    if head.startswith(b"["):
        return "generic"
    return _sniff_object(head) if head.startswith(b"{") else _sniff_table(head)


def read_file(file: BinaryIO, received_ms: int, skip: int = 0, format_name: str = "") -> Iterator[Row]:
    """The rows of a file, from row `skip` on; the format is found out when it is not given."""
    return READERS[format_name or sniff(file)](file, received_ms, skip)


def _sniff_object(head: bytes) -> str:
    name, depth = "", 0
    with suppress(Invalid), parsing():
        for event, value in ijson.basic_parse(head):
            depth += (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))
            if depth == 1 and name == "format" and value == FORMAT:
                return "devtime"
            if depth == 1 and event == "map_key":
                name = value
                if name in _BY_TOP_LEVEL_NAME:
                    return _BY_TOP_LEVEL_NAME[name]
    if name:
        return "generic"
    raise Invalid("", "the file is no JSON that DevTime can read")


def _sniff_table(head: bytes) -> str:
    header = head.split(b"\n", 1)[0].decode("utf-8", "replace").lower()
    names = {name.strip(" \r\"'") for name in header.replace(";", ",").replace("\t", ",").split(",")}
    if names >= set(CSV_COLUMNS):
        return "devtime"
    if {"entity", "time"} <= names:
        return "wakapi"
    if "project" in names:
        return "generic"
    raise Invalid("", "the file is neither JSON nor a table with a column called project")
