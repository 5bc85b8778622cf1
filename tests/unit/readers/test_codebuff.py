"""Codebuff's chats."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent_homes import DAY_1, DAY_2, codebuff_home
from devtime.readers.codebuff import READER
from devtime.readers.reader import Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import log_file
from log_reading import find_logs, read_home

_RELATIVE = "web/chats/2026-05-30T01-02-03.004Z/chat-messages.json"
_FILE = log_file(f"/home/ann/.config/manicode/projects/{_RELATIVE}", _RELATIVE)
_CHAT_MS = int(datetime(2026, 5, 30, 1, 2, 3, 4_000, UTC).timestamp() * 1000)


def _message(**usage: Any) -> dict[str, Any]:
    return {"id": "a", "role": "assistant", "timestamp": DAY_1, "metadata": {"usage": usage}}


def _read(*messages: Any) -> Reading:
    return READER.read(Piece(file=_FILE, data=json.dumps(messages).encode()))


def test_usage_is_found_in_all_the_places_it_may_stand(tmp_path: Path) -> None:
    codebuff_home(tmp_path)
    first, second, third = read_home(READER, tmp_path).events
    assert first == UsageEvent(
        key=first.key,
        agent="codebuff",
        time_ms=DAY_1,
        session="manicode/web/2026-05-30T01-02-03.004Z",
        model="claude-sonnet-4-20250514",
        folder="web",
        project="web",
        input_tokens=100,
        output_tokens=50,
        cache_read_tokens=10,
        cache_write_tokens=20,
    )
    assert (second.time_ms, second.output_tokens, second.is_model_guessed) == (DAY_2, 700, True)
    assert (third.model, third.input_tokens, third.output_tokens) == ("openai/gpt-5", 90, 30)


def test_a_message_that_shows_only_the_hour_has_the_time_of_its_chat() -> None:
    [event] = _read({**_message(inputTokens=1), "timestamp": "9:41 AM"}).events
    assert event.time_ms == _CHAT_MS


def test_a_chat_without_a_time_in_its_name_has_that_of_its_file() -> None:
    file = log_file("/x/projects/web/chats/c-1/chat-messages.json", "web/chats/c-1/chat-messages.json")
    data = json.dumps([{**_message(inputTokens=1), "timestamp": None}]).encode()
    [event] = READER.read(Piece(file=file, data=data)).events
    assert (event.time_ms, event.session) == (file.modified_ms, "x/web/c-1")


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 2}, (9, 2, 0, 0, 0)),
        ({"promptTokens": 9, "completionTokens": 2, "cachedTokensCreated": 3, "total": 20}, (9, 2, 0, 3, 6)),
        (
            {"prompt_tokens": 90, "prompt_tokens_details": {"cached_tokens": 60}, "completion_tokens": 5},
            (30, 5, 60, 0, 0),
        ),
        ({"inputTokens": 0, "input_tokens": 4, "cacheReadInputTokens": 7}, (4, 0, 7, 0, 0)),
        ({"prompt_tokens": 9, "promptTokensDetails": {"cachedTokens": 99}}, (0, 0, 9, 0, 0)),
        ({"inputTokens": 9, "cacheReadInputTokens": 7, "promptTokensDetails": {"cachedTokens": 7}}, (2, 0, 7, 0, 0)),
    ],
)
def test_counts_in_every_spelling(usage: dict[str, Any], counts: tuple[int, ...]) -> None:
    [event] = _read(_message(**usage)).events
    found = (event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens)
    assert (*found, event.extra_tokens) == counts


def test_messages_of_people_and_those_that_used_nothing_do_not_count() -> None:
    assert (
        _read({**_message(inputTokens=1), "role": "user"}, _message(), {"role": "assistant", "credits": 3}, 7)
        == Reading()
    )


def test_messages_without_an_id_are_told_apart_by_their_place() -> None:
    nameless = {**_message(inputTokens=1), "id": None}
    assert len({event.key for event in _read(nameless, nameless).events}) == 2


def test_what_cannot_be_counted_is_skipped_with_a_reason() -> None:
    reading = _read(_message(inputTokens=-1), _message(inputTokens=1))
    assert [skipped.reason for skipped in reading.skipped] == ["a token count is negative"]
    assert len(reading.events) == 1
    assert [skipped.reason for skipped in READER.read(Piece(file=_FILE, data=b"[{")).skipped] == ["is no JSON"]


def test_its_folders_are_those_of_its_channels_or_its_variable(tmp_path: Path) -> None:
    own = codebuff_home(tmp_path) / "projects"
    dev = tmp_path / ".config/manicode-dev/projects"
    dev.mkdir(parents=True)
    find = READER.find_roots
    assert find(Surroundings(tmp_path, {})) == [own, dev]
    assert find(Surroundings(tmp_path, {"CODEBUFF_DATA_DIR": f"{dev},{own.parent}"})) == [dev, own]
    assert [file.relative for file in find_logs(READER, tmp_path)] == [_RELATIVE]
    assert not READER.is_log("web/chats/x/run-state.json")
