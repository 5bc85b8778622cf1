"""A database as plugins meet it: two users with rows of everything, and the ways in. Hardened like the built-in one."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from database import TestServer
from devtime.accounts.keys import create_key
from devtime.accounts.users import create_user
from devtime.activity.ingest import Ingest
from devtime.kernel.ids import new_uuid
from devtime.plugins.sql import check_statement
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.store.hardening import harden
from devtime.store.plugin_access import PluginAccess, find_access
from devtime.store.plugin_sql import Answer, Bounds, PluginSql
from devtime.store.roles import connected, quote_name
from devtime.wire.heartbeat import Heartbeat

PASSWORD = "a password of tests"
DAY_MS = 86_400_000
NOW_MS = 1_790_000_000_000
LISTING = UUID("00000000-0000-4000-8000-000000000001")


@dataclass(frozen=True)
class Raw:
    """A statement that nobody judged: what the second layer must hold alone."""

    text: str
    has_rows: bool = True
    has_user: bool = False
    has_instant: bool = False


@dataclass
class PluginDatabase:
    """Ada and Bob, and plugin SQL of either."""

    database: Database
    sql: PluginSql
    access: PluginAccess
    superuser: Address
    ada: UUID
    bob: UUID

    async def ask(
        self, text: str, *parameters: object, user: UUID | None = None, **options: Any
    ) -> list[dict[str, Any]]:
        """The rows of a statement through guard and database, as Ada unless said otherwise."""
        return (await self.answer(text, *parameters, user=user, **options)).rows

    async def answer(self, text: str, *parameters: object, user: UUID | None = None, **options: Any) -> Answer:
        """The whole answer."""
        checked = check_statement(text, len(parameters))
        return await self.sql.run(user or self.ada, checked, parameters, **options)

    async def state(self, user: UUID) -> str:
        """Everything one user has, to see whether anything changed."""
        tables = (
            "heartbeats",
            "contexts",
            "files",
            "activity_slots",
            "api_keys",
            "installed_plugins",
            "plugin_settings",
        )
        parts: list[object] = [
            await self.database.fetchval(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t WHERE user_id = $1",
                user,
            )
            for table in (*tables, "plugin_reviews", "user_follows", "plugin_kv")
        ]
        parts.append(await self.database.fetchval("SELECT md5(u::text) FROM users u WHERE id = $1", user))
        return "|".join(map(str, parts))


@asynccontextmanager
async def plugin_database(
    server: TestServer, address: Address, *, bounds: Bounds | None = None, is_hardened: bool = True
) -> AsyncGenerator[PluginDatabase]:
    """The database, filled; its role is gone afterwards."""
    superuser = server.superuser.with_database(address.database)
    role = f"devtime_plugin_{address.database}"
    login = address.with_role(role, PASSWORD)
    async with connected(superuser) as connection:
        await connection.execute(f"CREATE ROLE {quote_name(role)} LOGIN NOINHERIT PASSWORD '{PASSWORD}'")
        await connection.execute(f"REVOKE ALL ON DATABASE {quote_name(address.database)} FROM PUBLIC")
        await connection.execute(f"GRANT CONNECT ON DATABASE {quote_name(address.database)} TO {quote_name(role)}")
        if is_hardened and superuser.user != address.user:
            await harden(connection, address.user)
    database = await Database.open(address.dsn())
    try:
        await database.execute("SELECT plugin_api.admit($1)", role)
        access = await find_access(address, login)
        sql = PluginSql(access, bounds)
        ada, bob = [await _fill(database, name) for name in ("ada", "bob")]
        try:
            yield PluginDatabase(database, sql, access, superuser, ada, bob)
        finally:
            await sql.close()
    finally:
        await database.close()
        async with connected(superuser) as connection:
            await connection.execute(f"DROP OWNED BY {quote_name(role)}")
            await connection.execute(f"DROP ROLE {quote_name(role)}")


async def _fill(database: Database, name: str) -> UUID:
    async with database.transaction() as connection:
        user = (await create_user(connection, name, email=f"{name}@example.org")).id
    ingest = Ingest(database)
    beats = [
        Heartbeat(
            time_ms=NOW_MS - DAY_MS + number * 60_000,
            identity=number,
            tool="editor",
            project=f"{name}-{'one' if number < 30 else 'two'}",
            language="rust" if number % 3 else "python",
            file=f"{name}/src/{number % 5}.rs",
            branch="main",
            editor="vim",
            os="linux",
            machine="box",
            extra={"commit": f"{name}-{number}"},
        )
        for number in range(60)
    ]
    await ingest.record(user, beats)
    await ingest.drain()
    await create_key(database, user, f"key of {name}")
    insert = "INSERT INTO plugin_listings (id, author_id, name, display_name, script) VALUES ($1, $2, $3, $4, 'log(1)')"
    identity = LISTING if name == "ada" else new_uuid()
    await database.execute(insert, identity, user, f"plugin-of-{name}", f"Plugin of {name}")
    for table, columns, values in (
        ("installed_plugins", "plugin_id, accepted_script", (identity, f"secret script of {name}")),
        ("plugin_reviews", "plugin_id, body", (identity, f"review of {name}")),
        ("plugin_settings", "plugin, settings", ("my-plugin", {"notify": True, "owner": name})),
        ("plugin_kv", "plugin, key, value", ("my-plugin", "k", f"value of {name}")),
    ):
        marks = ", ".join(f"${number}" for number in range(2, 2 + len(values)))
        await database.execute(f"INSERT INTO {table} (user_id, {columns}) VALUES ($1, {marks})", user, *values)
    await database.execute(
        "INSERT INTO user_follows (user_id, follower_id, following_id) VALUES ($1, $1, $2)", user, new_uuid()
    )
    return user


def as_json(value: object) -> str:
    """What `JSON.stringify` makes."""
    return json.dumps(value)
