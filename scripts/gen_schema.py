"""Writes src/devtime/store/schema.sql: what all migrations together make, read from the catalog of a fresh database.

For reading and for review; the program never runs it. A test compares it with the migrations.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any, cast

import asyncpg

from devtime.store.embedded import start
from devtime.store.migrate import migrate

FILE = Path(__file__).parents[1] / "src" / "devtime" / "store" / "schema.sql"

_HEAD = "-- Made by `make schema` from the migrations; edit those. Tables in an order in which they can be made.\n"

_TABLES = """
SELECT c.oid, c.relname AS name, c.reloptions AS options, obj_description(c.oid, 'pg_class') AS comment,
    ARRAY(SELECT DISTINCT confrelid::oid FROM pg_constraint
          WHERE conrelid = c.oid AND contype = 'f' AND confrelid <> c.oid) AS needs
FROM pg_class c
WHERE c.relnamespace = 'devtime'::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY c.relname COLLATE "C"
"""
_COLUMNS = """
SELECT quote_ident(attname) AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS is_required,
    pg_get_expr(d.adbin, d.adrelid) AS value, attgenerated <> '' AS is_generated,
    col_description(attrelid, attnum) AS comment
FROM pg_attribute LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped
ORDER BY attnum
"""
_CONSTRAINTS = """
SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
WHERE conrelid = $1 AND contype <> 'n'
ORDER BY position(contype::text IN 'pufcx'), conname COLLATE "C"
"""
_INDEXES = """
SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index
WHERE indrelid = $1
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY indexrelid::regclass::text COLLATE "C"
"""


async def describe_schema(connection: Any) -> str:
    """The schema `devtime` as SQL that makes it."""
    await connection.execute("SET search_path = devtime")
    tables = [dict(row) for row in await connection.fetch(_TABLES)]
    parts = [_HEAD]
    while tables:
        waiting = {table["oid"] for table in tables}
        table = next(table for table in tables if not waiting & set(table["needs"]))
        tables.remove(table)
        parts.append(await _describe_table(connection, table))
    return "\n".join(parts)


async def _describe_table(connection: Any, table: dict[str, Any]) -> str:
    columns = await connection.fetch(_COLUMNS, table["oid"])
    lines = [_describe_column(column) for column in columns]
    constraints = await connection.fetch(_CONSTRAINTS, table["oid"])
    lines += [f"CONSTRAINT {row['name']} {_local(row['definition'])}" for row in constraints]
    options = f" WITH ({', '.join(table['options'])})" if table["options"] else ""
    text = f"CREATE TABLE {table['name']} (\n    " + ",\n    ".join(lines) + f"\n){options};\n"
    text += "".join(f"{_local(row['definition'])};\n" for row in await connection.fetch(_INDEXES, table["oid"]))
    if table["comment"]:
        text += f"COMMENT ON TABLE {table['name']} IS {_quote(table['comment'])};\n"
    for column in columns:
        if column["comment"]:
            text += f"COMMENT ON COLUMN {table['name']}.{column['name']} IS {_quote(column['comment'])};\n"
    return text


def _describe_column(column: Any) -> str:
    words = [column["name"], column["type"]]
    if column["is_required"]:
        words.append("NOT NULL")
    if column["is_generated"]:
        words.append(f"GENERATED ALWAYS AS ({column['value']}) STORED")
    elif column["value"] is not None:
        words.append(f"DEFAULT {column['value']}")
    return " ".join(words)


def _local(definition: str) -> str:
    """Without the schema's name, which older servers write and newer ones leave out."""
    return definition.replace("devtime.", "")


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


async def _describe_migrated(dsn: str) -> str:
    await migrate(dsn)
    connection = await cast("Any", asyncpg).connect(dsn)
    try:
        return await describe_schema(connection)
    finally:
        await connection.close()


def main() -> None:
    """Write the file."""
    with tempfile.TemporaryDirectory() as home, start(Path(home)) as postgres:
        FILE.write_text(asyncio.run(_describe_migrated(postgres.address.dsn())), "utf-8")


if __name__ == "__main__":
    main()
