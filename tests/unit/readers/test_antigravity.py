"""Antigravity's conversations, and the protocol buffers in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_homes import (
    ANTIGRAVITY_SCHEMA,
    DAY_1,
    DAY_2,
    antigravity_generation,
    antigravity_home,
    antigravity_time,
    antigravity_usage,
    proto,
    write_database,
)
from devtime.readers.antigravity import READER
from devtime.readers.antigravity_models import model_of_name, model_of_number
from devtime.readers.fields import Unreadable
from devtime.readers.protobuf import message_in, number_in, read_fields, text_in
from devtime.readers.reader import LogFile, Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_reading import find_logs, read_home

_GENERATION = "INSERT INTO gen_metadata VALUES (?, ?)"
_STEP = "INSERT INTO steps VALUES (?, ?)"


def _read(folder: Path, *rows: tuple[str, Any], modified_ms: int = 0) -> Reading:
    path = write_database(folder / "c-1.db", ANTIGRAVITY_SCHEMA, rows)
    return READER.read(Piece(file=LogFile(path, "conversations/c-1.db", modified_ms)))


def test_what_steps_and_generations_tell_of_one_request_counts_once(tmp_path: Path) -> None:
    antigravity_home(tmp_path)
    found = sorted(
        (event.time_ms, event.model, event.output_tokens, event.extra_tokens)
        for event in read_home(READER, tmp_path).events
    )
    assert found == [
        (DAY_1, "gemini-3-pro", 25, 5),
        (DAY_1, "gemini-3-pro", 150, 50),
        (DAY_2, "gemini-3-pro", 75, 25),
        (DAY_2, "gemini-3.5-flash-high", 20, 2),
    ]


def test_a_request_tells_all_it_knows(tmp_path: Path) -> None:
    usage = antigravity_usage("b", 400, 150, 50, f4=30, f5=500)
    [event] = _read(tmp_path, (_GENERATION, [1, antigravity_generation(usage, DAY_1, b"gemini-2.5-pro")])).events
    assert event == UsageEvent(
        key=event.key,
        rank=1_130,
        agent="antigravity",
        time_ms=DAY_1,
        session="c-1",
        model="gemini-2.5-pro",
        input_tokens=400,
        output_tokens=150,
        cache_read_tokens=500,
        cache_write_tokens=30,
        extra_tokens=50,
        reasoning_tokens=50,
    )


def test_tales_that_are_linked_by_any_id_are_united_to_the_most_they_say(tmp_path: Path) -> None:
    tales = [
        proto(f2=10, f3=5, f7=b"m"),
        proto(f2=20, f3=4, f11=b"r"),
        proto(f2=15, f3=9, f7=b"m", f11=b"r"),
    ]
    rows = [
        (_GENERATION, [at, antigravity_generation(tale, DAY_1 + at, b"gemini-3-pro")]) for at, tale in enumerate(tales)
    ]
    [event] = _read(tmp_path, *rows).events
    assert (event.input_tokens, event.output_tokens, event.time_ms) == (20, 9, DAY_1)


def test_requests_without_ids_are_all_counted(tmp_path: Path) -> None:
    row = antigravity_generation(proto(f2=5), DAY_1)
    events = _read(tmp_path, (_GENERATION, [1, row]), (_GENERATION, [2, row])).events
    assert len({event.key for event in events}) == 2
    assert {(event.model, event.is_model_guessed) for event in events} == {("gemini-internal-model", True)}


def test_a_time_is_the_request_s_else_the_conversation_s_else_the_file_s(tmp_path: Path) -> None:
    timeless = (_GENERATION, [1, proto(f1=proto(f4=proto(f2=5)))])
    began = ("INSERT INTO trajectory_metadata_blob VALUES (?)", [proto(f2=antigravity_time(DAY_2))])
    assert _read(tmp_path / "a", timeless, began, modified_ms=DAY_1).events[0].time_ms == DAY_2
    assert _read(tmp_path / "b", timeless, modified_ms=DAY_1).events[0].time_ms == DAY_1
    assert [skipped.reason for skipped in _read(tmp_path / "c", timeless).skipped] == ["a request has no time"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"\xff\xff", "is no protocol buffer"),
        (proto(f1=b"\x0a\xff"), "is no protocol buffer"),
        (antigravity_generation(proto(f2=2**63), DAY_1), "a token count is too large to be true"),
    ],
)
def test_a_row_that_cannot_be_counted_is_skipped_with_a_reason(tmp_path: Path, row: bytes, reason: str) -> None:
    good = (_GENERATION, [2, antigravity_generation(antigravity_usage("a", 1, 1), DAY_1)])
    reading = _read(tmp_path, (_GENERATION, [1, row]), good)
    assert [skipped.reason for skipped in reading.skipped] == [reason]
    assert len(reading.events) == 1


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("Gemini 3 Pro (High)", "gemini-3-pro"),
        ("Gemini 3.7 Flash (Low)", "gemini-3.7-flash-low"),
        ("Claude 3.7 Sonnet Thinking", "claude-3-7-sonnet"),
        ("claude-opus-4-6", "claude-opus-4-6"),
        ("MODEL_PLACEHOLDER_M26", "claude-opus-4-6"),
        ("MODEL_PLACEHOLDER_M999", "model_placeholder_m999"),
        ("Tab Flash (preview)", "Tab Flash (preview)"),
        (" ", ""),
    ],
)
def test_names_of_models(name: str, model: str) -> None:
    assert model_of_name(name) == model


def test_numbers_of_models() -> None:
    assert [model_of_number(number) for number in (0, 246, 7, 1_026, 5_000)] == [
        "",
        "gemini-2.5-pro",
        "antigravity-model-7",
        "claude-opus-4-6",
        "model_placeholder_m4000",
    ]


def test_fields_of_a_protocol_buffer() -> None:
    fields = read_fields(
        proto(f1=proto(f2=300), f3=[1, 2**64 - 1], f20=b" a ") + b"\x29" + b"x" * 8 + b"\x2d" + b"y" * 4
    )
    assert number_in(message_in(fields, 1), 2) == 300
    assert (number_in(fields, 3), text_in(fields, 20), text_in(fields, 4), number_in(fields, 20)) == (
        2**64 - 1,
        "a",
        "",
        0,
    )
    assert message_in(fields, 9) == {}


@pytest.mark.parametrize(
    "data",
    [
        b"\x08",
        b"\x08" + b"\xff" * 10,
        b"\x0a\x05ab",
        b"\x00\x01",
        b"\x0b",
        b"\x29\x01",
        b"\x08" + b"\x80" * 9 + b"\x7f",
    ],
)
def test_what_is_no_protocol_buffer(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_fields(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_protocol_buffer_or_unreadable(data: bytes) -> None:
    try:
        fields = read_fields(data)
    except Unreadable:
        return
    assert all(number > 0 and values for number, values in fields.items())


def test_conversations_are_logs_and_summaries_are_not(tmp_path: Path) -> None:
    own = antigravity_home(tmp_path)
    assert [file.relative for file in find_logs(READER, tmp_path)] == ["conversations/c-1.db"]
    assert READER.is_log("brain/s-1/conversation.db")
    assert READER.find_roots(Surroundings(tmp_path, {})) == [own]
    assert READER.find_roots(Surroundings(tmp_path, {"ANTIGRAVITY_DATA_DIR": str(tmp_path)})) == [tmp_path]


def test_thousands_of_tales_of_one_request_are_united(tmp_path: Path) -> None:
    def tale(at: int) -> bytes:
        return antigravity_generation(proto(f2=at + 1, f7=b"m", f11=b"r-%d" % at), DAY_1)

    [event] = _read(tmp_path, *((_GENERATION, [at, tale(at)]) for at in range(3_000))).events
    assert event.input_tokens == 3_000


def test_requests_that_a_later_tale_links_are_united(tmp_path: Path) -> None:
    ids: list[dict[str, Any]] = [
        {"f7": b"m"},
        {"f11": b"r"},
        {"f12": b"p"},
        {"f7": b"m", "f11": b"r"},
        {"f11": b"r", "f12": b"p"},
    ]
    rows = [(_GENERATION, [at, antigravity_generation(proto(f2=1, **some), DAY_1)]) for at, some in enumerate(ids)]
    assert len(_read(tmp_path / "linked", *rows).events) == 1
    assert len(_read(tmp_path / "apart", *rows[:3]).events) == 3
