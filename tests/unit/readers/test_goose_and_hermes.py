"""Goose's and Hermes's databases: one growing event a session."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devtime.readers import goose, hermes
from devtime.readers.reader import LogFile, Piece, Reader, Reading, Surroundings
from devtime.wire.usage import UsageEvent
from log_mutations import VALUES, check_reading

GOOSE_COLUMNS = (
    "id", "model_config_json", "created_at", "provider_name", "working_dir", "total_tokens", "input_tokens",
    "output_tokens", "accumulated_total_tokens", "accumulated_input_tokens", "accumulated_output_tokens",
)  # fmt: skip
GOOSE_ROW = ("s1", '{"model_name":"gpt-5"}', "2026-02-02 02:40:00", "open-ai", "/work/shop", 9, 5, 4, 190, 100, 80)
HERMES_COLUMNS = (
    "id", "model", "billing_provider", "started_at", "input_tokens", "output_tokens", "cache_read_tokens",
    "cache_write_tokens", "reasoning_tokens", "estimated_cost_usd", "actual_cost_usd",
)  # fmt: skip
HERMES_ROW = ("s1", "gpt-5.5", "openai-codex", 1_770_000_000.0, 100, 80, 70, 6, 5, 0.25, 0.5)
CELLS = [value for value in VALUES if not isinstance(value, list | dict)] + [b"\xff\x00", float("inf")]


def read_table(reader: Reader, folder: Path, columns: tuple[str, ...], *rows: tuple[Any, ...]) -> Reading:
    path = folder / "x.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"CREATE TABLE sessions ({', '.join(columns)})")
        for row in rows:
            kept = [_storable(value) for value in row]
            database.execute(f"INSERT INTO sessions VALUES ({', '.join('?' * len(row))})", kept)
        database.commit()
    return reader.read(Piece(file=LogFile(path, "x.db", 1_770_000_000_000)))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, int) and abs(value) >= 2**63 else value


def test_a_goose_session_is_what_it_accumulated(tmp_path: Path) -> None:
    (event,) = read_table(goose.READER, tmp_path, GOOSE_COLUMNS, GOOSE_ROW).events
    assert event == UsageEvent(
        key=event.key,
        rank=190,
        agent="goose",
        time_ms=1_770_000_000_000,
        session="s1",
        model="gpt-5",
        provider="open_ai",
        cwd="/work/shop",
        input_tokens=100,
        output_tokens=80,
        extra_tokens=10,
    )
    (event,) = read_table(goose.READER, tmp_path, GOOSE_COLUMNS[:8], GOOSE_ROW[:8]).events
    assert (event.input_tokens, event.output_tokens) == (5, 4)


def test_a_hermes_session_has_the_cost_that_was_paid(tmp_path: Path) -> None:
    (event,) = read_table(hermes.READER, tmp_path, HERMES_COLUMNS, HERMES_ROW).events
    assert event == UsageEvent(
        key=event.key,
        rank=261,
        agent="hermes",
        time_ms=1_770_000_000_000,
        session="s1",
        model="gpt-5.5",
        provider="openai",
        input_tokens=100,
        output_tokens=80,
        cache_read_tokens=70,
        cache_write_tokens=6,
        extra_tokens=5,
        reasoning_tokens=5,
        cost_nusd=500_000_000,
    )
    (event,) = read_table(hermes.READER, tmp_path, HERMES_COLUMNS, (*HERMES_ROW[:-1], 0)).events
    assert event.cost_nusd == 250_000_000


@pytest.mark.parametrize("reader", [goose.READER, hermes.READER])
def test_databases_of_another_kind_are_empty(reader: Reader, tmp_path: Path) -> None:
    reading = read_table(reader, tmp_path, ("id", "name"), (1, "x"))
    assert (reading.events, reading.skipped) == ([], [])


@pytest.mark.parametrize("reader", [goose.READER, hermes.READER])
def test_a_view_in_place_of_the_table_is_not_computed(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as database:
        names = ", ".join(f"1 AS {name}" for name in (*GOOSE_COLUMNS, "model", "started_at"))
        database.execute(f"CREATE VIEW sessions AS SELECT {names}")
        database.commit()
    assert reader.read(Piece(file=LogFile(path, "x.db"))).events == []


@pytest.mark.parametrize("reader", [goose.READER, hermes.READER])
@given(data=st.binary(max_size=200) | st.binary(max_size=300).map(lambda tail: b"SQLite format 3\0" + tail))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_survived(reader: Reader, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(data)
    reading = reader.read(Piece(file=LogFile(path, "x.db", 5)))
    assert reading.events == []
    check_reading(reader, reading)


@pytest.mark.parametrize("reader", [goose.READER, hermes.READER])
def test_a_database_that_is_gone_is_named(reader: Reader, tmp_path: Path) -> None:
    reading = reader.read(Piece(file=LogFile(tmp_path / "none.db", "none.db")))
    assert [skipped.reason for skipped in reading.skipped] == ["the database cannot be opened"]


@pytest.mark.parametrize(
    ("reader", "columns", "row"),
    [(goose.READER, GOOSE_COLUMNS, GOOSE_ROW), (hermes.READER, HERMES_COLUMNS, HERMES_ROW)],
)
@given(changes=st.lists(st.tuples(st.integers(0, 10), st.sampled_from(CELLS)), min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_value_in_any_column_is_survived(
    reader: Reader, columns: tuple[str, ...], row: tuple[Any, ...], tmp_path: Path, changes: list[tuple[int, Any]]
) -> None:
    mutated = list(row)
    for place, value in changes:
        mutated[place] = value
    reading = read_table(reader, tmp_path, columns, tuple(mutated), row)
    check_reading(reader, reading)
    assert len(reading.events) + len(reading.skipped) in (1, 2)
    assert reading.events


def test_roots_are_where_the_versions_keep_them(tmp_path: Path) -> None:
    places = [
        tmp_path / ".local/share/goose/sessions",
        tmp_path / "Library/Application Support/goose/sessions",
        tmp_path / "told/data/sessions",
        tmp_path / ".hermes",
    ]
    for place in places:
        place.mkdir(parents=True)
    assert goose.READER.find_roots(Surroundings(tmp_path, {})) == places[:1]
    assert goose.READER.find_roots(Surroundings(tmp_path, {}, "darwin")) == places[:2]
    told = {"GOOSE_PATH_ROOT": str(tmp_path / "told"), "HERMES_HOME": f"{tmp_path}/told,~/.hermes"}
    assert goose.READER.find_roots(Surroundings(tmp_path, told)) == [places[2]]
    assert hermes.READER.find_roots(Surroundings(tmp_path, {})) == [places[3]]
    assert hermes.READER.find_roots(Surroundings(tmp_path, told)) == [tmp_path / "told", places[3]]
    assert [hermes.is_log(path) for path in ("state.db", "profiles/x/state.db", "x/state.db")] == [True, True, False]
    assert [goose.is_log(path) for path in ("sessions.db", "x/sessions.db")] == [True, False]
