"""`ctx.host.sqlite` from inside the sandbox: rows in JSON, locked, logging and broken files."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from probe_running import ProbeBench

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def database(bench: ProbeBench) -> Path:
    path = bench.home / "state.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (k TEXT, v)")
        connection.executemany(
            "INSERT INTO t VALUES (?, ?)", [("a", 1), ("b", None), ("c", b"blob \xff"), ("d", "é"), ("e", 1.5)]
        )
    connection.close()
    return path


Q = "JSON.parse(ctx.host.sqlite.query('~/state.db', "


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"{Q}\"SELECT v FROM t WHERE k='a'\"))", [{"v": 1}]),
        (f"{Q}\"SELECT v FROM t WHERE k='b'\"))", [{"v": None}]),
        (f"{Q}\"SELECT v FROM t WHERE k='c'\"))", [{"v": "blob \ufffd"}]),
        (f"{Q}\"SELECT v FROM t WHERE k='d'\"))", [{"v": "é"}]),
        (f"{Q}\"SELECT k, v FROM t WHERE k='e'\"))", [{"k": "e", "v": 1.5}]),
        ("ctx.host.sqlite.query('~/state.db', \"SELECT v FROM t WHERE k='none'\")", "[]"),
        (f"{Q}'SELECT count(*) AS n FROM t;'))", [{"n": 5}]),
        (
            "ctx.host.sqlite.query('~/state.db', '.schema')",
            {"name": "Error", "message": "sqlite3 dot-commands are not allowed"},
        ),
        (
            "ctx.host.sqlite.query('~/state.db', 'SELECT 1;\\n  .tables')",
            {"name": "Error", "message": "sqlite3 dot-commands are not allowed"},
        ),
        (
            "ctx.host.sqlite.exec('~/state.db', '.shell ls')",
            {"name": "Error", "message": "sqlite3 dot-commands are not allowed"},
        ),
        (
            "ctx.host.sqlite.query('~/state.db', 'SELECT nope')",
            {"name": "Error", "message": "sqlite3 error: no such column: nope"},
        ),
        (
            "ctx.host.sqlite.query('~/none.db', 'SELECT 1')",
            {"name": "Error", "message": "sqlite3 error: unable to open database file"},
        ),
        (
            "ctx.host.sqlite.query('~', 'SELECT 1')",
            {"name": "Error", "message": "sqlite3 error: unable to open database file"},
        ),
        ("ctx.host.sqlite.query('~/state.db', 'DELETE FROM t')", {"name": "Error"}),
        ("ctx.host.sqlite.query('~/state.db', \"ATTACH 'other.db' AS o\")", {"name": "Error"}),
        ("ctx.host.sqlite.query('~/state.db', \"SELECT load_extension('x')\")", {"name": "Error"}),
        ("ctx.host.sqlite.query('~/state.db', \"VACUUM INTO '/tmp/stolen.db'\")", {"name": "Error"}),
        (
            "ctx.host.sqlite.query('~/state.db', 'WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM x) "
            "SELECT n FROM x')",
            {"name": "Error"},
        ),
        (
            "{ ctx.host.sqlite.query('~/state.db', 'SELECT 1'); ctx.host.sqlite.exec('~/state.db', "
            "\"UPDATE t SET v=2 WHERE k='a'; DELETE FROM t WHERE k='b'\"); "
            "return JSON.parse(ctx.host.sqlite.query('~/state.db', \"SELECT v FROM t WHERE k IN ('a','b')\")) }",
            [{"v": 2}],
        ),
        (
            "{ ctx.host.sqlite.query('~/state.db', 'SELECT 1'); ctx.host.sqlite.exec('~/state.db', "
            "\"INSERT INTO t VALUES ('x;y', 'it''s')\"); return JSON.parse(ctx.host.sqlite.query('~/state.db', "
            "\"SELECT v FROM t WHERE k='x;y'\")) }",
            [{"v": "it's"}],
        ),
        ("ctx.host.sqlite.exec('~/state.db', 'DELETE FROM t')", {"name": "Error"}),
        (
            "{ const p = ctx.app.pluginDataDir + '/own.db'; ctx.host.sqlite.exec(p, 'CREATE TABLE a (b)'); "
            "return ctx.host.sqlite.query(p, 'SELECT * FROM a') }",
            "[]",
        ),
    ],
)
async def test_databases(bench: ProbeBench, database: Path, expression: str, expected: object) -> None:
    value = await bench.value(expression)
    if isinstance(expected, dict) and set(expected) == {"name"}:
        assert isinstance(value, Mapping)
        assert value["name"] == "Error"
    else:
        assert value == expected
    assert not os.path.exists("/tmp/stolen.db")  # noqa: ASYNC240, PTH110 -- nothing else runs here


async def test_a_database_that_somebody_has_locked_is_read(bench: ProbeBench, database: Path) -> None:
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("UPDATE t SET v = 99")
    try:
        assert await bench.value(f"{Q}\"SELECT v FROM t WHERE k='a'\"))") == [{"v": 1}]
    finally:
        holder.close()


async def test_a_database_in_wal_mode_is_read_with_what_is_in_its_log(bench: ProbeBench, database: Path) -> None:
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("PRAGMA journal_mode = WAL")
    holder.execute("UPDATE t SET v = 7 WHERE k = 'a'")
    try:
        assert await bench.value(f"{Q}\"SELECT v FROM t WHERE k='a'\"))") == [{"v": 7}]
    finally:
        holder.close()


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to look", b"", b"SQLite format 3\0" + b"\xff" * 200]
)
async def test_a_database_that_is_none(bench: ProbeBench, content: bytes) -> None:
    (bench.home / "state.db").write_bytes(content)
    told = await bench.value("ctx.host.sqlite.query('~/state.db', 'SELECT * FROM t')")
    assert isinstance(told, dict)
    assert str(told["message"]).startswith("sqlite3 error: ")
