"""Roles, database and schema of a server that is DevTime's own. Grants on tables are the migrations'."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg

from devtime.store.address import Address
from devtime.store.database import Connection
from devtime.store.hardening import harden

CORE_ROLE = "devtime"
PLUGIN_ROLE = "devtime_plugin"
DATABASE = "devtime"
SCHEMA = "devtime"

_MARK = "DevTime roles 3"
"""Kept as the database's comment: the version of this file that was applied. Raise it when a statement changes."""

# A move to another major version keeps the comment, but not what was taken from everybody.
_FIND_MARK = f"""
SELECT shobj_description(oid, 'pg_database') FROM pg_database
WHERE datname = current_database() AND NOT has_function_privilege('{PLUGIN_ROLE}', 'pg_sleep(float8)', 'EXECUTE')
"""  # noqa: S608 - a constant of ours

# Only a superuser can set some of these, so they are set here and not by whoever runs plugin SQL.
_PLUGIN_SETTINGS = (
    "temp_file_limit = '256MB'",
    "track_activities = off",
    "log_min_messages = fatal",
    "statement_timeout = '5s'",
    "lock_timeout = '1s'",
    "idle_in_transaction_session_timeout = '10s'",
)


@asynccontextmanager
async def connected(address: Address) -> AsyncGenerator[Connection]:
    """One plain connection, closed at the end."""
    connection = await cast("Any", asyncpg).connect(**address.asyncpg())
    try:
        yield cast("Connection", connection)
    finally:
        await connection.close()


async def has_current_roles(core: Address) -> bool:
    """Whether the core role can log in and finds everything as this version makes it."""
    try:
        async with connected(core) as connection:
            return bool(await connection.fetchval(_FIND_MARK) == _MARK)
    except asyncpg.PostgresError:
        return False


async def ensure_roles(superuser: Address, core_password: str, plugin_password: str) -> None:
    """Make what is missing of roles, database and schema, and set the passwords; safe to run again."""
    async with connected(superuser.with_database("postgres")) as connection:
        await _ensure_role(connection, CORE_ROLE, core_password)
        await _ensure_role(connection, PLUGIN_ROLE, plugin_password)
        await connection.execute(f"ALTER ROLE {CORE_ROLE} SET search_path = {SCHEMA}")
        for setting in _PLUGIN_SETTINGS:
            await connection.execute(f"ALTER ROLE {PLUGIN_ROLE} SET {setting}")
        await connection.execute(f"ALTER ROLE {PLUGIN_ROLE} CONNECTION LIMIT 32")
        await connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {CORE_ROLE}")
        await secure_database(connection, DATABASE)
    async with connected(superuser.with_database(DATABASE)) as connection:
        await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {CORE_ROLE}")
        await harden(connection, CORE_ROLE)
        # Last: its presence says that all of the above is done.
        await connection.execute(f"COMMENT ON DATABASE {DATABASE} IS '{_MARK}'")


async def secure_database(connection: Connection, database: str) -> None:
    """Let only its owner and the plugin role into a database, and only its owner make things in it."""
    name = quote_name(database)
    await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {PLUGIN_ROLE}")


def quote_name(name: str) -> str:
    """An SQL identifier, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


async def _ensure_role(connection: Connection, role: str, password: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        await connection.execute(f"CREATE ROLE {role}")
    rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS"
    literal = password.replace("'", "''")
    await connection.execute(f"ALTER ROLE {role} {rights} PASSWORD '{literal}'")
