"""Amp's threads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from devtime.readers.amp import READER
from devtime.readers.reader import Piece, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import byte_mutations, check_document, json_mutations, log_file

FILE = log_file("/nowhere/amp/threads/T-1.json", "T-1.json")
USAGE = {"model": "claude-opus-4-5", "inputTokens": 8, "outputTokens": 9, "cacheReadInputTokens": 700}
LEDGER: dict[str, Any] = {
    "id": "T-1",
    "messages": [
        {"role": "assistant", "messageId": 1, "usage": {**USAGE, "cacheCreationInputTokens": 30}},
        {"role": "user", "messageId": 2, "usage": USAGE},
    ],
    "usageLedger": {
        "events": [
            {
                "id": "a",
                "timestamp": "2026-02-02T02:40:00.000Z",
                "model": "claude-opus-4-5",
                "credits": 1.5,
                "tokens": {"input": 10, "output": 20},
                "toMessageId": 1,
            },
            {"id": "b", "timestamp": "2026-02-02T02:41:00Z", "model": "x", "tokens": {"total": 5}, "toMessageId": 2},
        ]
    },
}
MESSAGES: dict[str, Any] = {
    "id": "T-2",
    "messages": [{"role": "assistant", "messageId": 5, "timestamp": 1_770_000_000, "usage": USAGE}],
}


def events_of(thread: Any) -> list[UsageEvent]:
    return READER.read(Piece(file=FILE, data=json.dumps(thread).encode())).events


def test_the_ledger_takes_its_cache_numbers_from_the_answers() -> None:
    first, second = events_of(LEDGER)
    assert first == UsageEvent(
        key=first.key,
        agent="amp",
        time_ms=1_770_000_000_000,
        session="T-1",
        model="claude-opus-4-5",
        input_tokens=10,
        output_tokens=20,
        cache_read_tokens=700,
        cache_write_tokens=30,
    )
    assert (second.input_tokens, second.output_tokens, second.cache_read_tokens) == (0, 5, 0)


def test_a_thread_without_a_ledger_is_counted_by_its_answers() -> None:
    (event,) = events_of(MESSAGES)
    assert (event.time_ms, event.input_tokens, event.cache_read_tokens) == (1_770_000_000_000, 8, 700)


def test_an_event_without_id_keeps_its_key_while_the_thread_grows() -> None:
    thread = {**MESSAGES, "messages": [{**MESSAGES["messages"][0], "messageId": None}]}
    longer = {**thread, "messages": [{"role": "user"}, *thread["messages"]]}
    assert [event.key for event in events_of(thread)] == [event.key for event in events_of(longer)]


def test_other_documents_are_no_threads() -> None:
    for data in (b"{}", b"[]", b"7", b'{"id":5}'):
        reading = READER.read(Piece(file=FILE, data=data))
        assert (reading.events, reading.skipped) == ([], [])
    assert READER.read(Piece(file=FILE, data=b'{"messages":[]}')).skipped[0].reason == "is no thread: it has no id"


def test_roots_are_those_of_every_folder_told(tmp_path: Path) -> None:
    for name in ("a/threads", "b/threads", ".local/share/amp/threads"):
        (tmp_path / name).mkdir(parents=True)
    told = {"AMP_DATA_DIR": f"{tmp_path}/a,~/b,~/c"}
    assert READER.find_roots(Surroundings(tmp_path, told)) == [tmp_path / "a/threads", tmp_path / "b/threads"]
    assert READER.find_roots(Surroundings(tmp_path, {})) == [tmp_path / ".local/share/amp/threads"]


@given(thread=json_mutations(LEDGER) | json_mutations(MESSAGES))
def test_any_value_in_any_field_is_survived(thread: Any) -> None:
    check_document(READER, FILE, json.dumps(thread).encode())


@given(data=st.binary(max_size=200) | byte_mutations(json.dumps(LEDGER).encode()))
def test_any_bytes_are_survived(data: bytes) -> None:
    check_document(READER, FILE, data)
