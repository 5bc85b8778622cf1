"""Kimi's sessions, of Kimi CLI and of Kimi Code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agent_homes import DAY_1, DAY_2, kimi_home, kimi_record, kimi_status, lines, write
from devtime.readers.kimi import READER
from devtime.readers.reader import Piece, Reading, Surroundings
from log_mutations import log_file
from log_reading import find_logs, read_home
from spoilt_logs import merged

_FILE = log_file("/home/ann/.kimi/sessions/0a0b/s-1/wire.jsonl", "sessions/0a0b/s-1/wire.jsonl")


def _read(*records: Any) -> Reading:
    return READER.read(Piece(file=_FILE, data=lines(records).encode()))


def test_both_programs_sessions_are_read(tmp_path: Path) -> None:
    kimi_home(tmp_path)
    found = sorted(
        (event.time_ms, event.session, event.model, event.total_tokens, event.is_sidechain)
        for event in read_home(READER, tmp_path).events
    )
    assert found == [
        (DAY_1, "s-old", "kimi-k2.5", 60, False),
        (DAY_1 + 1_500, "s-old", "kimi-k2.5", 90, False),
        (DAY_2, "s-new", "k3", 1_000, False),
        (DAY_2, "s-old", "kimi-k2.5", 432, False),
        (DAY_2 + 9, "s-new", "k3", 7, True),
    ]


def test_the_counts_of_both_programs() -> None:
    used = {"input_other": 1, "output": 2, "input_cache_read": 3, "input_cache_creation": 4}
    record = kimi_record(DAY_1, "turn", inputOther=1, output=2, inputCacheRead=3, inputCacheCreation=4)
    events = _read(kimi_status(DAY_1 / 1000, "x", **used), record).events
    for event in events:
        counts = (event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens)
        assert counts == (1, 2, 3, 4)
    assert len(events) == 2


def test_only_the_records_of_turns_count() -> None:
    assert _read(kimi_record(DAY_1, "session", output=5), kimi_record(DAY_1, "", output=5)).events == []


def test_without_a_configuration_the_model_is_a_guess() -> None:
    [event] = _read(kimi_status(DAY_1 / 1000, "x", output=1)).events
    assert (event.model, event.is_model_guessed) == ("kimi-for-coding", True)
    [event] = _read(kimi_record(DAY_1, "turn", output=1)).events
    assert (event.model, event.is_model_guessed) == ("k3", False)


def test_a_configuration_that_cannot_be_read_tells_no_model(tmp_path: Path) -> None:
    kimi_home(tmp_path)
    write(tmp_path / ".kimi/config.json", b"\xff{")
    assert "kimi-for-coding" in {event.model for event in read_home(READER, tmp_path).events}


def test_a_step_that_is_told_again_counts_once_and_the_larger() -> None:
    small, large = (kimi_status(DAY_1 / 1000, "x", output=count) for count in (5, 9))
    for records in ([small, large], [large, small]):
        assert [event.output_tokens for event in merged(_read(*records).events).values()] == [9]


def test_a_subagent_s_step_counts_where_an_id_tells_it_from_its_own_log() -> None:
    def wrapped(id_: str | None) -> Any:
        event = kimi_status(0, id_, output=7)["message"]
        return {"timestamp": DAY_1 / 1000, "message": {"type": "SubagentEvent", "payload": {"event": event}}}

    inside = _read(wrapped("y"), wrapped(None)).events
    assert [(event.output_tokens, event.is_sidechain) for event in inside] == [(7, True)]
    apart = _read(kimi_status(DAY_1 / 1000, "y", output=7)).events
    assert apart[0].key == inside[0].key


def test_a_line_without_a_time_has_the_file_s() -> None:
    [event] = _read({**kimi_status(0, "x", output=1), "timestamp": "then"}).events
    assert event.time_ms == _FILE.modified_ms


def test_what_cannot_be_counted_is_skipped_with_a_reason() -> None:
    reading = _read(kimi_status(DAY_1 / 1000, "x", output=-1), kimi_record(DAY_1, "turn", output=2**63))
    assert [skipped.reason for skipped in reading.skipped] == [
        "a token count is negative",
        "a token count is too large to be true",
    ]


def test_its_folders_are_those_of_its_variables_or_its_own(tmp_path: Path) -> None:
    cli = kimi_home(tmp_path)
    code = tmp_path / ".kimi-code"
    find = READER.find_roots
    assert find(Surroundings(tmp_path, {})) == [cli, code]
    assert find(Surroundings(tmp_path, {"KIMI_SHARE_DIR": str(tmp_path)})) == [tmp_path, code]
    assert find(Surroundings(tmp_path, {"KIMI_CODE_HOME": str(tmp_path)})) == [cli, tmp_path]
    assert find(Surroundings(tmp_path, {"KIMI_DATA_DIR": str(code)})) == [code]
    write(cli / "sessions/g/s/other.jsonl", "")
    write(cli / "wire.jsonl", "")
    assert {file.path.name for file in find_logs(READER, tmp_path)} == {"wire.jsonl"}
    assert len(find_logs(READER, tmp_path)) == 3
