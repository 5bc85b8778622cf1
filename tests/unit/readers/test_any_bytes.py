"""Readers take anything: no exception, no unsound event, nothing anybody wrote in it, no file left behind."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_homes import HOMES
from devtime.readers.reader import LogFile, Piece, Reader
from log_reading import find_logs, read_home
from spoilt_logs import as_json, assert_cut_alike, assert_sound, cut, damaged, spoilt, values

_SETTINGS = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _readers(agent: str) -> tuple[Reader, ...]:
    module = import_module(f"devtime.readers.{agent}")
    return getattr(module, "READERS", None) or (module.READER,)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Reader, LogFile]]]:
    """Every hand-made log of every agent, with its reader."""
    found: dict[str, list[tuple[Reader, LogFile]]] = {}
    for agent, make_home in HOMES.items():
        home = tmp_path_factory.mktemp(agent)
        make_home(home)
        found[agent] = [(reader, file) for reader in _readers(agent) for file in find_logs(reader, home)]
        assert found[agent]
    return found


def _of_shape(
    logs: dict[str, list[tuple[Reader, LogFile]]], agent: str, shape: str
) -> Iterator[tuple[Reader, LogFile]]:
    return ((reader, file) for reader, file in logs[agent] if reader.shape == shape)


@pytest.mark.parametrize("agent", HOMES)
@given(data=st.binary(max_size=300), memory=st.binary(max_size=40))
@_SETTINGS
def test_random_bytes_make_no_events(agent: str, data: bytes, memory: bytes) -> None:
    for reader in _readers(agent):
        if reader.shape != "database":
            file = LogFile(Path("/nowhere/sessions/a/b/wire.jsonl"), "sessions/a/b/wire.jsonl", 0)
            reading = reader.read(Piece(file=file, data=data, memory=memory))
            assert_sound(reader, reading)
            assert reading.events == []


@pytest.mark.parametrize("agent", HOMES)
@given(draw=st.data())
@_SETTINGS
def test_damaged_logs_are_read_soundly(agent: str, draw: st.DataObject, logs: Any) -> None:
    for reader, file in logs[agent]:
        if reader.shape != "database":
            data = draw.draw(damaged(file.path.read_bytes()))
            assert_sound(reader, reader.read(Piece(file=file, data=data)))


@pytest.mark.parametrize("agent", HOMES)
@given(draw=st.data())
@_SETTINGS
def test_any_value_in_any_field_is_read_soundly(agent: str, draw: st.DataObject, logs: Any) -> None:
    for reader, file in _of_shape(logs, agent, "document"):
        document = draw.draw(spoilt(json.loads(file.path.read_bytes())))
        assert_sound(reader, reader.read(Piece(file=file, data=as_json(document))))
    for reader, file in _of_shape(logs, agent, "lines"):
        records = [json.loads(line) for line in file.path.read_bytes().splitlines()]
        data = b"".join(as_json(draw.draw(spoilt(record))) + b"\n" for record in records)
        assert_sound(reader, reader.read(Piece(file=file, data=data)))


@pytest.mark.parametrize("agent", HOMES)
@given(draw=st.data())
@_SETTINGS
def test_lines_give_the_same_events_however_they_came(agent: str, draw: st.DataObject, logs: Any) -> None:
    for reader, file in _of_shape(logs, agent, "lines"):
        assert_cut_alike(reader, file, draw.draw(cut(file.path.read_bytes() * 2)))
        assert_cut_alike(reader, file, draw.draw(cut(draw.draw(damaged(file.path.read_bytes())))))


def _copy(file: LogFile, path: Path) -> LogFile:
    path.write_bytes(file.path.read_bytes())
    return LogFile(path, file.relative, file.modified_ms)


@pytest.mark.parametrize("agent", HOMES)
@given(draw=st.data())
@_SETTINGS
def test_any_value_in_any_column_is_read_soundly(agent: str, draw: st.DataObject, logs: Any, tmp_path: Path) -> None:
    for reader, file in _of_shape(logs, agent, "database"):
        copy = _copy(file, tmp_path / "copy.db")
        with closing(sqlite3.connect(copy.path)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                column = draw.draw(st.sampled_from(columns))
                value = draw.draw(
                    st.sampled_from([None, 2**62, -1, 1.5, b"\xff\xfe", "x", "\x00"]) | values().map(as_json)
                )
                with suppress(sqlite3.IntegrityError):
                    connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", [value])
            connection.commit()
        assert_sound(reader, reader.read(Piece(file=copy)))


@pytest.mark.parametrize("agent", HOMES)
@given(draw=st.data())
@_SETTINGS
def test_damaged_databases_are_read_soundly(agent: str, draw: st.DataObject, logs: Any, tmp_path: Path) -> None:
    for reader, file in _of_shape(logs, agent, "database"):
        path = tmp_path / "damaged.db"
        path.write_bytes(draw.draw(damaged(file.path.read_bytes())))
        assert_sound(reader, reader.read(Piece(file=LogFile(path, file.relative, 0))))


@pytest.mark.parametrize("agent", HOMES)
def test_a_home_without_logs_has_none(agent: str, tmp_path: Path) -> None:
    assert all(reader.find_roots is not None for reader in _readers(agent))
    assert read_home(_readers(agent), tmp_path).events == []


@pytest.mark.parametrize("agent", HOMES)
def test_reading_leaves_nothing_behind(agent: str, tmp_path: Path) -> None:
    HOMES[agent](tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert read_home(_readers(agent), tmp_path).events
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
