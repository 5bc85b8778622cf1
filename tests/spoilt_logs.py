"""Hand-made logs spoilt: any value in any place, bytes cut out or doubled; and what must hold of every reading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import strategies as st

from agent_homes import SECRET
from devtime.readers.reader import LogFile, Reader, Reading
from devtime.wire.usage import UsageEvent
from log_mutations import check_reading
from log_reading import read_pieces

_NUMBERS = [-1, 0, 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63), 10**30, 10**400, 1.5, -0.0, 1e308, 5e-324]
_TEXTS = [
    "",
    " ",
    "0",
    "12",
    "x" * 5_000,
    "\ud83d",
    "\x00",
    "٣",
    "2026-13-40T99:99:99Z",
    "../../etc",
    "\u202e",
    "assistant",
]


def values() -> st.SearchStrategy[Any]:
    """Any JSON value, the nasty ones first."""
    leaves = st.one_of(
        st.sampled_from([None, True, False, *_NUMBERS, *_TEXTS]),
        st.integers(),
        st.floats(allow_nan=True, allow_infinity=True),
        st.text(st.characters(), max_size=8),
    )
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner), max_leaves=5
    )


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(below for name, part in value.items() for below in _paths(part, (*path, name)))]
    if isinstance(value, list):
        return [path, *(below for index, part in enumerate(value) for below in _paths(part, (*path, index)))]
    return [path]


def _changed(value: Any, path: Sequence[Any], put: Any) -> Any:
    if not path:
        return put
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _changed(copy[path[0]], path[1:], put)
    return copy


@st.composite
def spoilt(draw: st.DrawFn, document: Any) -> Any:
    """The document with some of its parts replaced by anything."""
    for _ in range(draw(st.integers(1, 4))):
        document = _changed(document, draw(st.sampled_from(_paths(document))), draw(values()))
    return document


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """The bytes with some of them cut out, replaced or doubled."""
    for _ in range(draw(st.integers(1, 4))):
        begin, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        put = draw(
            st.sampled_from([b"", b"\xff", b"\n", b"[" * 2_000, b'{"a":' * 2_000, b"\x00", b'"\\ud800"'])
            | st.binary(max_size=9)
        )
        data = data[:begin] + put + (data[end:] if draw(st.booleans()) else data[begin:])
    return data


@st.composite
def cut(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The bytes in pieces that end where lines end."""
    parts = data.splitlines(keepends=True) if b"\r" not in data else [part + b"\n" for part in data.split(b"\n")]
    marks = sorted(draw(st.lists(st.integers(0, len(parts)), max_size=4)))
    edges = [0, *marks, len(parts)]
    return [b"".join(parts[begin:end]) for begin, end in pairwise(edges)]


def as_json(document: Any) -> bytes:
    """JSON as a careless program writes it: NaN, lone surrogates and all."""
    return json.dumps(document).encode("utf-8", "surrogatepass")


def merged(events: Iterable[UsageEvent]) -> dict[int, UsageEvent]:
    """One event a key: the larger rank, then the first."""
    kept: dict[int, UsageEvent] = {}
    for event in events:
        if event.key not in kept or event.rank > kept[event.key].rank:
            kept[event.key] = event
    return kept


def assert_sound(reader: Reader, reading: Reading) -> None:
    """What a ledger may rely on, and that nothing anybody wrote is in it."""
    check_reading(reader, reading)
    assert SECRET.encode() not in msgspec.json.encode(reading)


def assert_cut_alike(reader: Reader, file: LogFile, pieces: list[bytes]) -> None:
    """However a log came, its events are the same."""
    whole = read_pieces(reader, file, [b"".join(pieces)])
    parts = read_pieces(reader, file, pieces)
    assert merged(parts.events) == merged(whole.events)
    assert parts.skipped == whole.skipped
