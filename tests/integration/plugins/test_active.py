"""Which plugins run for a user, and in which version."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from devtime.accounts.users import create_user
from devtime.kernel.ids import new_uuid
from devtime.marketplace.active import find_active, list_active
from devtime.store.address import Address
from devtime.store.database import Database


@pytest.fixture
async def database(database_address: Address) -> AsyncIterator[Database]:
    database = await Database.open(database_address.dsn())
    yield database
    await database.close()


async def _person(database: Database, name: str) -> UUID:
    async with database.transaction() as connection:
        return (await create_user(connection, name)).id


async def _publish(database: Database, author: UUID, name: str, script: str) -> UUID:
    plugin_id = new_uuid()
    await database.execute(
        "INSERT INTO plugin_listings (id, author_id, name, display_name, script) VALUES ($1, $2, $3, $3, $4)",
        plugin_id,
        author,
        name,
        script,
    )
    return plugin_id


_ASK = {"hosts": ["api.example.org"], "scopes": []}


async def _install(database: Database, user_id: UUID, plugin_id: UUID) -> None:
    install = """
    INSERT INTO installed_plugins (user_id, plugin_id, accepted_version, accepted_script, granted)
    VALUES ($1, $2, '0.0.9', 'old', $3)
    """
    await database.execute(install, user_id, plugin_id, _ASK)


async def test_a_new_version_that_asks_for_no_more_runs_at_once(database: Database) -> None:
    ada, bob = await _person(database, "ada"), await _person(database, "bob")
    plugin_id = await _publish(database, ada, "streaks", "new")
    await _install(database, ada, plugin_id)
    settings = "INSERT INTO plugin_settings (user_id, plugin, settings) VALUES ($1, 'streaks', $2)"
    await database.execute(settings, ada, {"notify": True})
    await database.execute(settings, bob, {"notify": False})
    [active] = await list_active(database, ada)
    assert (active.script, active.version, active.settings) == ("new", "0.1.0", {"notify": True})
    assert not active.granted, "it has no more than the version that runs asks for"
    assert await find_active(database, ada, "streaks") == active
    assert await find_active(database, ada, "other") is None
    assert await list_active(database, bob) == []


async def test_a_version_that_asks_for_more_waits_until_it_is_accepted(database: Database) -> None:
    ada = await _person(database, "ada")
    plugin_id = await _publish(database, ada, "streaks", "new")
    await _install(database, ada, plugin_id)
    await database.execute("UPDATE plugin_listings SET grants = $1", _ASK)
    [active] = await list_active(database, ada)
    assert (active.script, active.version) == ("old", "0.0.9")
    assert not active.granted
    await database.execute("UPDATE installed_plugins SET asked = $1", _ASK)
    [active] = await list_active(database, ada)
    assert (active.script, active.version, active.granted.hosts) == ("new", "0.1.0", ("api.example.org",))


@pytest.mark.parametrize("change", ["is_banned = true", "is_published = false"])
async def test_what_was_banned_or_withdrawn_runs_for_nobody(database: Database, change: str) -> None:
    ada = await _person(database, "ada")
    plugin_id = await _publish(database, ada, "streaks", "log(1)")
    await database.execute("INSERT INTO installed_plugins (user_id, plugin_id) VALUES ($1, $2)", ada, plugin_id)
    assert [plugin.script for plugin in await list_active(database, ada)] == ["log(1)"]
    await database.execute(f"UPDATE plugin_listings SET {change}")
    assert await list_active(database, ada) == []
