"""`devtime doctor`: what works, what does not, and what to do about it."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import httpx
import msgspec
from cyclopts import Parameter
from rich.console import Console

from devtime import __version__
from devtime.cli.options import DatabaseUrl, Home, Port, settings_of
from devtime.home.config import config_path, read_api
from devtime.kernel.errors import DevTimeError
from devtime.kernel.settings import Settings
from devtime.plugins.engine.health import examine
from devtime.plugins.sql import check_statement
from devtime.running.server import claim_port
from devtime.running.store import choose_programs
from devtime.server.plugin_runtime import find_plugin_sql, make_kv
from devtime.store.database import Database
from devtime.store.embedded import attach
from devtime.store.embedded.binaries import preferred_binaries
from devtime.store.migrate import fetch_newest_applied, known_migrations

_NOBODY = UUID(int=0)
_LOW_DISK_BYTES = 1_000_000_000

State = Literal["ok", "warning", "broken"]
_MARKS: dict[State, str] = {"ok": "[green]✓[/green]", "warning": "[yellow]![/yellow]", "broken": "[red]✗[/red]"}


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at: how it is, in a sentence, and what to do when it is not well."""

    name: str
    state: State
    told: str
    advice: str = ""


def doctor(
    *,
    json_: Annotated[bool, Parameter(name="--json", negative=(), help="Answer as JSON.")] = False,
    home: Home = None,
    port: Port = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Tell what works, what does not, and what to do; SystemExit(1) when something is broken."""
    settings = settings_of(home, port=port, database_url=database_url)
    findings = list(_examine(settings))
    if json_:
        print(json.dumps([msgspec.to_builtins(finding) for finding in findings], indent=2))
    else:
        console = Console(highlight=False, soft_wrap=True)
        for finding in findings:
            console.print(f"{_MARKS[finding.state]} [bold]{finding.name}[/bold]  {finding.told}")
            if finding.advice:
                console.print(f"    → {finding.advice}", markup=False)
    if any(finding.state == "broken" for finding in findings):
        raise SystemExit(1)


def _examine(settings: Settings) -> Iterator[Finding]:
    yield Finding("DevTime", "ok", f"{__version__} on Python {platform.python_version()}, {platform.platform()}")
    for look in (_home, _config, _disk, _postgres, _database, _server, _key, _plugins, _plugin_data):
        try:
            yield look(settings)
        except DevTimeError as error:
            yield Finding(look.__name__.removeprefix("_"), "broken", str(error))


def _home(settings: Settings) -> Finding:
    home = settings.home
    if not home.exists():
        return Finding("home", "ok", f"{home} will be made by `devtime up`")
    if not os.access(home, os.W_OK):
        return Finding("home", "broken", f"{home} cannot be written", "Change its owner, or set DEVTIME_HOME.")
    if home.stat().st_mode & 0o077:
        return Finding("home", "warning", f"{home} can be read by others", f"chmod 700 {home}")
    return Finding("home", "ok", str(home))


def _config(settings: Settings) -> Finding:
    path = config_path(settings.home)
    endpoint, key = read_api(settings.home)
    if not path.exists():
        return Finding("config.toml", "ok", "will be written by `devtime up`")
    if path.stat().st_mode & 0o077:
        return Finding("config.toml", "warning", f"{path} holds a key and can be read by others", f"chmod 600 {path}")
    if not (endpoint and key):
        return Finding("config.toml", "warning", "[api] endpoint or key is missing", "`devtime up` writes both.")
    return Finding("config.toml", "ok", f"clients send to {endpoint}")


def _disk(settings: Settings) -> Finding:
    place = settings.home
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < _LOW_DISK_BYTES:
        return Finding("disk", "warning", f"{free / 1e9:.1f} GB free", "A year of one developer takes about 0.1 GB.")
    return Finding("disk", "ok", f"{free / 1e9:.0f} GB free")


def _postgres(settings: Settings) -> Finding:
    if settings.database_url:
        return Finding("PostgreSQL", "ok", "DATABASE_URL is set; the built-in one is not used")
    choose_programs(settings)
    binaries = preferred_binaries()
    return Finding("PostgreSQL", "ok", f"built-in, version {binaries.version}, programs in {binaries.bin}")


def _database(settings: Settings) -> Finding:
    dsn = settings.database_url
    if not dsn:
        address = attach(settings.home)
        if address is None:
            return Finding("database", "ok", "not running; `devtime up` starts it")
        dsn = address.dsn()
    applied, version = asyncio.run(_ask_database(dsn))
    newest = max(migration.number for migration in known_migrations())
    if applied > newest:
        return Finding("database", "broken", f"was written by a newer DevTime (migration {applied})", "Update DevTime.")
    if applied < newest:
        told = f"PostgreSQL {version}, migration {applied} of {newest}"
        return Finding("database", "warning", told, "`devtime admin migrate`, or start the server.")
    return Finding("database", "ok", f"PostgreSQL {version}, all {newest} migrations applied")


async def _ask_database(dsn: str) -> tuple[int, str]:
    database = await Database.open(dsn, largest=1)
    try:
        version: str = await database.fetchval("SHOW server_version")
        return await fetch_newest_applied(database), version
    finally:
        await database.close()


def _server(settings: Settings) -> Finding:
    try:
        answer = httpx.get(f"{settings.address}/api/health", timeout=3, trust_env=False)
    except httpx.HTTPError:
        claim_port(settings)
        return Finding("server", "ok", f"not running; port {settings.port} is free")
    if answer.status_code != 200:
        return Finding(
            "server", "broken", f"{settings.address} answers {answer.status_code}", "Is another program on this port?"
        )
    return Finding("server", "ok", f"answers at {settings.address}")


def _key(settings: Settings) -> Finding:
    endpoint, key = read_api(settings.home)
    if not (endpoint and key):
        return Finding("key", "ok", "none yet")
    try:
        answer = httpx.get(f"{endpoint}/api/v1/user/me", headers={"X-API-Key": key}, timeout=3, trust_env=False)
    except httpx.HTTPError as error:
        return Finding("key", "warning", f"{endpoint} cannot be asked: {error}", "Start it with `devtime up`.")
    if answer.status_code == 401:
        return Finding("key", "broken", "the server does not know the key in config.toml", "`devtime up` makes one.")
    return Finding("key", "ok", f"accepted by {endpoint}")


def _plugins(settings: Settings) -> Finding:
    with tempfile.TemporaryDirectory() as elsewhere:
        folder = settings.home / "engine" if settings.home.exists() else Path(elsewhere) / "engine"
        health = asyncio.run(examine(folder))
    if health.trouble:
        return Finding("plugins", "warning", "cannot run", health.trouble)
    told = f"run in a sandbox of WebAssembly ({health.duration_ms:.0f} ms), behind {len(health.in_force)} locks"
    if health.missing:
        return Finding("plugins", "warning", told, f"Not in force here: {', '.join(health.missing)}.")
    return Finding("plugins", "ok", f"{told}: {', '.join(health.in_force)}")


def _plugin_data(settings: Settings) -> Finding:
    address = None if settings.database_url else attach(settings.home)
    dsn = settings.database_url or (address.dsn() if address else "")
    keys = "keys in the Redis of REDIS_URL" if settings.redis_url else "keys in the database"
    if not dsn:
        return Finding("plugin data", "ok", f"{keys}; the database is not running")
    try:
        return asyncio.run(_try_plugin_data(settings, dsn, keys))
    except DevTimeError as error:
        return Finding("plugin data", "warning", "plugins that need it fail; all else works", str(error))


async def _try_plugin_data(settings: Settings, dsn: str, keys: str) -> Finding:
    database = await Database.open(dsn, largest=1)
    kv = make_kv(settings, database)
    try:
        sql = await find_plugin_sql(settings, dsn)
        try:
            await sql.run(_NOBODY, check_statement("SELECT count(*) FROM heartbeats", 0))
        finally:
            await sql.close()
        await kv.get(_NOBODY, "devtime-doctor", "nothing")
    finally:
        await kv.close()
        await database.close()
    return Finding("plugin data", "ok", f"statements run as a role of their own; {keys}")
