"""OpenCode's messages, in its database and in the files it had before."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent_homes import (
    DAY_1,
    DAY_2,
    OPENCODE_SCHEMA,
    opencode_home,
    opencode_message,
    opencode_row,
    opencode_session,
    write,
    write_database,
)
from devtime.readers.opencode import READERS
from devtime.readers.reader import LogFile, Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_reading import find_logs, read_home

_DATABASE, _FILES = READERS


def _read(path: Path) -> Reading:
    return _DATABASE.read(Piece(file=LogFile(path, path.name)))


def _read_rows(folder: Path, *rows: tuple[str, Any], schema: str = OPENCODE_SCHEMA) -> Reading:
    return _read(write_database(folder / "opencode.db", schema, rows))


def _by_session(events: list[UsageEvent]) -> dict[str, UsageEvent]:
    return {event.session: event for event in events}


def test_a_message_that_is_in_the_database_and_in_a_file_counts_once(tmp_path: Path) -> None:
    opencode_home(tmp_path)
    reading = read_home(READERS, tmp_path)
    assert reading.skipped == []
    assert sorted((event.session, event.time_ms) for event in reading.events) == [
        ("ses_1", DAY_1),
        ("ses_1", DAY_1 + 60_000),
        ("ses_2", DAY_2),
        ("ses_3", DAY_2 + 1),
    ]


def test_a_message_tells_all_it_knows(tmp_path: Path) -> None:
    [event] = _read_rows(tmp_path, opencode_row(opencode_message("msg_a", "ses_1", DAY_1))).events
    assert event == UsageEvent(
        key=event.key,
        agent="opencode",
        time_ms=DAY_1,
        session="ses_1",
        model="claude-sonnet-4-5",
        provider="anthropic",
        cwd="/home/ann/web/api",
        project="web",
        input_tokens=1_200,
        output_tokens=340,
        cache_read_tokens=9_000,
        cache_write_tokens=450,
        cost_nusd=21_500_000,
    )


def test_the_session_tells_the_folder_and_whether_another_session_began_it(tmp_path: Path) -> None:
    opencode_home(tmp_path)
    found = _by_session(read_home(READERS, tmp_path).events)
    assert [found[name].is_sidechain for name in ("ses_1", "ses_2", "ses_3")] == [False, True, True]
    without_path = {**opencode_message("msg_z", "ses_9", DAY_1), "path": None}
    rows = [opencode_session("ses_9", "/srv/shop", parent="ses_8"), opencode_row(without_path)]
    [event] = _read_rows(tmp_path / "other", *rows).events
    assert (event.cwd, event.project, event.is_sidechain) == ("/srv/shop", "shop", True)


def test_reasoning_is_beyond_the_output_and_a_rest_of_the_total_is_too(tmp_path: Path) -> None:
    tokens = {"input": 5, "output": 6, "reasoning": 70, "total": 90}
    [event] = _read_rows(tmp_path, opencode_row(opencode_message("m", "s", DAY_1, tokens=tokens))).events
    assert (event.output_tokens, event.extra_tokens, event.reasoning_tokens, event.total_tokens) == (6, 79, 70, 90)


def test_a_total_alone_is_output(tmp_path: Path) -> None:
    [event] = _read_rows(tmp_path, opencode_row(opencode_message("m", "s", DAY_1, tokens={"total": 500}))).events
    assert (event.output_tokens, event.extra_tokens) == (500, 0)


def test_a_cost_of_nothing_is_no_cost(tmp_path: Path) -> None:
    [event] = _read_rows(tmp_path, opencode_row(opencode_message("m", "s", DAY_1, cost=0))).events
    assert event.cost_nusd is None


def test_a_forked_session_repeats_messages_that_count_once(tmp_path: Path) -> None:
    first = opencode_message("msg_a", "ses_1", DAY_1)
    copy = {**first, "id": "msg_x", "sessionID": "ses_fork"}
    other = {**first, "id": "msg_y", "sessionID": "ses_fork", "cost": 0.5}
    events = _read_rows(tmp_path, *map(opencode_row, (first, copy, other))).events
    assert [event.key for event in events][:2] == [events[0].key] * 2
    assert len({event.key for event in events}) == 2


def test_answers_that_run_at_the_same_time_are_two(tmp_path: Path) -> None:
    """Nothing but the time they ended tells a copy from another's twin, and these have not ended."""
    time = {"created": DAY_1}
    rows = [opencode_row(opencode_message(name, "s", DAY_1, time=time)) for name in ("msg_a", "msg_b")]
    assert len({event.key for event in _read_rows(tmp_path, *rows).events}) == 2


