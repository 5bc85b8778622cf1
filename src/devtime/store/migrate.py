"""Numbered migrations: which there are, which have run, and running the rest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, cast

import asyncpg

from devtime.kernel.errors import Conflict
from devtime.store.database import Database, unreachable

_LOCK = 0x6465_7674_696D_65
"""The advisory lock under which one process migrates while others wait."""

_BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer PRIMARY KEY,
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


@dataclass(frozen=True)
class Migration:
    """One file of `migrations/`: `NNNN_name.sql`."""

    number: int
    name: str
    sql: str = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the text: an applied migration must never change."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def known_migrations() -> list[Migration]:
    """All migrations of this version, in order."""
    folder = files("devtime.store").joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [Migration(int(name[:4]), name[5:-4], folder.joinpath(name).read_text("utf-8")) for name in names]


async def fetch_newest_applied(database: Database) -> int:
    """The number of the newest migration the database has; 0 when it is empty. Changes nothing."""
    if await database.fetchval("SELECT to_regclass('devtime.schema_migrations') IS NULL"):
        return 0
    newest: int = await database.fetchval("SELECT coalesce(max(number), 0) FROM schema_migrations")
    return newest


async def migrate(dsn: str) -> list[Migration]:
    """Bring the database up to this version; answers what was applied now (often nothing)."""
    connection = await _connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await connection.execute("CREATE SCHEMA IF NOT EXISTS devtime")
        await connection.execute("SET search_path = devtime")
        await connection.execute(_BOOKKEEPING)
        rows = await connection.fetch("SELECT number, digest FROM schema_migrations")
        return await _apply_missing(connection, {row["number"]: row["digest"] for row in rows})
    finally:
        await connection.close()


async def _connect(dsn: str) -> Any:
    try:
        return await cast("Any", asyncpg).connect(dsn)
    except (OSError, asyncpg.PostgresError) as error:
        raise unreachable(error) from error


async def _apply_missing(connection: Any, applied: dict[int, str]) -> list[Migration]:
    migrations = known_migrations()
    newest = max((migration.number for migration in migrations), default=0)
    if any(number > newest for number in applied):
        raise Conflict("the database was written by a newer DevTime; install that version or restore a backup")
    done: list[Migration] = []
    for migration in migrations:
        if migration.number in applied:
            if applied[migration.number] != migration.digest:
                raise Conflict(f"migration {migration.number} ({migration.name}) changed after it was applied")
            continue
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO schema_migrations (number, name, digest) VALUES ($1, $2, $3)",
                migration.number,
                migration.name,
                migration.digest,
            )
        done.append(migration)
    return done
