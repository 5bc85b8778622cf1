"""A DevTime to take pictures of: made-up people, a clock that stands still. Granian imports it for `create`."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
from litestar import Litestar

from devtime.accounts.links import create_login_link
from devtime.accounts.policy import change_policy
from devtime.accounts.sessions import create_session
from devtime.accounts.users import create_user, ensure_owner
from devtime.activity.ingest import Ingest
from devtime.alerts.limit_watch import watch_limits
from devtime.bootstrap import all_routes, open_parts
from devtime.demo.filling import Order, add_person, fill_account
from devtime.demo.limits import make_limits
from devtime.demo.people import Person, make_person
from devtime.kernel.clock import MINUTE_MS
from devtime.kernel.settings import Settings
from devtime.running.background import Background
from devtime.server.application import create_application
from devtime.server.parts import Parts
from devtime.store.database import Database
from devtime.store.embedded import start
from devtime.store.migrate import migrate
from devtime.web.error_page import draw_error
from devtime.wire.heartbeat import Heartbeat

NOW_MS = int(datetime(2026, 3, 19, 14, 47, tzinfo=UTC).timestamp() * 1_000)
"""A Thursday afternoon in Berlin."""
ZONE = "Europe/Berlin"

_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Exhibit:
    """Where it is, the one-time link of an owner who never was there, and the sessions of two people."""

    address: str
    link: str
    developer: str
    newcomer: str


@contextmanager
def open_exhibit() -> Generator[Exhibit]:
    """Database, people and server, until left."""
    with tempfile.TemporaryDirectory(prefix="devtime-exhibit-") as home, start(Path(home)) as postgres:
        dsn = postgres.address.dsn()
        asyncio.run(migrate(dsn))
        link, developer, newcomer = asyncio.run(_furnish(dsn))
        background = Background(Settings(home=Path(home)), dsn, None)
        background.start()
        try:
            with _serve(dsn) as address:
                yield Exhibit(address, f"/welcome?token={link}", developer, newcomer)
        finally:
            background.stop()


def create() -> Litestar:
    """The application of the server process."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Parts]:
        async with open_parts(Settings(home=Path("/nonexistent")), os.environ["EXHIBIT_DSN"]) as parts:
            yield replace(parts, clock=lambda: NOW_MS)

    return create_application(opened, all_routes(), error_page=draw_error)


@contextmanager
def _serve(dsn: str) -> Generator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--workers", "1", "--no-access-log",
        "--log-level", "warning", "--port", str(port), "exhibit:create",
    ]  # fmt: skip
    environment = {**os.environ, "EXHIBIT_DSN": dsn, "PYTHONPATH": str(Path(__file__).parent)}
    process = subprocess.Popen(command, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait(address: str) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            httpx.get(f"{address}/api/health", trust_env=False)
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


async def _furnish(dsn: str) -> tuple[str, str, str]:
    database = await Database.open(dsn, largest=2)
    try:
        owner, _ = await ensure_owner(database, "rosa", ZONE)
        await change_policy(database, owner.id, "invite")
        link = await create_login_link(database, owner.id)
        developer = await _add_developer(database)
        newcomer = await _add_newcomer(database)
        return link, developer, newcomer
    finally:
        await database.close()


def _person() -> Person:
    """The developer of the pictures: agents at work beside an editor everybody knows."""
    return msgspec.structs.replace(make_person(5, ZONE), eagerness=0.9, presence=1.0, editor=("vscode", "VS Code"))


async def _add_developer(database: Database) -> str:
    person = _person()
    async with database.transaction() as connection:
        user = await create_user(connection, "ada", role="admin", timezone=ZONE)
    await fill_account(database, user.id, Order(person=person, days=365), NOW_MS)
    async with database.transaction() as connection:
        await watch_limits(connection, user.id, [plan.told for plan in make_limits(person.seed, NOW_MS)])
    await add_person(database, Order(person=make_person(8, ZONE), days=1), NOW_MS)
    return await create_session(database, user.id, "a browser")


async def _add_newcomer(database: Database) -> str:
    """Somebody whose first heartbeat has just come."""
    async with database.transaction() as connection:
        user = await create_user(connection, "grace", timezone=ZONE)
    beats = [
        Heartbeat(
            time_ms=NOW_MS - 2 * MINUTE_MS + number, identity=number, tool="vscode", project="hello", file="/hello.py"
        )
        for number in (1, 60_001)
    ]
    ingest = Ingest(database)
    await ingest.record(user.id, beats)
    await ingest.drain()
    return await create_session(database, user.id, "a browser")
