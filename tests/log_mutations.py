"""Logs nobody would write: good ones with bytes, lines and values replaced, and what every reading must hold to."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st

from devtime.readers.reader import LogFile, Piece, Reader, Reading
from devtime.wire.agents import AGENT_TOOLS
from devtime.wire.usage import MOST_COST_NUSD, MOST_TOKENS, UsageEvent
from log_reading import read_pieces

SECRET = "a prompt nobody may see"

VALUES: list[Any] = [
    None, True, "", "5", "x" * 5_000, "\0\x1b[31m\ud800", SECRET, 0, -1, 1.5, 2**31, 2**63, -(2**63), 2**70, 1e300,
    10**11, [], {}, [[]], [1, 2], {"a": {}}, "2026-02-02T02:40:00Z", "2026-02-30T99:00Z", [1_770_000_000, 0],
]  # fmt: skip
"""What a field may hold that another was meant to."""

_COUNTS = [name for name in UsageEvent.__struct_fields__ if name.endswith("_tokens")]
_TEXTS = ("session", "model", "provider", "folder", "cwd", "project", "branch", "speed", "tier", "region")


def json_mutations(document: Any) -> st.SearchStrategy[Any]:
    """The JSON value with one value somewhere in it replaced, or a field gone."""
    places = _places(document, ())
    return st.tuples(st.sampled_from(places), st.sampled_from([*VALUES, _GONE])).map(
        lambda choice: _replaced(document, choice[0], choice[1])
    )


def line_mutations(lines: list[str]) -> st.SearchStrategy[bytes]:
    """The log with some of its lines mutated, cut, repeated, swapped, or with rubbish between them."""
    documents = [json.loads(line) for line in lines]
    mutated = [json_mutations(document).map(_encode) for document in documents]
    good = [line.encode() for line in lines]
    cut = st.sampled_from(good).flatmap(lambda line: st.integers(0, len(line)).map(lambda at: line[:at]))
    rubbish = st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"")) | cut | st.sampled_from(_RUBBISH)
    one = st.sampled_from(good) | st.sampled_from(mutated).flatmap(lambda strategy: strategy) | rubbish
    return st.lists(one, max_size=25).map(lambda parts: b"".join(part + b"\n" for part in parts))


def byte_mutations(data: bytes) -> st.SearchStrategy[bytes]:
    """The bytes with a stretch replaced."""
    at = st.tuples(st.integers(0, len(data)), st.integers(0, 20), st.binary(max_size=20))
    return at.map(lambda cut: data[: cut[0]] + cut[2] + data[cut[0] + cut[1] :])


def check_reading(reader: Reader, reading: Reading) -> None:
    """Whatever was read, this holds."""
    for event in reading.events:
        assert event.agent == reader.agent
        assert event.agent in AGENT_TOOLS
        assert all(0 <= getattr(event, name) <= MOST_TOKENS for name in _COUNTS), event
        assert event.reasoning_tokens <= event.output_tokens + event.extra_tokens
        assert event.total_tokens > 0 or event.cost_nusd
        assert event.cost_nusd is None or 0 <= event.cost_nusd <= MOST_COST_NUSD
        assert -(2**63) <= event.key < 2**63
        assert 946_684_800_000 <= event.time_ms < 4_102_444_800_000
        assert event.model
        assert event.session
        assert all("\0" not in getattr(event, name) for name in _TEXTS)
        msgspec.msgpack.encode(event)
    for skipped in reading.skipped:
        assert SECRET not in skipped.reason
        assert skipped.reason.isascii()
        assert len(skipped.reason) < 100
    assert isinstance(reading.memory, bytes)


def check_document(reader: Reader, file: LogFile, data: bytes) -> None:
    """Reading it raises nothing, and twice gives the same."""
    reading = reader.read(Piece(file=file, data=data))
    check_reading(reader, reading)
    again = reader.read(Piece(file=file, data=data))
    assert (again.events, again.skipped) == (reading.events, reading.skipped)


def check_lines(reader: Reader, file: LogFile, data: bytes, cuts: list[int]) -> None:
    """The same, and however the lines come in pieces, the same comes out."""
    check_document(reader, file, data)
    whole = reader.read(Piece(file=file, data=data))
    ends = [at + 1 for at, byte in enumerate(data) if byte == 10]
    chosen = sorted({ends[cut % len(ends)] for cut in cuts}) if ends else []
    bounds = [0, *chosen, len(data)]
    pieces = [data[begin:end] for begin, end in pairwise(bounds)]
    split = read_pieces(reader, file, pieces)
    assert (split.events, split.skipped) == (whole.events, whole.skipped)


def log_file(path: str, relative: str) -> LogFile:
    """A file that need not be there."""
    return LogFile(Path(path), relative, 1_770_000_000_000)


_GONE = object()
_RUBBISH = [
    b"\xff\xfe\x00", b"[" * 3_000, b'{"a":' * 3_000, b"null", b"{}", b"[]", b'"' + b"x" * 100_000,
    b"{" + b" " * 100_000,
]  # fmt: skip


def _places(value: Any, at: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for name, part in below for place in _places(part, (*at, name)))]


def _replaced(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    if not at:
        return None if new is _GONE else new
    if isinstance(value, dict):
        changed = {name: _replaced(part, at[1:], new) if name == at[0] else part for name, part in value.items()}
        if len(at) == 1 and new is _GONE:
            del changed[at[0]]
        return changed
    changed_list = [_replaced(part, at[1:], new) if index == at[0] else part for index, part in enumerate(value)]
    if len(at) == 1 and new is _GONE:
        del changed_list[at[0]]
    return changed_list


def _encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
