"""Gemini CLI's chats, as documents and as lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent_homes import DAY_1, DAY_2, GEMINI_APART, GEMINI_INSIDE, gemini_home, gemini_message, iso, lines, write
from devtime.readers.gemini import READERS
from devtime.readers.reader import LogFile, Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import log_file
from log_reading import read_home
from spoilt_logs import merged

_DOCUMENT, _LINES = READERS
_FILE = log_file("/home/ann/.gemini/tmp/web/chats/session-1.jsonl", "web/chats/session-1.jsonl")


def _read_lines(*records: Any) -> Reading:
    return _LINES.read(Piece(file=_FILE, data=lines(records).encode()))


def _read_document(document: Any, file: LogFile = _FILE) -> Reading:
    return _DOCUMENT.read(Piece(file=file, data=json.dumps(document).encode()))


def _counts(event: UsageEvent) -> tuple[int, ...]:
    return (
        event.input_tokens,
        event.output_tokens,
        event.cache_read_tokens,
        event.extra_tokens,
        event.reasoning_tokens,
    )


def test_what_the_total_counts_once_is_inside_the_input(tmp_path: Path) -> None:
    [event] = _read_lines(gemini_message("a", DAY_1, **GEMINI_INSIDE)).events
    assert _counts(event) == (320, 50, 600, 30, 30)
    assert event.total_tokens == 1_000


def test_what_the_total_counts_apart_is_apart() -> None:
    [event] = _read_lines(gemini_message("a", DAY_1, **GEMINI_APART)).events
    assert _counts(event) == (100, 10, 40, 5, 5)
    assert event.total_tokens == 155


@pytest.mark.parametrize(
    ("tokens", "counts"),
    [
        ({"total": 654}, (0, 654, 0, 0, 0)),
        ({"input": 10, "output": 5, "total": 40}, (10, 5, 0, 25, 0)),
        ({"input": 10, "output": 5, "tool": 3}, (13, 5, 0, 0, 0)),
        ({"input": 10, "output": 5, "cached": 4}, (10, 5, 4, 0, 0)),
        ({"input": 3, "cached": 9, "total": 3}, (0, 0, 9, 0, 0)),
        ({"prompt_tokens": 2, "candidates_tokens": 1.0, "thoughts_tokens": 7}, (2, 1, 0, 7, 7)),
    ],
)
def test_counts_in_every_spelling(tokens: dict[str, Any], counts: tuple[int, ...]) -> None:
    [event] = _read_lines(gemini_message("a", DAY_1, **tokens)).events
    assert _counts(event) == counts


def test_a_message_written_again_replaces_the_earlier_even_with_less() -> None:
    first = gemini_message("a", DAY_1, **{**GEMINI_APART, "output": 99, "total": 244})
    events = _read_lines(
        first, gemini_message("b", DAY_1, **GEMINI_APART), gemini_message("a", DAY_1, **GEMINI_APART)
    ).events
    assert sorted(event.total_tokens for event in merged(events).values()) == [155, 155]


def test_the_same_id_in_two_chats_is_two_messages() -> None:
    one = _read_lines({"sessionId": "s-1"}, gemini_message("a", DAY_1, **GEMINI_APART)).events
    two = _read_lines({"sessionId": "s-2"}, gemini_message("a", DAY_1, **GEMINI_APART)).events
    assert one[0].key != two[0].key


def test_the_beginning_of_a_chat_holds_for_the_lines_that_come_later() -> None:
    head = lines([{"sessionId": "s-1", "kind": "subagent", "model": "gemini-3-pro-preview"}]).encode()
    memory = _LINES.read(Piece(file=_FILE, data=head)).memory
    message = gemini_message("a", DAY_1, **GEMINI_APART)
    del message["model"]
    piece = Piece(file=_FILE, data=lines([message]).encode(), offset=len(head), memory=memory)
    [event] = _LINES.read(piece).events
    assert (event.session, event.model, event.is_sidechain) == ("s-1", "gemini-3-pro-preview", True)


def test_the_folder_is_the_project_unless_it_is_a_digest(tmp_path: Path) -> None:
    gemini_home(tmp_path)
    events = read_home(READERS, tmp_path).events
    assert {(event.folder[:4], event.project) for event in events} == {("abab", ""), ("web", "web")}


def test_a_headless_run_is_its_sums_a_model(tmp_path: Path) -> None:
    gemini_home(tmp_path)
    [event] = [event for event in read_home(READERS, tmp_path).events if event.session == "5e553033"]
    assert (event.model, event.time_ms, *_counts(event)) == ("gemini-2.5-flash", DAY_2, 300, 60, 500, 40, 40)


def test_sums_that_tell_no_models_apart_are_of_the_run_s_model() -> None:
    stats = {"input_tokens": 9, "output_tokens": 1, "cached": 4}
    [event] = _read_document({"model": "gemini-2.5-pro", "timestamp": iso(DAY_1), "result": {"stats": stats}}).events
    assert (event.model, *_counts(event)) == ("gemini-2.5-pro", 5, 1, 4, 0, 0)


def test_a_message_without_a_time_has_that_of_its_chat() -> None:
    message = {**gemini_message("a", DAY_1, **GEMINI_APART), "timestamp": "yesterday"}
    [event] = _read_document({"startTime": iso(DAY_2), "messages": [message]}).events
    assert event.time_ms == DAY_2
    [event] = _read_document({"messages": [message]}).events
    assert event.time_ms == _FILE.modified_ms


def test_what_cannot_be_counted_is_skipped_with_a_reason() -> None:
    nameless = gemini_message("a", DAY_1, model=" ", **GEMINI_APART)
    negative = gemini_message("b", DAY_1, input=-4)
    reading = _read_lines(nameless, negative, gemini_message("c", DAY_1, **GEMINI_APART))
    assert [skipped.reason for skipped in reading.skipped] == ["a message names no model", "a token count is negative"]
    assert len(reading.events) == 1


def test_a_text_cut_inside_a_character_costs_no_message() -> None:
    line = lines([gemini_message("a", DAY_1, **GEMINI_APART)]).encode()
    for broken in (b'"content":"\\ud83d"', b'"content":"\xf0\x9f"'):
        data = line.replace(b'"content":"what was asked and answered"', broken)
        assert data != line
        assert len(_LINES.read(Piece(file=_FILE, data=data)).events) == 1


def test_chats_are_logs_and_lists_of_prompts_are_not(tmp_path: Path) -> None:
    root = gemini_home(tmp_path)
    assert not _DOCUMENT.is_log("abc/logs.json")
    assert _DOCUMENT.is_log("abc/chats/session-1.json")
    assert _LINES.is_log("abc/chats/parent/sub.jsonl")
    assert _LINES.find_roots(Surroundings(tmp_path, {})) == [root]
    assert _LINES.find_roots(Surroundings(Path("/gone"), {"GEMINI_CLI_HOME": str(tmp_path)})) == [root]
    write(tmp_path / "more/x", "")
    assert _LINES.find_roots(Surroundings(tmp_path, {"GEMINI_DATA_DIR": "~/more"})) == [tmp_path / "more"]
