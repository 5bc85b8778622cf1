"""OpenClaw's sessions, in files and in its agents' databases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent_homes import DAY_1, DAY_2, OPENCLAW_SCHEMA, lines, openclaw_home, pi_message, write_database
from devtime.readers.openclaw import READERS
from devtime.readers.reader import LogFile, Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import log_file
from log_reading import read_home
from spoilt_logs import merged

_LINES, _DATABASE = READERS
_FILE = log_file("/home/ann/.openclaw/agents/main/sessions/s-1.jsonl", "agents/main/sessions/s-1.jsonl")
_CHANGE = {"type": "model_change", "provider": "openai-codex", "modelId": "gpt-5.2"}


def _read(*records: Any) -> Reading:
    return _LINES.read(Piece(file=_FILE, data=lines(records).encode()))


def _nameless(time_ms: int, **usage: Any) -> Any:
    record = pi_message(time_ms, **usage)
    del record["message"]["model"], record["message"]["provider"]
    return record


def _rows(*rows: tuple[str, int, Any]) -> list[tuple[str, list[Any]]]:
    insert = "INSERT INTO transcript_events VALUES (?, ?, ?, ?)"
    return [(insert, [session, seq, json.dumps(record), DAY_2]) for session, seq, record in rows]


def _read_rows(folder: Path, *rows: tuple[str, int, Any]) -> Reading:
    path = write_database(folder / "openclaw-agent.sqlite", OPENCLAW_SCHEMA, _rows(*rows))
    return _DATABASE.read(Piece(file=LogFile(path, "agents/main/agent/openclaw-agent.sqlite")))


def test_a_message_has_the_model_that_was_named_last() -> None:
    used = {"input": 1_660, "output": 55, "cacheRead": 108_928, "cost": {"total": 0.02}}
    [event] = _read({"type": "session", "cwd": "/srv/bot"}, _CHANGE, _nameless(DAY_1, **used)).events
    assert event == UsageEvent(
        key=event.key,
        agent="openclaw",
        time_ms=DAY_1,
        session="s-1",
        model="[openclaw] gpt-5.2",
        provider="openai-codex",
        cwd="/srv/bot",
        input_tokens=1_660,
        output_tokens=55,
        cache_read_tokens=108_928,
        cost_nusd=20_000_000,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"type": "custom", "customType": "model-snapshot", "data": {"modelId": "gpt-5.2", "provider": "openai-codex"}},
        {"type": "model_change", "model": "gpt-5.2", "provider": "openai-codex", "message": "no object"},
    ],
)
def test_the_model_is_named_in_several_ways_and_remembered(change: Any) -> None:
    head = _read(change)
    later = Piece(file=_FILE, data=lines([_nameless(DAY_1, input=1)]).encode(), memory=head.memory)
    [event] = _LINES.read(later).events
    assert (event.model, event.provider) == ("[openclaw] gpt-5.2", "openai-codex")


def test_archived_sessions_and_folders_of_older_names_are_read(tmp_path: Path) -> None:
    openclaw_home(tmp_path)
    events = read_home(READERS, tmp_path).events
    assert sorted((event.session, event.total_tokens) for event in events) == [("s-0", 9), ("s-1", 110_643), ("s-9", 4)]


def test_what_moved_from_a_file_into_the_database_counts_once(tmp_path: Path) -> None:
    answer = pi_message(DAY_1, input=50, output=4)
    moved = _read_rows(tmp_path, ("s-1", 0, {**answer, "id": "evt-1"})).events
    assert len(merged([*_read(answer).events, *moved])) == 1


def test_rows_of_a_database_are_told_apart_by_session_and_read_in_order(tmp_path: Path) -> None:
    rows = [("b", 0, _nameless(DAY_1, input=2)), ("a", 1, _nameless(DAY_1, input=1)), ("a", 0, _CHANGE)]
    events = _read_rows(tmp_path, *rows).events
    assert [(event.session, event.model) for event in events] == [
        ("a", "[openclaw] gpt-5.2"),
        ("b", "[openclaw] unknown"),
    ]


def test_a_row_without_a_time_in_it_has_the_row_s(tmp_path: Path) -> None:
    record = {**_nameless(DAY_1, input=1), "timestamp": None}
    record["message"]["timestamp"] = None
    [event] = _read_rows(tmp_path, ("a", 0, record)).events
    assert event.time_ms == DAY_2
    [event] = _read(record).events
    assert event.time_ms == _FILE.modified_ms


def test_what_cannot_be_counted_is_skipped_with_a_reason(tmp_path: Path) -> None:
    bad = pi_message(DAY_1, output=-1)
    assert [skipped.reason for skipped in _read(bad).skipped] == ["a token count is negative"]
    reading = _read_rows(tmp_path, ("a", 0, bad), ("a", 1, pi_message(DAY_1, output=1)))
    assert [(skipped.offset, skipped.reason) for skipped in reading.skipped] == [(1, "a token count is negative")]
    assert len(reading.events) == 1


def test_a_database_of_something_else_holds_nothing(tmp_path: Path) -> None:
    path = write_database(tmp_path / "openclaw-agent.sqlite", "CREATE TABLE transcript_events (id TEXT);")
    assert _DATABASE.read(Piece(file=LogFile(path, "x"))) == Reading()


@pytest.mark.parametrize(
    ("path", "is_log"),
    [
        ("agents/main/sessions/a.jsonl", True),
        ("agents/main/sessions/a.jsonl.deleted.1700000000000", True),
        ("agents/main/sessions/a.jsonl.reset.2026-03-20T06-34-44.520Z", True),
        ("agents/main/sessions/a.jsonl.lock", False),
        ("agents/main/sessions/sessions.json", False),
        (".jsonl", False),
    ],
)
def test_which_files_are_sessions(path: str, is_log: bool) -> None:
    assert _LINES.is_log(path) == is_log


def test_its_folders_are_those_of_its_variables_or_of_all_its_names(tmp_path: Path) -> None:
    own = openclaw_home(tmp_path)
    old = tmp_path / ".clawdbot"
    find = _LINES.find_roots
    assert find(Surroundings(tmp_path, {})) == [own, old]
    assert find(Surroundings(tmp_path, {"OPENCLAW_STATE_DIR": str(tmp_path)})) == [tmp_path, own, old]
    assert find(Surroundings(tmp_path, {"OPENCLAW_DIR": str(old)})) == [old]
