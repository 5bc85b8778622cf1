"""A whole DevTime killed with a full queue of hooks: once it is back each hook has run, none is lost, in order."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import httpx
import psutil
import pytest

from database import TestServer
from devtime.accounts.keys import create_key
from devtime.accounts.users import create_user
from devtime.kernel.ids import new_uuid
from devtime.marketplace.hooks.queue import enqueue_install
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.store.roles import connected
from running import free_port, serve

pytestmark = pytest.mark.slow

_SCRIPT = """
async function on_install(ctx) { await ctx.redis.incr('installs') }
async function on_heartbeat(ctx, h) {
    for (let i = 0; i < 2e6; i++);
    await ctx.db.query('SELECT count(*) AS n FROM heartbeats WHERE user_id = $1', [ctx.user_id]);
    await ctx.redis.set('seen', (await ctx.redis.get('seen') || '') + h.file + ' ');
}
"""


async def _kept(database: Database, key: str) -> str:
    return await database.fetchval("SELECT value FROM plugin_kv WHERE key = $1", key) or ""


async def test_each_hook_runs_after_server_and_worker_were_killed(
    test_server: TestServer, database_address: Address, compiled: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(compiled, home / "engine")
    async with connected(test_server.superuser) as connection:
        await connection.execute("GRANT devtime_plugin TO devtime")
    database = await Database.open(database_address.dsn())
    async with database.transaction() as connection:
        user = (await create_user(connection, "ada")).id
    key = (await create_key(database, user)).secret
    plugin = new_uuid()
    listing = """INSERT INTO plugin_listings (id, author_id, name, display_name, script, plugin_type)
                 VALUES ($1, $2, 'witness', 'Witness', $3, 'lifecycle')"""
    await database.execute(listing, plugin, user, _SCRIPT)
    async with database.transaction() as connection:
        install = "INSERT INTO installed_plugins (user_id, plugin_id, accepted_script) VALUES ($1, $2, $3)"
        await connection.execute(install, user, plugin, _SCRIPT)
        await enqueue_install(connection, user, plugin)
    said: list[str] = []
    children: list[psutil.Process] = []
    for turn in range(3):
        async with serve(home, database_address.dsn(), free_port(), DEVTIME_SINGLE_PER_MINUTE="0") as running:
            async with httpx.AsyncClient(base_url=running.url, headers={"X-API-Key": key}, trust_env=False) as client:
                for number in range(5):
                    said.append(f"f{turn}.{number}")
                    beat = {"project": "p", "file": said[-1], "time": 1_790_000_000 + len(said)}
                    assert (await client.post("/api/v1/heartbeat", json=beat)).status_code == 200
            await asyncio.sleep(turn * 0.7)
            family = psutil.Process(running.process.pid)
            children += family.children(recursive=True)
            for one in (family, *family.children(recursive=True)):
                os.kill(one.pid, signal.SIGKILL)
    # The lease of a killed process runs out by itself; this is so that nobody waits for it.
    await database.execute("UPDATE plugin_runs SET leased_until = now(), rests_until = now()")
    async with serve(home, database_address.dsn(), free_port()) as running:
        deadline = asyncio.get_running_loop().time() + 60
        while list(dict.fromkeys((await _kept(database, "seen")).split())) != said:
            assert asyncio.get_running_loop().time() < deadline, await _kept(database, "seen")
            await asyncio.sleep(0.1)
        last = psutil.Process(running.process.pid).children(recursive=True)
    assert await _kept(database, "installs") == "1"
    gone, alive = psutil.wait_procs([*children, *last], timeout=10)
    assert not [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert gone
    await database.close()
