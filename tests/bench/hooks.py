"""`python -m tests.bench hooks`: heartbeats a second of users with five plugins that listen, beside users with none."""

from __future__ import annotations

import asyncio
import shutil
import socket
import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID

from tests.bench.dialects import DIALECTS
from tests.bench.instance import Visitor, meet, running_server, running_store
from tests.bench.machine import busy_percent, describe_machine
from tests.bench.scenarios import Sending

from devtime import __version__
from devtime.accounts.users import create_user
from devtime.kernel.ids import new_uuid
from devtime.marketplace.hooks.queue import enqueue_install
from devtime.store.database import Database

_USERS = 4
_PLUGINS = 5
_SCRIPT = """async function on_heartbeat(ctx, heartbeat) {
    const rows = await ctx.db.query('SELECT count(*) AS n FROM heartbeats WHERE project = $1', [heartbeat.project]);
    await ctx.redis.set('n', String(rows[0].n));
}"""


async def _settle(dsn: str) -> tuple[list[UUID], list[UUID]]:
    """Users with plugins, and users without."""
    database = await Database.open(dsn, largest=2)
    users: list[UUID] = []
    async with database.transaction() as connection:
        for number in range(_USERS * 2):
            users.append((await create_user(connection, f"user-{number}")).id)
        for number in range(_PLUGINS):
            plugin = new_uuid()
            listing = """INSERT INTO plugin_listings (id, author_id, name, display_name, script, plugin_type)
                         VALUES ($1, $2, $3, $3, $4, 'lifecycle')"""
            await connection.execute(listing, plugin, users[0], f"plugin-{number}", _SCRIPT)
            for user in users[:_USERS]:
                install = "INSERT INTO installed_plugins (user_id, plugin_id, accepted_script) VALUES ($1, $2, $3)"
                await connection.execute(install, user, plugin, _SCRIPT)
                await enqueue_install(connection, user, plugin)
    await database.close()
    return users[:_USERS], users[_USERS:]


async def _told(dsn: str) -> int:
    database = await Database.open(dsn, largest=1)
    told: int = await database.fetchval("SELECT coalesce(sum(runs), 0)::bigint FROM plugin_runs")
    await database.close()
    return told


class _Numbers:
    def __init__(self) -> None:
        self._next = 0

    def take(self, count: int) -> int:
        """The first of `count` numbers never used before."""
        first, self._next = self._next, self._next + count
        return first


def measure_hooks(rounds: int) -> str:
    """The table."""
    busy = busy_percent()
    home = Path(tempfile.mkdtemp(prefix="devtime-bench-"))
    try:
        with running_store(home) as postgres:
            dsn = postgres.address.dsn()
            with_plugins, without = asyncio.run(_settle(dsn))
            return _measure(home, dsn, meet(dsn, with_plugins), meet(dsn, without), rounds, busy)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(
    home: Path, dsn: str, with_plugins: list[Visitor], without: list[Visitor], rounds: int, busy: float
) -> str:
    numbers = _Numbers()
    lines: list[str] = []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with running_server(home, port):
        for each in (1, 25):
            beside = Sending(DIALECTS[0], each, without, "none")
            told = Sending(DIALECTS[0], each, with_plugins, "five")
            for turn in range(rounds + 1):
                for sending in (beside, told) if turn % 2 else (told, beside):
                    sending.run(port, numbers.take, is_warm_up=not turn)
            ratio = told.figures.rate() / beside.figures.rate()
            lines.append(
                f"| POSTs of {each} | {beside.figures.rate():,.0f} | {told.figures.rate():,.0f} "
                f"({told.figures.spread()}) | {ratio * 100:.0f} % |"
            )
    calls = asyncio.run(_told(dsn))
    return "\n".join(
        [
            f"DevTime {__version__}, {date.today().isoformat()}: {describe_machine(home)}. {_USERS} senders, medians "
            f"of {rounds} interleaved rounds; hooks were called {calls:,} times meanwhile. Before it began, other "
            f"programs kept the machine {busy:.0f} % busy.",
            "",
            "| heartbeats a second | no plugin | five that listen | goal: ≥ 80 % |",
            "|---|---:|---:|---:|",
            *lines,
        ]
    )
