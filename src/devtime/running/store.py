"""A database while a command or server runs: that of `DATABASE_URL`, the running embedded one, or one of its own."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Generator
from contextlib import contextmanager

from devtime.accounts.builtin import ensure_builtin_author
from devtime.kernel.errors import DevTimeError
from devtime.kernel.settings import Settings
from devtime.marketplace.builtin import publish_builtin, publish_builtin_themes
from devtime.store.address import Address, parse_address
from devtime.store.database import Database
from devtime.store.embedded import Running, start
from devtime.store.embedded.binaries import OVERRIDE
from devtime.store.migrate import migrate

_LOG = logging.getLogger("devtime.running")


@contextmanager
def lend_store(settings: Settings) -> Generator[Address]:
    """The address; an embedded server started for this is stopped afterwards. Nothing is migrated."""
    with _running(settings) as postgres:
        yield parse_address(settings.database_url) if postgres is None else postgres.address


@contextmanager
def open_store(settings: Settings) -> Generator[tuple[Running | None, str]]:
    """A migrated database as a libpq URI, and the embedded server it is in (None: that of `DATABASE_URL`)."""
    with _running(settings) as postgres:
        dsn = settings.database_url if postgres is None else postgres.address.dsn()
        asyncio.run(_prepare(dsn))
        yield postgres, dsn


async def _prepare(dsn: str) -> None:
    """Bring the database up to this version: its tables, and the plugins and themes that come with it."""
    await migrate(dsn)
    database = await Database.open(dsn, largest=2)
    try:
        author_id = await ensure_builtin_author(database)
        await publish_builtin(database, author_id)
        await publish_builtin_themes(database, author_id)
    except DevTimeError as error:
        _LOG.warning("what comes with DevTime is not in the store: %s", error)
    finally:
        await database.close()


def choose_programs(settings: Settings) -> None:
    """Let this process run the PostgreSQL programs that `pg_bin` names, wherever the setting was made."""
    if settings.pg_bin:
        os.environ[OVERRIDE] = settings.pg_bin


@contextmanager
def _running(settings: Settings) -> Generator[Running | None]:
    choose_programs(settings)
    if settings.database_url:
        yield None
        return
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with start(settings.home) as postgres:
        yield postgres
