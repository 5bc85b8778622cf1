"""Attacks on plugin SQL against a real server: through the guard, and with the guard out of the way."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from database import TestServer
from devtime.kernel.errors import DevTimeError
from devtime.store.address import Address
from devtime.store.plugin_sql import Bounds
from devtime.store.roles import connected
from plugin_attacks import CONFINED, REFUSED, SLOW
from plugin_database import PluginDatabase, Raw, plugin_database

_SHORT = Bounds(time_ms=400, lock_ms=100)
_OF_BOB = (
    "bob@example.org",
    "bob-one",
    "bob-two",
    "secret script of bob",
    "review of bob",
    "key of bob",
    "value of bob",
)


@pytest.fixture
async def plugins(test_server: TestServer, database_address: Address) -> AsyncIterator[PluginDatabase]:
    async with plugin_database(test_server, database_address, bounds=_SHORT) as plugins:
        yield plugins


def _against(plugins: PluginDatabase, attack: str) -> str:
    return attack.replace("{b}", str(plugins.bob)).replace("{{", "{").replace("}}", "}")


def _tells_of_bob(plugins: PluginDatabase, told: object) -> bool:
    text = str(told)
    return any(word in text for word in _OF_BOB)


async def test_no_attack_through_the_guard_reads_or_writes_another_users_row(plugins: PluginDatabase) -> None:
    before = await plugins.state(plugins.bob)
    for name, attack in CONFINED.items():
        told: object
        try:
            told = await plugins.ask(_against(plugins, attack))
        except DevTimeError as error:
            told = error
        assert not _tells_of_bob(plugins, told), name
        assert "devtime." not in str(told), name
        assert await plugins.state(plugins.bob) == before, name


async def test_what_takes_long_or_much_is_stopped_and_the_next_statement_runs(plugins: PluginDatabase) -> None:
    for name, attack in SLOW.items():
        with pytest.raises(DevTimeError) as stopped:
            await plugins.ask(attack)
        assert any(word in str(stopped.value) for word in ("took longer", "memory", "large", "rows", "room")), name
        assert (await plugins.ask("SELECT count(*) AS n FROM heartbeats"))[0]["n"] == 60


@pytest.mark.parametrize("part", range(4))
async def test_without_the_guard_no_attack_reaches_another_user(plugins: PluginDatabase, part: int) -> None:
    before = await plugins.state(plugins.bob)
    attacks = {**REFUSED, **CONFINED, **SLOW}
    for name in list(attacks)[part::4]:
        told: object
        text = _against(plugins, attacks[name])
        try:
            told = (await plugins.sql.run(plugins.ada, Raw(text, has_rows="SELECT" in text))).rows
        except (DevTimeError, UnicodeEncodeError) as error:
            told = error
        assert not _tells_of_bob(plugins, told), name
        assert await plugins.state(plugins.bob) == before, name
        # Nothing is left of it in the session the next statement gets.
        if name.startswith(("w6d", "w6e")):
            continue
        rows = await plugins.ask("SELECT DISTINCT user_id FROM heartbeats")
        assert rows == [{"user_id": str(plugins.ada)}], name


async def test_a_session_that_sets_another_identity_is_nobody(plugins: PluginDatabase) -> None:
    signed = plugins.access.key.sign(plugins.bob, 1, 2_000_000_000)
    async with connected(plugins.access.address) as connection:
        for identity in ("", str(plugins.bob), f"{plugins.bob}|9999999999|", signed, f"{plugins.bob}|x|y|z"):
            await connection.execute(f"SET devtime.identity = '{identity}'")
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.DataError)):
                await connection.fetch("SELECT * FROM devtime.heartbeats")


async def test_an_identity_expires(plugins: PluginDatabase) -> None:
    async with connected(plugins.access.address) as connection:
        session = connection.get_server_pid()  # pyright: ignore[reportAttributeAccessIssue]
        await connection.execute(f"SET devtime.identity = '{plugins.access.key.sign(plugins.bob, session, 1_000_000)}'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no user"):
            await connection.fetch("SELECT * FROM devtime.heartbeats")


async def test_the_plugin_role_may_read_and_write_what_is_documented_and_nothing_else(plugins: PluginDatabase) -> None:
    closed = """
    SELECT relname FROM pg_class WHERE relnamespace = 'devtime'::regnamespace AND relkind = 'r' AND NOT relrowsecurity
    """
    rows = await plugins.database.fetch(closed)
    assert [row[0] for row in rows if row[0] != "schema_migrations"] == []
    held = """
    SELECT table_schema || '.' || table_name AS name,
        string_agg(DISTINCT privilege_type, ' ' ORDER BY privilege_type) AS held
    FROM information_schema.column_privileges WHERE grantee = $1 AND table_schema IN ('devtime', 'plugin_api')
    GROUP BY 1
    """
    rows = await plugins.database.fetch(held, plugins.access.address.user)
    writable = {row["name"]: row["held"] for row in rows if row["held"] != "SELECT"}
    assert writable == {
        "devtime.users": "SELECT UPDATE",
        "devtime.api_keys": "SELECT UPDATE",
        "devtime.plugin_settings": "INSERT SELECT UPDATE",
        "devtime.plugin_reviews": "INSERT SELECT UPDATE",
    }
    secret = {"web_sessions", "invitations", "login_links", "server_settings", "api_key_lookup", "plugin_kv", "jobs"}
    assert not secret & {row["name"].split(".")[1] for row in rows}
