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


async def test_a_user_has_what_they_installed_in_the_version_they_accepted(database: Database) -> None:
    ada, bob = await _person(database, "ada"), await _person(database, "bob")
    plugin_id = await _publish(database, ada, "streaks", "new")
    install = "INSERT INTO installed_plugins (user_id, plugin_id, accepted_version, accepted_script) VALUES ($1, $2, '0.0.9', 'old')"  # noqa: E501
    await database.execute(install, ada, plugin_id)
    settings = "INSERT INTO plugin_settings (user_id, plugin, settings) VALUES ($1, 'streaks', $2)"
    await database.execute(settings, ada, {"notify": True})
    await database.execute(settings, bob, {"notify": False})
    [active] = await list_active(database, ada)
    assert (active.script, active.version, active.settings) == ("old", "0.0.9", {"notify": True})
    assert await find_active(database, ada, "streaks") == active
    assert await find_active(database, ada, "other") is None
    assert await list_active(database, bob) == []


@pytest.mark.parametrize("change", ["is_banned = true", "is_published = false"])
async def test_what_was_banned_or_withdrawn_runs_for_nobody(database: Database, change: str) -> None:
    ada = await _person(database, "ada")
    plugin_id = await _publish(database, ada, "streaks", "log(1)")
    await database.execute("INSERT INTO installed_plugins (user_id, plugin_id) VALUES ($1, $2)", ada, plugin_id)
    assert [plugin.script for plugin in await list_active(database, ada)] == ["log(1)"]
    await database.execute(f"UPDATE plugin_listings SET {change}")
    assert await list_active(database, ada) == []
