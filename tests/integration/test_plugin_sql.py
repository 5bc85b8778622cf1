"""Plugin SQL on a real server: documented statements, values, bounds, sessions."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from database import TestServer
from devtime.kernel.errors import DevTimeError, Invalid, TooMany, Unavailable
from devtime.plugins.sql import check_statement
from devtime.store.address import Address
from devtime.store.embedded import start
from devtime.store.migrate import migrate
from devtime.store.plugin_access import find_access
from devtime.store.plugin_sql import Bounds, PluginSql, Ran
from devtime.store.roles import connected
from plugin_database import PluginDatabase, Raw, as_json, plugin_database

_SEED = Path("/work/shared/seeds/codetrackr-docs.txt")


@pytest.fixture
async def plugins(test_server: TestServer, database_address: Address) -> AsyncIterator[PluginDatabase]:
    async with plugin_database(test_server, database_address) as plugins:
        yield plugins


async def test_documented_statements_answer_rightly(plugins: PluginDatabase) -> None:
    me = str(plugins.ada)
    assert await plugins.ask("SELECT COUNT(*) as n FROM heartbeats WHERE user_id = $1", me) == [{"n": 60}]
    rows = await plugins.ask(
        """SELECT COUNT(*) as n, SUM(duration_seconds) as total_secs
           FROM heartbeats
           WHERE user_id = $1 AND project = $2""",
        me,
        "ada-one",
    )
    assert rows == [{"n": 30, "total_secs": 1800}]
    recent = "SELECT 1 FROM heartbeats WHERE user_id = $1 AND recorded_at >= NOW() - INTERVAL '1 day' LIMIT 1"
    assert await plugins.ask(recent, me) == []
    insert = """INSERT INTO plugin_settings (user_id, plugin, settings)
                VALUES ($1, $2, $3) ON CONFLICT (user_id, plugin) DO NOTHING"""
    assert (await plugins.answer(insert, me, "mine", as_json({"notify": True, "threshold": 3600}))).affected == 1
    assert (await plugins.answer(insert, me, "mine", as_json({}))).affected == 0
    update = "UPDATE plugin_settings SET settings = settings || $1 WHERE user_id = $2 AND plugin = $3"
    assert (await plugins.answer(update, as_json({"threshold": 7200}), me, "mine")).affected == 1
    read = "SELECT settings FROM plugin_settings WHERE user_id = $1 AND plugin = $2"
    assert await plugins.ask(read, me, "mine") == [{"settings": {"notify": True, "threshold": 7200}}]
    assert (await plugins.answer("DELETE FROM users WHERE id = $1", me)).affected == 1
    marked = "SELECT id FROM users WHERE deletion_requested_at IS NOT NULL"
    assert [row["id"] for row in await plugins.database.fetch(marked)] == [plugins.ada]


@pytest.mark.parametrize(
    ("sql", "parameters", "expected"),
    [
        ("SELECT max(recorded_at) - INTERVAL '1 day' AS t FROM heartbeats", (), [{"t": "2026-09-19T15:12:20Z"}]),
        ("SELECT settings->>'owner' AS o FROM plugin_settings", (), [{"o": "ada"}]),
        ("SELECT plugin FROM plugin_settings WHERE settings @> $1", ('{"notify": true}',), [{"plugin": "my-plugin"}]),
        (
            "SELECT plugin FROM plugin_settings WHERE settings ? 'notify'",
            (),
            [{"plugin": "my-plugin"}],
        ),
        (
            "SELECT project, count(*) FILTER (WHERE language = 'rust') AS n FROM heartbeats GROUP BY project ORDER BY 1",  # noqa: E501
            (),
            [{"project": "ada-one", "n": 20}, {"project": "ada-two", "n": 20}],
        ),
        (
            "SELECT DISTINCT ON (project) project, rank() OVER (PARTITION BY project ORDER BY recorded_at) AS r "
            "FROM heartbeats ORDER BY project, recorded_at LIMIT 1",
            (),
            [{"project": "ada-one", "r": 1}],
        ),
        ("WITH p AS (SELECT DISTINCT project FROM heartbeats) SELECT count(*) AS n FROM p", (), [{"n": 2}]),
        ("SELECT count(*) AS n FROM heartbeats WHERE project = ANY($1)", (["ada-one", "x"],), [{"n": 30}]),
        ("SELECT sum(n) AS s FROM generate_series(1, 10) AS g(n)", (), [{"s": 55}]),
        ("SELECT u.username FROM users u WHERE EXISTS (SELECT FROM heartbeats h WHERE h.user_id = u.id)", (), [{"username": "ada"}]),  # noqa: E501
        ("SELECT name, total_seconds FROM projects ORDER BY name", (), [{"name": "ada-one", "total_seconds": 1800}, {"name": "ada-two", "total_seconds": 1740}]),  # noqa: E501
        ("SELECT date, total_seconds, top_language FROM daily_stats_cache", (), [{"date": "2026-09-20", "total_seconds": 3540, "top_language": "rust"}]),  # noqa: E501
        ("SELECT extract(hour FROM make_interval(hours => 7)) AS h", (), [{"h": 7}]),
        ("SELECT e->>'a' AS a FROM jsonb_array_elements($1::jsonb) e", ('[{"a": 1}]',), [{"a": "1"}]),
        ("SELECT k.key, k.value FROM jsonb_each($1::jsonb) k", ('{"a": 1}',), [{"key": "a", "value": 1}]),
        ("UPDATE plugin_settings SET settings = settings || $1 RETURNING settings->'x' AS x", ('{"x": [1]}',), [{"x": [1]}]),  # noqa: E501
        ("DELETE FROM plugin_settings WHERE plugin = $1 RETURNING plugin", ("my-plugin",), [{"plugin": "my-plugin"}]),
        ("UPDATE users SET bio = $1 WHERE id = $2 RETURNING bio", ("hello", None), []),
        ("SELECT commit, file FROM heartbeats ORDER BY recorded_at LIMIT 1", (), [{"commit": "ada-0", "file": "ada/src/0.rs"}]),  # noqa: E501
    ],
)  # fmt: skip
async def test_the_dialect_plugins_are_written_in(
    plugins: PluginDatabase, sql: str, parameters: tuple[Any, ...], expected: list[dict[str, Any]]
) -> None:
    assert await plugins.ask(sql, *parameters) == expected


async def test_values_arrive_as_json_has_them(plugins: PluginDatabase) -> None:
    [row] = await plugins.ask(
        """SELECT 1.5::numeric AS a, 9007199254740993 AS b, 9007199254740992 AS c, DATE '2026-01-02' AS d,
           '{"a": [1]}'::jsonb AS f, ARRAY[1, 2] AS g, NULL AS i, 'NaN'::float8 AS k, true AS l, 12::numeric AS m,
           TIMESTAMPTZ '2026-01-02 03:04:05.6+01' AS n, '00000000-0000-4000-8000-000000000001'::uuid AS o,
           INTERVAL '1 day' AS p, $1::text AS q, $2::int AS r, $3::bool AS s, $4::timestamptz AS t, $5::jsonb AS u""",
        "x",
        5.0,
        False,
        "2026-01-02T03:04:05Z",
        {"a": None},
    )
    assert row == {
        "a": 1.5, "b": "9007199254740993", "c": 9007199254740992, "d": "2026-01-02", "f": {"a": [1]}, "g": [1, 2],
        "i": None, "k": None, "l": True, "m": 12, "n": "2026-01-02T02:04:05.6Z",
        "o": "00000000-0000-4000-8000-000000000001", "p": "1 day", "q": "x", "r": 5, "s": False,
        "t": "2026-01-02T03:04:05Z", "u": {"a": None},
    }  # fmt: skip


def test_every_statement_of_the_documents_passes_the_guard() -> None:
    if not _SEED.exists():
        pytest.skip("the documents are not here")
    found = re.findall(r"ctx\.db\.query\(\s*([`'])(.*?)\1", _SEED.read_text(), re.DOTALL)
    assert len(found) >= 7
    for _, sql in found:
        check_statement(sql, max((int(number) for number in re.findall(r"\$(\d+)", sql)), default=0))


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT nothing FROM heartbeats", 'column "nothing" does not exist'),
        ("SELECT 'x'::int", "invalid input syntax for type integer"),
        ("UPDATE users SET website = 'javascript:alert(1)'", "not allowed"),
        ("INSERT INTO plugin_reviews (user_id, plugin_id) SELECT id, id FROM users", "needs a value"),
        ("SELECT n FROM generate_series(1, 10001) AS g(n)", "add a LIMIT"),
        ("SELECT string_agg('xxxxxxxxxx', '') FROM generate_series(1, 300000)", "too large"),
        (
            "SELECT md5(n::text) AS a, md5(n::text) AS b, md5(n::text) AS c FROM generate_series(1, 10000) AS g(n), users",  # noqa: E501
            "larger than",
        ),
    ],
)
async def test_an_error_says_what_is_wrong(plugins: PluginDatabase, sql: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        await plugins.ask(sql)


async def test_a_dry_run_changes_nothing_and_tells_what_would_have_happened(plugins: PluginDatabase) -> None:
    before = await plugins.state(plugins.ada)
    seen: list[Ran] = []
    answer = await plugins.answer("DELETE FROM plugin_settings", is_dry=True, watch=seen.append)
    assert answer.affected == 1
    assert await plugins.state(plugins.ada) == before
    assert [(ran.rows, ran.error) for ran in seen] == [(1, "")]


async def test_whoever_watches_hears_of_failures_too(plugins: PluginDatabase) -> None:
    seen: list[Ran] = []
    with pytest.raises(Invalid):
        await plugins.ask("SELECT 1 / 0", watch=seen.append)
    assert [ran.error for ran in seen] == ["division by zero"]


@pytest.mark.parametrize(
    "attack", ["COMMIT", "ROLLBACK", "COMMIT AND CHAIN", "DISCARD ALL", "SET SESSION work_mem = 64"]
)
async def test_a_session_that_left_its_transaction_is_not_used_again(plugins: PluginDatabase, attack: str) -> None:
    with contextlib.suppress(DevTimeError):
        await plugins.sql.run(plugins.ada, Raw(attack, has_rows=False))
    for user in (plugins.bob, plugins.ada):
        assert await plugins.ask("SELECT DISTINCT user_id FROM heartbeats", user=user) == [{"user_id": str(user)}]


async def test_many_statements_of_two_users_at_once_never_mix(plugins: PluginDatabase) -> None:
    users = [plugins.ada, plugins.bob] * 15
    answers = await asyncio.gather(
        *(plugins.ask("SELECT DISTINCT user_id FROM heartbeats", user=user) for user in users)
    )
    assert answers == [[{"user_id": str(user)}] for user in users]


async def test_who_comes_when_too_many_wait_is_told_to_come_later(plugins: PluginDatabase) -> None:
    crowded = PluginSql(plugins.access, Bounds(at_once=1, waiting=2, time_ms=300))
    slow = check_statement("SELECT count(*) FROM generate_series(1, 10000000000)", 0)
    results = await asyncio.gather(*(crowded.run(plugins.ada, slow) for _ in range(5)), return_exceptions=True)
    await crowded.close()
    assert {type(result) for result in results} == {Invalid, TooMany}


async def test_a_cancelled_statement_frees_its_turn(plugins: PluginDatabase) -> None:
    single = PluginSql(plugins.access, Bounds(at_once=1))
    slow = check_statement("SELECT count(*) FROM generate_series(1, 10000000000)", 0)
    task = asyncio.create_task(single.run(plugins.ada, slow))
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await single.run(plugins.ada, check_statement("SELECT 1 AS a", 0))).rows == [{"a": 1}]
    await single.close()


async def test_without_the_right_to_make_roles_it_is_told_what_to_do(
    database_address: Address, test_server: TestServer
) -> None:
    async with plugin_database(test_server, database_address, is_hardened=False) as plugins:
        async with connected(plugins.superuser) as connection:
            await connection.execute("CREATE ROLE without_rights LOGIN PASSWORD 'x'")
            await connection.execute(f"GRANT CONNECT ON DATABASE {plugins.superuser.database} TO without_rights")
            await connection.execute("GRANT USAGE ON SCHEMA plugin_api TO without_rights")
            await connection.execute("GRANT SELECT ON plugin_api.identity_key TO without_rights")
        try:
            with pytest.raises(Unavailable, match="CREATEROLE"):
                await find_access(plugins.superuser.with_role("without_rights", "x"))
        finally:
            async with connected(plugins.superuser) as connection:
                await connection.execute("DROP OWNED BY without_rights")
                await connection.execute("DROP ROLE without_rights")


async def test_a_core_that_may_make_roles_makes_one_that_works(plugins: PluginDatabase) -> None:
    access = await find_access(plugins.superuser)
    sql = PluginSql(access)
    checked = check_statement("SELECT DISTINCT user_id FROM heartbeats", 0)
    assert (await sql.run(plugins.ada, checked)).rows == [{"user_id": str(plugins.ada)}]
    await sql.close()
    async with connected(plugins.superuser) as connection:
        await connection.execute(f"DROP OWNED BY {access.address.user}")


async def test_the_built_in_database_lets_plugins_in_and_bounds_their_memory(tmp_path: Path) -> None:
    with start(tmp_path / "home") as running:
        await migrate(running.address.dsn())
        login = running.address.with_role("devtime_plugin", running.plugin_password)
        sql = PluginSql(await find_access(running.address, login))
        user = uuid4()
        assert (await sql.run(user, check_statement("SELECT count(*) AS n FROM heartbeats", 0))).rows == [{"n": 0}]
        for greedy in (
            "SELECT length(jsonb_agg(n)::text) FROM generate_series(1, 50000000) AS g(n)",
            "SELECT cardinality(array_agg(md5(n::text))) FROM generate_series(1, 50000000) AS g(n)",
        ):
            with pytest.raises(Invalid, match=r"memory|longer|room"):
                await sql.run(user, check_statement(greedy, 0))
        for taken in (
            "SELECT pg_sleep(0)",
            "SELECT repeat('x', 9)",
            "SELECT current_setting('port')",
            "SELECT relname FROM pg_class",
        ):
            with pytest.raises(Invalid, match="not allowed"):
                await sql.run(user, Raw(taken))
        assert (await sql.run(user, check_statement("SELECT 1 AS a", 0))).rows == [{"a": 1}]
        await sql.close()
