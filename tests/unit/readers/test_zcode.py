"""ZCode's requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent_homes import DAY_1, ZCODE_SCHEMA, write_database, zcode_home, zcode_row
from devtime.readers.reader import LogFile, Piece, Reading, Surroundings
from devtime.readers.zcode import READER
from devtime.wire.usage import UsageEvent
from log_reading import find_logs, read_home


def _read(folder: Path, *rows: tuple[str, Any], schema: str = ZCODE_SCHEMA) -> Reading:
    path = write_database(folder / "db.sqlite", schema, rows)
    return READER.read(Piece(file=LogFile(path, "cli/db/db.sqlite")))


def test_a_finished_request_is_an_event_whose_cached_tokens_are_taken_out_of_its_input(tmp_path: Path) -> None:
    zcode_home(tmp_path)
    first, second, third = read_home(READER, tmp_path).events
    assert first == UsageEvent(
        key=first.key,
        agent="zcode",
        time_ms=DAY_1,
        session="z-1",
        model="GLM-5.2",
        provider="builtin:zai-coding-plan",
        cwd="/home/ann/web",
        input_tokens=4_795,
        output_tokens=59,
        cache_read_tokens=11_712,
    )
    assert (second.input_tokens, second.cache_write_tokens, second.cache_read_tokens) == (700, 100, 200)
    assert (third.input_tokens, third.cache_read_tokens, third.extra_tokens, third.total_tokens) == (0, 10, 10, 25)


def test_columns_a_version_does_not_have_are_not_needed(tmp_path: Path) -> None:
    schema = (
        "CREATE TABLE model_usage (id TEXT, session_id TEXT, started_at INTEGER, model_id TEXT,"
        " input_tokens INTEGER, output_tokens INTEGER);"
    )
    [event] = _read(
        tmp_path, ("INSERT INTO model_usage VALUES ('a', 's', ?, 'm', 5, 6)", [DAY_1]), schema=schema
    ).events
    assert (event.cwd, event.total_tokens) == ("", 11)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("input_tokens = -1", "a token count is negative"),
        ("output_tokens = 9223372036854775807", "a token count is too large to be true"),
        ("cache_read_input_tokens = x'00ff'", "a token count is not a whole number"),
        ("started_at = NULL", "a request has no time"),
        ("model_id = ''", "a request names no model"),
    ],
)
def test_a_request_that_cannot_be_counted_is_skipped_with_a_reason(tmp_path: Path, change: str, reason: str) -> None:
    rows = [zcode_row("a", DAY_1, 1, 2, 0, 0, 0, 3), (f"UPDATE model_usage SET {change}", [])]
    reading = _read(tmp_path, *rows, zcode_row("b", DAY_1, 1, 2, 0, 0, 0, 3))
    assert [(skipped.offset, skipped.reason) for skipped in reading.skipped] == [(1, reason)]
    assert len(reading.events) == 1


def test_a_database_of_something_else_holds_nothing(tmp_path: Path) -> None:
    assert _read(tmp_path, schema="CREATE TABLE model_usage (id TEXT);") == Reading()


def test_its_folder_is_that_of_its_variable_or_its_own(tmp_path: Path) -> None:
    own = zcode_home(tmp_path)
    assert READER.find_roots(Surroundings(tmp_path, {})) == [own]
    assert READER.find_roots(Surroundings(tmp_path, {"ZCODE_HOME": str(tmp_path)})) == [tmp_path]
    assert [file.relative for file in find_logs(READER, tmp_path)] == ["cli/db/db.sqlite"]
