"""From a source to its items: of a JSON document, of JSON lines, of CSV. Streaming; knows no heartbeats."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from devtime.activity.exporters import FORMULA_STARTS
from devtime.activity.importers.document import values_at
from devtime.activity.importers.source import open_source
from devtime.kernel.errors import Invalid
from devtime.wire.batch import decode_items
from devtime.wire.fields import Unreadable

MOST_LINE_BYTES = 1024 * 1024


def json_items(stream: BinaryIO, prefix: str) -> Iterator[object]:
    """The values at a place (`item`, `days.item.heartbeats.item`) of one JSON document."""
    source, reader = open_source(stream, is_json=True)
    wanted = prefix.split(".")
    for _, item in values_at(reader, lambda place: place == wanted):
        source.row_done()
        yield item


def json_lines(stream: BinaryIO) -> Iterator[object]:
    """The JSON value of each line that is not blank; a line that is none is there as Unreadable."""
    source, reader = open_source(stream)
    while line := reader.readline(MOST_LINE_BYTES):
        if len(line) == MOST_LINE_BYTES and not line.endswith(b"\n"):
            _pass_rest_of_line(reader)
            yield Unreadable(f"the line is longer than {MOST_LINE_BYTES >> 20} MB")
        elif not line.isspace():
            yield _decode_line(line)
        source.row_done()


def csv_rows(stream: BinaryIO) -> Iterator[object]:
    """The rows of a CSV file with a header, by column in lower case; empty cells and empty rows are left out.

    An apostrophe that guards a cell against being taken for a formula is removed, as our own writer put it there.
    """
    source, reader = open_source(stream)
    text = io.TextIOWrapper(reader, "utf-8", "replace", newline="")
    lines = csv.reader(text, delimiter=_delimiter(reader))
    header = [_unguard(cell).strip().lower() for cell in next((cells for cells in lines if cells), list[str]())]
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield Unreadable("has a quote that is never closed")
            continue
        source.row_done()
        if len(cells) > len(header):
            yield Unreadable("has more cells than the header")
        elif any(cells):
            yield {name: _unguard(cell) for name, cell in zip(header, cells, strict=False) if cell}


def _decode_line(line: bytes) -> object:
    try:
        items = decode_items(line)
    except Invalid as problem:
        return Unreadable(problem.reason)
    return items[0] if line.lstrip().startswith(b"{") else Unreadable("must be a JSON object")


def _pass_rest_of_line(reader: io.BufferedReader) -> None:
    while line := reader.readline(MOST_LINE_BYTES):
        if line.endswith(b"\n"):
            return


def _delimiter(reader: io.BufferedReader) -> str:
    """The sign that separates most of the header: comma, semicolon (German spreadsheets) or tab."""
    header = reader.peek()[:4096].lstrip().split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(",;\t", key=header.count)


def _unguard(cell: str) -> str:
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in FORMULA_STARTS else cell
