"""Installing: hooks are told, settings have their defaults, and accounts that go are counted."""

from __future__ import annotations

import asyncio

import pytest

from devtime.accounts.members import delete_account, delete_due, fetch_deletion, undo_deletion
from devtime.accounts.users import fetch_user
from devtime.kernel.clock import DAY_MS, now_ms
from devtime.kernel.errors import NotFound
from devtime.marketplace.active import find_active
from devtime.marketplace.counting import recount
from devtime.marketplace.installs import install, uninstall
from devtime.marketplace.listings import fetch_listing
from devtime.marketplace.opinions import rate
from devtime.marketplace.settings import change_settings
from devtime.plugins.grants import parse_grants
from devtime.store.database import Database

from .conftest import Person, Publish

_HOOK = "async function on_install(ctx) {}"


async def test_a_hook_is_queued_once_and_gone_with_the_plugin(
    database: Database, person: Person, handed_in: Publish
) -> None:
    ada = await person("ada")
    plugin = (await handed_in(ada, "hooked", script=_HOOK)).plugin_id
    runs = "SELECT count(*) FROM plugin_runs WHERE user_id = $1 AND is_installing"
    await asyncio.gather(*(install(database, ada, plugin) for _ in range(4)))
    assert await database.fetchval(runs, ada) == 1
    assert (await fetch_listing(database, plugin)).install_count == 1
    assert await uninstall(database, ada, plugin)
    assert await database.fetchval(runs, ada) == 0
    assert not await uninstall(database, ada, plugin)
    assert (await fetch_listing(database, plugin)).install_count == 0


async def test_each_gets_what_it_asks_for_of_what_was_granted(
    database: Database, person: Person, handed_in: Publish
) -> None:
    ada = await person("ada")
    await handed_in(ada, "base", grants={"scopes": ["ingest"]})
    top = await handed_in(ada, "top", description="On @base", grants={"hosts": ["a.example.org"]})
    agreed = parse_grants({"hosts": ["a.example.org", "b.example.org"], "scopes": ["ingest", "write"]})
    await install(database, ada, top.plugin_id, agreed)
    active = [await find_active(database, ada, name) for name in ("top", "base")]
    assert [one.granted for one in active if one] == [
        parse_grants({"hosts": ["a.example.org"]}), parse_grants({"scopes": ["ingest"]}),
    ]  # fmt: skip


async def test_settings_have_defaults_and_keep_what_the_plugin_keeps(
    database: Database, person: Person, handed_in: Publish
) -> None:
    ada = await person("ada")
    schema = {"properties": {"goal": {"type": "integer", "default": 4}}}
    plugin = (await handed_in(ada, "goals", script="1", settings_schema=schema)).plugin_id
    await install(database, ada, plugin)
    active = await find_active(database, ada, "goals")
    assert active is not None
    assert active.settings == {"goal": 4}
    stored = "INSERT INTO plugin_settings (user_id, plugin, settings) VALUES ($1, 'goals', $2)"
    await database.execute(stored, ada, {"own": 1, "goal": 2})
    assert (await change_settings(database, ada, plugin, {"goal": 9})).settings == {"own": 1, "goal": 9}


async def test_an_account_that_goes_takes_its_counts_along(
    database: Database, person: Person, handed_in: Publish
) -> None:
    ada, bob = await person("ada"), await person("bob")
    plugin = (await handed_in(ada, "streaks")).plugin_id
    await install(database, bob, plugin)
    await rate(database, bob, plugin, 5)
    await delete_account(database, bob, bob)
    assert await recount(database) == 1
    listing = await fetch_listing(database, plugin)
    assert (listing.install_count, listing.rating_count, listing.avg_rating) == (0, 0, 0.0)
    assert await recount(database) == 0


async def test_what_a_plugin_deleted_can_be_taken_back_for_a_week(database: Database, person: Person) -> None:
    ada, bob = await person("ada"), await person("bob")
    mark = "UPDATE users SET deletion_requested_at = $2 WHERE id = $1"
    now = now_ms()
    for user in (ada, bob):
        await database.execute(mark, user, now - 6 * DAY_MS)
    assert await delete_due(database, now) == 0
    assert await fetch_deletion(database, ada) == now + DAY_MS
    assert await undo_deletion(database, ada)
    assert not await undo_deletion(database, ada)
    assert await delete_due(database, now + 2 * DAY_MS) == 1
    assert (await fetch_user(database, ada)).username == "ada"
    with pytest.raises(NotFound):
        await fetch_user(database, bob)


async def test_the_last_owner_stays_while_others_use_the_server(database: Database, person: Person) -> None:
    ada, bob = await person("ada"), await person("bob")
    await database.execute("UPDATE users SET role = 'owner', deletion_requested_at = $2 WHERE id = $1", ada, 0)
    assert await delete_due(database, now_ms()) == 0
    await delete_account(database, bob, bob)
    assert await delete_due(database, now_ms()) == 1
