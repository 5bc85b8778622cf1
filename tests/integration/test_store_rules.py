"""The rules of docs/decisions/0003: what keeps the schema and every statement fit to be spread over several nodes."""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import asyncpg
import pytest

from devtime.store.address import Address
from devtime.store.migrate import known_migrations
from devtime.store.sqlfile import Queries

_ROOT = Path(__file__).parents[2]
_SOURCES = _ROOT / "src" / "devtime"
_SCHEMA_FILE = _SOURCES / "store" / "schema.sql"

_REFERENCE_TABLES = {
    "users",
    "server_settings",
    "invitations",
    "login_links",
    "plugin_listings",
    "plugin_versions",
    "plugin_dependencies",
    "plugin_screenshots",
    "plugin_reports",
    "theme_listings",
}
"""Tables every node has a copy of."""
_OTHERWISE_SPREAD = {"api_key_lookup", "schema_migrations"}
"""Spread by another key than the user, or on one node only."""

_UNIQUE_INDEXES = """
SELECT i.indexrelid::regclass::text AS index, c.relname AS table_name,
    ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = ANY (i.indkey)) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = 'devtime'::regnamespace AND (i.indisunique OR i.indisexclusion)
"""
_FOREIGN_KEYS = """
SELECT conname AS name, conrelid::regclass::text AS table_name, confrelid::regclass::text AS target,
    confdeltype::text AS on_delete,
    ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)) AS columns
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'devtime'::regnamespace
"""
_COLUMNS = """
SELECT c.relname AS table_name, a.attname AS name, n.nspname AS type_schema, t.typname AS type, t.typtype::text AS kind
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE c.relnamespace = 'devtime'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
"""


class Query(NamedTuple):
    """A named query, and the folder whose Python files may run it."""

    file: Path
    name: str
    sql: str


@pytest.fixture
async def connection(database_address: Address) -> AsyncIterator[Any]:
    connection = await cast("Any", asyncpg).connect(database_address.dsn(), server_settings={"search_path": "devtime"})
    yield connection
    await connection.close()


def _query_files() -> list[Path]:
    return [
        file for file in sorted(_SOURCES.rglob("*.sql")) if file.parent.name != "migrations" and file != _SCHEMA_FILE
    ]


def _queries() -> Iterator[Query]:
    for file in _query_files():
        queries = Queries(file.read_text("utf-8"), str(file))
        yield from (Query(file, name, queries[name]) for name in queries.names())


async def _user_tables(connection: Any) -> set[str]:
    rows = await connection.fetch(_COLUMNS)
    return {row["table_name"] for row in rows if row["name"] == "user_id"}


async def test_every_table_is_a_users_or_is_known_to_be_spread_otherwise(connection: Any) -> None:
    tables = {row["table_name"] for row in await connection.fetch(_COLUMNS)}
    users = await _user_tables(connection)
    assert tables - users == _REFERENCE_TABLES | _OTHERWISE_SPREAD
    assert not users & (_REFERENCE_TABLES | _OTHERWISE_SPREAD)


async def test_every_unique_index_of_a_users_table_holds_the_user(connection: Any) -> None:
    users = await _user_tables(connection)
    indexes = [row for row in await connection.fetch(_UNIQUE_INDEXES) if row["table_name"] in users]
    assert {row["table_name"] for row in indexes} == users
    assert [row["index"] for row in indexes if "user_id" not in row["columns"]] == []


async def test_foreign_keys_hold_the_user_or_lead_to_reference_tables(connection: Any) -> None:
    keys = await connection.fetch(_FOREIGN_KEYS)
    assert keys
    astray = [row["name"] for row in keys if row["target"] not in _REFERENCE_TABLES and "user_id" not in row["columns"]]
    assert astray == []
    setting = [row["name"] for row in keys if row["on_delete"] in "nd" and "user_id" in row["columns"]]
    assert setting == []
    outward = [
        row["name"] for row in keys if row["table_name"] in _REFERENCE_TABLES and row["target"] not in _REFERENCE_TABLES
    ]
    assert outward == []


async def test_there_are_no_triggers_sequences_views_or_functions(connection: Any) -> None:
    triggers = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    others = "SELECT relname FROM pg_class WHERE relnamespace = 'devtime'::regnamespace AND relkind NOT IN ('r', 'i')"
    functions = "SELECT proname FROM pg_proc WHERE pronamespace = 'devtime'::regnamespace"
    for query in (triggers, others, functions):
        assert [row[0] for row in await connection.fetch(query)] == []


