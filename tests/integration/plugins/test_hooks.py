"""The queue of hooks, worked on by real dispatchers with real sandboxes: order, exactness, fairness, kills."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from database import TestServer
from devtime.kernel.ids import new_uuid
from devtime.marketplace.hooks.dispatching import Dispatcher
from devtime.marketplace.hooks.logs import fetch_log
from devtime.marketplace.hooks.queue import find_ready, forget, resume, tidy_queue
from devtime.marketplace.hooks.turns import Rules
from devtime.marketplace.running import Runtime
from devtime.plugins.engine import Limits
from devtime.plugins.engine.pool import Pool
from devtime.store.plugin_kv_table import TableKv
from plugin_farm import QUICK, Farm, nobody
from plugin_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

COUNTING = """
async function on_install(ctx) { await ctx.redis.incr('installs'); log('installed') }
async function on_heartbeat(ctx, h) {
    await ctx.redis.set('seen', (await ctx.redis.get('seen') || '') + h.file + ' ');
}
async function on_tick(ctx) { await ctx.redis.incr('ticks') }
"""


@pytest_asyncio.fixture(loop_scope="module")
async def farm(stage: Stage) -> AsyncIterator[Farm]:
    yield Farm(stage)
    await stage.plugins.database.execute("DELETE FROM installed_plugins")
    await stage.plugins.database.execute("DELETE FROM plugin_events")
    await stage.plugins.database.execute("DELETE FROM plugin_kv")
    await stage.plugins.database.execute("DELETE FROM plugin_listings WHERE plugin_type = 'lifecycle'")


async def test_a_plugin_is_installed_once_hears_in_order_and_ticks(farm: Farm) -> None:
    plugin = await farm.install("counting", COUNTING)
    first, second = await farm.beat(3), await farm.beat(2)
    await farm.turn(plugin)
    await farm.turn(plugin)
    assert await farm.kept("counting", "installs") == "1"
    assert (await farm.kept("counting", "seen") or "").split() == [*first, *second]
    assert await farm.kept("counting", "ticks") is None
    row = await farm.run_row(plugin)
    assert 0 < row["next_tick_at"] - row["last_run_at"] <= 60_000
    await farm.make_due(plugin)
    await farm.turn(plugin)
    await farm.turn(plugin)
    assert await farm.kept("counting", "ticks") == "1"
    assert [(line.trigger, line.text) for line in await farm.log(plugin)] == [("on_install", "installed")]
    await tidy_queue(farm.database)
    assert await farm.database.fetchval("SELECT count(*) FROM plugin_events") == 0


async def test_imports_and_duplicates_and_users_without_listeners_leave_the_queue_empty(farm: Farm) -> None:
    await farm.beat(1, user=farm.stage.plugins.bob)
    plugin = await farm.install("ticking", "function on_tick() {}")
    await farm.beat(2, is_import=True)
    assert await farm.database.fetchval("SELECT count(*) FROM plugin_events") == 0
    await farm.turn(plugin)
    await farm.beat(2)
    assert await farm.database.fetchval("SELECT count(*) FROM plugin_events") == 0


async def test_many_that_wait_are_told_together_and_the_log_says_so(farm: Farm) -> None:
    plugin = await farm.install("slow", "async function on_heartbeat(c, h) { log(h.project, h.count, h.duration) }")
    await farm.beat(40, project="one")
    await farm.beat(25, project="two")
    await farm.turn(plugin)
    said = [line.text for line in await farm.log(plugin)]
    assert said[0] == "65 heartbeats waited: told as 2, the newest of each project with a count"
    assert [text.split()[:2] for text in said[1:]] == [["one", "40"], ["two", "25"]]
    await farm.beat(1)
    await farm.turn(plugin)
    assert (await farm.log(plugin))[-1].text.split()[:2] == ["p", "1"]
    await farm.beat(700)
    await farm.turn(plugin)
    assert (await farm.log(plugin))[-1].text.split()[:2] == ["p", "700"]
    assert (await farm.run_row(plugin))["done"] == 0


async def test_a_plugin_that_keeps_failing_is_paused_and_can_be_resumed(farm: Farm) -> None:
    plugin = await farm.install("failing", "function on_heartbeat() { throw new TypeError('never works') }")
    well = await farm.install("well", "async function on_heartbeat(c) { await c.redis.incr('n') }")
    for _ in range(4):
        await farm.beat()
        await farm.turn(plugin)
        await farm.turn(well)
    row = await farm.run_row(plugin)
    assert row["paused_at"] is not None
    assert row["trouble"] == "on_heartbeat: TypeError: never works (plugin.js:1:37)"
    assert (await farm.log(plugin))[-1].text.startswith("paused: it failed 3 times in a row")
    assert await farm.kept("well", "n") == "4"
    await tidy_queue(farm.database)
    assert await farm.database.fetchval("SELECT count(*) FROM plugin_events") == 0
    assert await resume(farm.database, farm.stage.plugins.ada, plugin)
    await farm.turn(plugin)
    assert (await farm.run_row(plugin))["failures"] == 0
    await farm.beat()
    await farm.turn(plugin)
    assert (await farm.run_row(plugin))["failures"] == 1


async def test_a_new_version_is_looked_at_anew(farm: Farm) -> None:
    plugin = await farm.install("growing", "const endpoints = {}")
    await farm.turn(plugin)
    assert not (await farm.run_row(plugin))["hears"]
    script = "async function on_heartbeat(c) { await c.redis.incr('n') }"
    change = "UPDATE plugin_listings SET script = $1, updated_at = now() WHERE id = $2"
    await farm.database.execute(change, script, plugin)
    assert await find_ready(farm.database, 10) == [(farm.stage.plugins.ada, plugin)]
    await farm.turn(plugin)
    assert await find_ready(farm.database, 10) == []
    await farm.beat()
    await farm.turn(plugin)
    assert await farm.kept("growing", "n") == "1"


async def test_removing_takes_place_log_and_keys_along_and_installing_again_installs_again(farm: Farm) -> None:
    plugin = await farm.install("counting", COUNTING)
    await farm.turn(plugin)
    ada = farm.stage.plugins.ada
    async with farm.database.transaction() as connection:
        await forget(connection, ada, plugin)
        await connection.execute("DELETE FROM installed_plugins WHERE plugin_id = $1", plugin)
    assert await farm.kept("counting", "installs") is None
    assert await farm.run_row(plugin) is None
    assert await farm.log(plugin) == []
    assert await farm.install("counting", COUNTING) == plugin
    await farm.turn(plugin)
    assert await farm.kept("counting", "installs") == "1"


async def test_the_newest_five_hundred_lines_are_kept_and_paged_for_their_user_only(farm: Farm) -> None:
    plugin = await farm.install(
        "chatty", "function on_heartbeat(c, h) { for (let i = 0; i < 150; i++) log(h.file, i) }"
    )
    for _ in range(5):
        await farm.beat()
    await farm.turn(plugin)
    lines = await farm.log(plugin)
    assert [line.number for line in lines] == list(range(251, 751))
    assert lines[-1].text.endswith(" 149")
    older = await fetch_log(farm.database, farm.stage.plugins.ada, plugin, before=601, limit=20)
    assert [line.number for line in older] == list(range(581, 601))
    assert await farm.log(plugin, user=farm.stage.plugins.bob) == []
    assert await farm.database.fetchval("SELECT count(*) FROM plugin_logs") <= 5


async def test_several_workers_never_run_one_plugin_of_one_user_at_once(farm: Farm) -> None:
    """Each call holds a key while it runs; a second one at the same time would find it."""
    script = """async function on_heartbeat(ctx, h) {
        if (await ctx.redis.incr('inside') !== 1) await ctx.redis.incr('overlaps');
        await Promise.all(Array.from({ length: 5 }, () => ctx.db.query('SELECT count(*) FROM heartbeats')));
        await ctx.redis.set('seen', (await ctx.redis.get('seen') || '') + h.file + ' ');
        await ctx.redis.decr('inside');
    }"""
    for user in (farm.stage.plugins.ada, farm.stage.plugins.bob):
        await farm.install("alone", script, user)
    files: dict[UUID, list[str]] = {farm.stage.plugins.ada: [], farm.stage.plugins.bob: []}
    async with farm.working(pools=3):
        for _ in range(8):
            for user, said in files.items():
                said += await farm.beat(2, user=user)
            await asyncio.sleep(0.1)
        for user, said in files.items():

            async def told(user: UUID = user, said: list[str] = said) -> bool:
                return (await farm.kept("alone", "seen", user) or "").split() == said

            await farm.until(told)
    assert await farm.kept("alone", "overlaps") is None
    assert await farm.kept("alone", "overlaps", farm.stage.plugins.bob) is None


async def test_hooks_whose_sandbox_is_killed_are_called_again(farm: Farm) -> None:
    """Idle, running and waiting for the host: killed all the time, in the end every heartbeat was told, in order."""
    script = """async function on_heartbeat(ctx, h) {
        for (let i = 0; i < 3e6; i++);
        await ctx.db.query('SELECT count(*) FROM heartbeats');
        await ctx.redis.set('seen', (await ctx.redis.get('seen') || '') + h.file + ' ');
    }"""
    plugin = await farm.install("victim", script)
    said: list[str] = []
    async with farm.working(rules=Rules(pause_s=0.01, rest_share=0, longest_rest_s=0.05, attempts=1_000)) as [pool]:
        for turn in range(6):
            said += await farm.beat()
            await asyncio.sleep(0.15 + turn * 0.02)
            for pid in pool.process_ids:
                os.kill(pid, signal.SIGKILL)

        async def told() -> bool:
            return (await farm.run_row(plugin))["cursor"] == await farm.database.fetchval(
                "SELECT revision FROM activity_settings WHERE user_id = $1", farm.stage.plugins.ada
            )

        await farm.until(told)
    seen = (await farm.kept("victim", "seen") or "").split()
    assert list(dict.fromkeys(seen)) == said
    assert (await farm.run_row(plugin))["failures"] == 0


async def test_a_lease_of_a_dead_process_runs_out_and_a_late_one_may_do_nothing(farm: Farm) -> None:
    plugin = await farm.install("counting", COUNTING)
    await farm.database.execute(
        "UPDATE plugin_runs SET lease = $1, leased_until = now() + interval '1 hour'", new_uuid()
    )
    await farm.turn(plugin)
    assert await farm.kept("counting", "installs") is None
    await farm.database.execute("UPDATE plugin_runs SET leased_until = now() - interval '1 second'")
    await farm.turn(plugin)
    assert await farm.kept("counting", "installs") == "1"


async def test_a_user_with_slow_plugins_keeps_only_themselves_waiting(farm: Farm, tmp_path: Path) -> None:
    for number in range(4):
        await farm.install(f"spin-{number}", "function on_heartbeat() { for (;;); }")
    await farm.install("quick", "async function on_heartbeat(c) { await c.redis.incr('n') }", farm.stage.plugins.bob)
    await farm.beat()
    pool = Pool(farm.stage.folder, workers=2)
    runtime = Runtime(pool, farm.stage.plugins.sql, TableKv(farm.database), "", Limits(time_ms=4_000))
    stopping = asyncio.Event()
    dispatcher = Dispatcher(farm.database, runtime, tell=nobody, rules=QUICK)
    task = asyncio.create_task(dispatcher.run(stopping))
    await asyncio.sleep(1.5)
    await farm.beat(user=farm.stage.plugins.bob)

    async def told() -> bool:
        return await farm.kept("quick", "n", farm.stage.plugins.bob) == "1"

    await farm.until(told)
    spun = "SELECT count(*) FROM plugin_runs WHERE user_id = $1 AND cursor = 0"
    assert await farm.database.fetchval(spun, farm.stage.plugins.ada) > 0
    stopping.set()
    await task
    await pool.close()
    assert not pool.process_ids


async def test_who_is_banned_disabled_or_on_the_way_out_runs_nothing(farm: Farm, test_server: TestServer) -> None:
    await farm.install("counting", COUNTING)
    assert len(await find_ready(farm.database, 10)) == 1
    for change, back in (
        ("UPDATE plugin_listings SET is_banned = true", "UPDATE plugin_listings SET is_banned = false"),
        ("UPDATE users SET is_disabled = true", "UPDATE users SET is_disabled = false"),
        ("UPDATE users SET deletion_requested_at = now()", "UPDATE users SET deletion_requested_at = NULL"),
    ):
        await farm.database.execute(change)
        assert await find_ready(farm.database, 10) == []
        await farm.database.execute(back)