def test_the_second_form_of_the_tables_is_read(tmp_path: Path) -> None:
    schema = "CREATE TABLE session_message (id TEXT, session_id TEXT, type TEXT, time_created INTEGER, data TEXT);"
    data = json.dumps({"model": {"id": "glm-4.7", "providerID": "zai"}, "tokens": {"input": 3, "output": 4}})
    insert = "INSERT INTO session_message VALUES (?, 'ses_1', ?, ?, ?)"
    rows = [(insert, ["a", "assistant", DAY_1, data]), (insert, ["b", "user", DAY_1, data])]
    [event] = _read_rows(tmp_path, *rows, schema=schema).events
    assert (event.model, event.provider, event.time_ms, event.total_tokens) == ("glm-4.7", "zai", DAY_1, 7)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"modelID": None}, "a message names no model"),
        ({"time": {}}, "a message has no time"),
        ({"time": {"created": -5}}, "a message has no time"),
        ({"tokens": {"input": -1}}, "a token count is negative"),
        ({"tokens": {"input": 2**63}}, "a token count is too large to be true"),
        ({"tokens": {"cache": {"read": "many"}}}, "a token count is not a whole number"),
        ({"tokens": {"output": True}}, "a token count is not a whole number"),
    ],
)
def test_a_message_that_cannot_be_counted_is_skipped_with_a_reason(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    good = opencode_row(opencode_message("msg_b", "s", DAY_1))
    reading = _read_rows(tmp_path, opencode_row(opencode_message("msg_a", "s", DAY_1, **changes)), good)
    assert [(skipped.offset, skipped.reason) for skipped in reading.skipped] == [(1, reason)]
    assert len(reading.events) == 1


def test_a_database_of_something_else_holds_nothing(tmp_path: Path) -> None:
    assert _read_rows(tmp_path, schema="CREATE TABLE message (id TEXT, body TEXT);") == Reading()


def test_a_view_in_the_place_of_the_table_is_not_computed(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
    view = f"CREATE VIEW message AS {endless} SELECT x AS id, x AS session_id, x AS data FROM n;"
    assert _read_rows(tmp_path, schema=view) == Reading()


def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = write(tmp_path / "opencode.db", b"not a database" * 100)
    assert [skipped.reason for skipped in _read(path).skipped] == ["the database is damaged"]


def test_a_locked_database_is_said_to_be_locked(tmp_path: Path) -> None:
    path = write_database(tmp_path / "opencode.db", OPENCODE_SCHEMA, [])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        reading = _read(path)
    assert [skipped.reason for skipped in reading.skipped] == ["the database is locked"]


def test_a_database_that_is_gone_cannot_be_opened(tmp_path: Path) -> None:
    assert [skipped.reason for skipped in _read(tmp_path / "gone.db").skipped] == ["the database cannot be opened"]
    assert not (tmp_path / "gone.db").exists()


def _write_ahead(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(OPENCODE_SCHEMA)
    statement, values = opencode_row(opencode_message("msg_a", "ses_1", DAY_1))
    connection.execute(statement, values)
    connection.commit()
    return connection


def test_rows_that_are_only_in_the_write_ahead_log_are_read_while_the_agent_runs(tmp_path: Path) -> None:
    with closing(_write_ahead(tmp_path / "opencode.db")):
        assert (tmp_path / "opencode.db-wal").stat().st_size > 0
        assert len(_read(tmp_path / "opencode.db").events) == 1


def test_no_write_ahead_log_appears_beside_a_database_at_rest(tmp_path: Path) -> None:
    _write_ahead(tmp_path / "opencode.db").close()
    assert [path.name for path in tmp_path.iterdir()] == ["opencode.db"]
    assert len(_read(tmp_path / "opencode.db").events) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["opencode.db"]


def test_a_name_with_question_marks_and_percent_signs_is_a_name(tmp_path: Path) -> None:
    path = write_database(tmp_path / "a?mode=rwc%41#b" / "opencode.db", OPENCODE_SCHEMA)
    assert _read(path) == Reading()


def test_its_folders_are_those_of_its_variable_or_its_own(tmp_path: Path) -> None:
    own = opencode_home(tmp_path)
    other = write(tmp_path / "elsewhere/x", "").parent
    find = _DATABASE.find_roots
    assert find(Surroundings(tmp_path, {})) == [own]
    assert find(Surroundings(tmp_path, {"OPENCODE_DATA_DIR": f" ~/elsewhere, {other} ,/gone,{own},,"})) == [other, own]
    assert find(Surroundings(tmp_path, {"OPENCODE_DATA_DIR": " "})) == [own]
    assert find(Surroundings(tmp_path, {"XDG_DATA_HOME": str(own.parent)})) == [own]


def test_databases_of_every_channel_and_messages_are_logs_and_nothing_else(tmp_path: Path) -> None:
    root = opencode_home(tmp_path)
    write(root / "opencode-beta.db", b"")
    write(root / "opencode.db-wal", b"")
    write(root / "storage/part/p.json", b"{}")
    assert [file.relative for file in find_logs(_DATABASE, tmp_path)] == ["opencode-beta.db", "opencode.db"]
    assert [file.relative for file in find_logs(_FILES, tmp_path)] == [
        "storage/message/ses_1/msg_b.json",
        "storage/message/ses_3/msg_d.json",
    ]
