"""Cursor's chats and exports."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devtime.readers.cursor import READERS
from devtime.readers.reader import LogFile, Piece, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import byte_mutations, check_document, check_reading, json_mutations, log_file
from log_reading import read_home

EXPORTS, CHATS = READERS
FILE = log_file("/nowhere/a.csv", "a.csv")
HEAD = (
    "Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost"
)
EXPORT = "\n".join(
    [
        HEAD,
        '2026-02-02T02:40:00.000Z,Included,claude-4.5-sonnet,No,100,20,"3,000",40,3160,Included',
        "2026-02-02T02:41:00.000Z,On-Demand,auto,Yes,120,20,3000,40,3160,$0.25",
        '"2026-02-02","Errored, No Charge",gpt-5,No,0,0,0,0,0,-',
    ]
)
BUBBLE: dict[str, Any] = {
    "type": 2,
    "createdAt": "2026-02-02T02:40:00.000Z",
    "text": "a prompt nobody may see",
    "tokenCount": {"inputTokens": 500, "outputTokens": 60},
    "modelInfo": {"modelName": "claude-4.5-opus"},
}
CHAT: dict[str, Any] = {
    "createdAt": 1_770_000_000_000,
    "createdOnBranch": "main",
    "modelConfig": {"modelName": "default"},
}


def read_export(text: str) -> Reading:
    return EXPORTS.read(Piece(file=FILE, data=text.encode()))


def read_chats(folder: Path, *rows: tuple[str, Any]) -> Reading:
    return CHATS.read(Piece(file=LogFile(put_chats(folder / "state.vscdb", *rows), "state.vscdb")))


def put_chats(path: Path, *rows: tuple[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)")
        stored = [(key, value if isinstance(value, bytes) else json.dumps(value)) for key, value in rows]
        database.executemany("INSERT INTO cursorDiskKV VALUES (?, ?)", stored)
        database.commit()
    return path


def test_an_export_tells_all_kinds_of_tokens() -> None:
    included, paid = read_export(EXPORT).events
    assert included == UsageEvent(
        key=included.key,
        agent="cursor",
        time_ms=1_770_000_000_000,
        session="2026-02-02",
        model="claude-4.5-sonnet",
        input_tokens=20,
        output_tokens=40,
        cache_read_tokens=3000,
        cache_write_tokens=100,
    )
    assert (paid.cache_write_tokens, paid.input_tokens, paid.cost_nusd) == (100, 20, 250_000_000)


def test_overlapping_exports_count_once(tmp_path: Path) -> None:
    folder = tmp_path / ".devtime/imports/cursor"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text(EXPORT)
    (folder / "b.CSV").write_text("\ufeff" + "\n".join(EXPORT.splitlines()[:2]))
    assert len(read_home(EXPORTS, tmp_path).events) == 2


def test_a_file_of_another_kind_says_so() -> None:
    assert read_export("a,b\n1,2\n").skipped[0].reason == "is no export of Cursor's usage: it has other columns"
    assert [
        skipped.offset for skipped in read_export(f"{HEAD}\n2026-02-02,,x,,-5,,,,,\nyesterday,,x,,5,,,,,\n").skipped
    ] == [2, 3]


def test_an_answer_tells_its_tokens(tmp_path: Path) -> None:
    rows = [
        ("bubbleId:c1:b1", BUBBLE),
        ("bubbleId:c1:b2", {"tokenCount": {"inputTokens": 3}}),
        ("composerData:c1", CHAT),
    ]
    first, second = read_chats(tmp_path, *rows).events
    assert first == UsageEvent(
        key=first.key,
        rank=560,
        agent="cursor",
        time_ms=1_770_000_000_000,
        session="c1",
        model="claude-4.5-opus",
        branch="main",
        input_tokens=500,
        output_tokens=60,
    )
    assert (second.model, second.time_ms, second.input_tokens) == ("auto", 1_770_000_000_000, 3)


def test_answers_without_tokens_are_none(tmp_path: Path) -> None:
    reading = read_chats(tmp_path, ("bubbleId:c1:b1", {"tokenCount": {"inputTokens": 0}}), ("bubbleId:c1:b2", {}))
    assert (reading.events, reading.skipped) == ([], [])


def test_chats_are_left_alone_once_there_is_an_export(tmp_path: Path) -> None:
    put_chats(tmp_path / ".config/Cursor/User/globalStorage/state.vscdb", ("bubbleId:c1:b1", BUBBLE))
    assert len(read_home(READERS, tmp_path).events) == 1
    folder = tmp_path / "told/imports/cursor"
    folder.mkdir(parents=True)
    told = {"DEVTIME_HOME": "~/told"}
    assert len(read_home(READERS, tmp_path, told).events) == 1
    (folder / "a.csv").write_text(EXPORT)
    assert [event.cost_nusd for event in read_home(READERS, tmp_path, told).events] == [None, 250_000_000]


def test_the_storage_is_where_each_system_keeps_it(tmp_path: Path) -> None:
    places = {"linux": ".config", "darwin": "Library/Application Support", "win32": "AppData/Roaming"}
    for platform, place in places.items():
        folder = tmp_path / place / "Cursor/User/globalStorage"
        folder.mkdir(parents=True)
        assert CHATS.find_roots(Surroundings(tmp_path, {}, platform)) == [folder]
    assert [CHATS.is_log(path) for path in ("state.vscdb", "state.vscdb.backup")] == [True, False]


@given(bubble=json_mutations(BUBBLE), chat=json_mutations(CHAT))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_value_in_any_field_is_survived(tmp_path: Path, bubble: Any, chat: Any) -> None:
    rows = [("bubbleId:c1:b1", bubble), ("bubbleId:c1", BUBBLE), ("composerData:c1", chat), ("bubbleId:c:d", b"\xff{")]
    check_reading(CHATS, read_chats(tmp_path, *rows))


@given(data=st.binary(max_size=200) | byte_mutations(EXPORT.encode()))
def test_any_export_is_survived(data: bytes) -> None:
    check_document(EXPORTS, FILE, data)