async def test_columns_have_plain_types(connection: Any) -> None:
    columns = await connection.fetch(_COLUMNS)
    odd = [
        f"{row['table_name']}.{row['name']}"
        for row in columns
        if (row["type_schema"], row["kind"]) != ("pg_catalog", "b")
    ]
    assert odd == []


async def test_the_schema_file_is_what_the_migrations_make(connection: Any) -> None:
    describe = runpy.run_path(str(_ROOT / "scripts" / "gen_schema.py"))["describe_schema"]
    assert await describe(connection) == _SCHEMA_FILE.read_text("utf-8"), "run `make schema`"


async def test_the_schema_file_makes_the_schema_it_describes(empty_database_address: Address) -> None:
    describe = runpy.run_path(str(_ROOT / "scripts" / "gen_schema.py"))["describe_schema"]
    connection = await cast("Any", asyncpg).connect(empty_database_address.dsn())
    try:
        await connection.execute("CREATE SCHEMA devtime; SET search_path = devtime")
        await connection.execute(_SCHEMA_FILE.read_text("utf-8"))
        assert _bare(await describe(connection)) == _bare(_SCHEMA_FILE.read_text("utf-8"))
    finally:
        await connection.close()


async def test_every_named_query_parses_and_finds_its_tables(connection: Any) -> None:
    broken: list[str] = []
    for query in _queries():
        try:
            await connection.prepare(query.sql)
        except asyncpg.PostgresError as error:
            broken.append(f"{query.file.parent.name}: {query.name}: {error}")
    assert broken == []


def test_every_named_query_is_used_where_it_belongs() -> None:
    used = {folder: _names_in(folder) for folder in {query.file.parent for query in _queries()}}
    unused = [
        f"{query.file.relative_to(_SOURCES)}: {query.name}"
        for query in _queries()
        if not any(re.fullmatch(pattern, query.name) for pattern in used[query.file.parent])
    ]
    assert unused == []


def test_conflicts_are_settled_without_volatile_functions_and_within_a_user() -> None:
    volatile = re.compile(
        r"\b(now|clock_timestamp|random|gen_random_uuid|nextval|statement_timestamp)\s*\(", re.IGNORECASE
    )
    conflicts = 0
    for query in _queries():
        for target, action in re.findall(r"ON\s+CONFLICT\s*(\([^)]*\))?(.*)", query.sql, re.IGNORECASE | re.DOTALL):
            conflicts += 1
            assert not volatile.search(action), query
            assert "DO UPDATE" not in action.upper() or target, query
    assert conflicts


def test_no_statement_moves_a_row_to_another_user() -> None:
    moving = re.compile(r"\bSET\s[^;]*?\buser_id\s*=", re.IGNORECASE)
    assert [query.name for query in _queries() if moving.search(_assignments(query.sql))] == []


def test_migrations_change_one_thing_at_a_time() -> None:
    for migration in known_migrations():
        for statement in re.sub(r"--[^\n]*", "", migration.sql).split(";"):
            words = statement.strip().upper()
            assert not words.startswith(("CREATE TRIGGER", "CREATE RULE", "DROP SCHEMA")), statement
            if words.startswith("ALTER TABLE"):
                actions = re.findall(r"\b(?:ADD|DROP|ALTER|RENAME|SET|ENABLE)\b", words.removeprefix("ALTER TABLE"))
                assert len(actions) == 1


def _bare(schema: str) -> str:
    """Without the casts and brackets that PostgreSQL writes around texts it was given, and others each time."""
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", schema)


def _assignments(sql: str) -> str:
    """The SET lists of the UPDATEs in a statement."""
    lists = re.findall(r"\bSET\b(.*?)(?=\bWHERE\b|\bFROM\b|\bRETURNING\b|$)", sql, re.IGNORECASE | re.DOTALL)
    return " ".join(f"SET {one}" for one in lists)


def _names_in(folder: Path) -> set[str]:
    """Patterns of the names the folder's Python files look queries up by: strings, and f-strings with any filling."""
    patterns: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                patterns.add(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                parts = (
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values
                )
                patterns.add("".join(parts))
    return patterns
