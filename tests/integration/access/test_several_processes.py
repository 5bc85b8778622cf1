"""What one process changes, the others know at once: keys, sessions, roles; and one's own activity, live."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from devtime.accounts.keys import create_key, revoke_key
from devtime.accounts.members import change_role, disable_account
from devtime.accounts.sessions import create_session, revoke_sessions
from devtime.accounts.users import User, change_time, create_user
from devtime.server.live import MOST_SUBSCRIPTIONS
from devtime.store.address import Address
from devtime.store.database import Database
from processes import free_port, granian, reach, two_servers
from serving import bearer

PATIENCE_S = 20.0

Pair = tuple[httpx.AsyncClient, httpx.AsyncClient]


@pytest_asyncio.fixture
async def database(database_address: Address) -> AsyncIterator[Database]:
    """The store the processes share."""
    opened = await Database.open(database_address.dsn(), largest=2)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def servers(database_address: Address, tmp_path: Path) -> AsyncIterator[Pair]:
    """Two processes."""
    async with two_servers(database_address, tmp_path) as pair:
        yield pair


async def _user(database: Database, name: str = "ada") -> User:
    async with database.transaction() as connection:
        return await create_user(connection, name, role="owner")


async def _until(client: httpx.AsyncClient, headers: dict[str, str], is_so: Callable[[httpx.Response], bool]) -> None:
    """Ask until the answer is so; far sooner than anything remembered would be forgotten by itself."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if is_so(await client.get("/api/who", headers=headers)):
                return
            await asyncio.sleep(0.05)


async def test_what_one_process_changes_the_other_knows(servers: Pair, database: Database) -> None:
    one, two = servers
    ada, eve = await _user(database), await _user(database, "eve")
    doomed, kept = await create_key(database, ada.id), await create_key(database, ada.id)
    cookie = {"Cookie": f"devtime_session={await create_session(database, eve.id)}"}
    shown = {"key": bearer(doomed.secret), "other key": bearer(kept.secret), "session": cookie}
    for client in servers:
        for headers in shown.values():
            assert (await client.get("/api/who", headers=headers)).status_code == 200

    assert (await one.delete(f"/api/keys/{doomed.key.id}", headers=bearer(kept.secret))).status_code == 204
    assert (await one.get("/api/who", headers=bearer(doomed.secret))).status_code == 401
    await _until(two, bearer(doomed.secret), lambda answer: answer.status_code == 401)

    await change_time(database, ada.id, timezone="Asia/Tokyo", week_start=1)
    await change_role(database, eve.id, ada.id, "member")
    for client in servers:
        await _until(client, bearer(kept.secret), lambda answer: answer.json()["zone"] == "Asia/Tokyo")
        await _until(client, bearer(kept.secret), lambda answer: answer.json()["role"] == "member")

    await revoke_sessions(database, eve.id)
    for client in servers:
        await _until(client, cookie, lambda answer: answer.status_code == 401)

    await disable_account(database, eve.id, ada.id)
    for client in servers:
        await _until(client, bearer(kept.secret), lambda answer: answer.status_code == 401)


async def test_a_key_revoked_while_nobody_was_listening_is_refused(servers: Pair, database: Database) -> None:
    _, two = servers
    ada = await _user(database)
    key = await create_key(database, ada.id)
    assert (await two.get("/api/who", headers=bearer(key.secret))).status_code == 200
    async with database.transaction() as connection:
        # In one transaction: the listeners are gone before the revocation is announced.
        cut = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query ILIKE 'LISTEN%' AND pid <> pg_backend_pid()"
        )
        assert len(cut) == 2
        await connection.execute("SELECT pg_sleep(0.1)")
    await revoke_key(database, ada.id, key.key.id)
    await _until(two, bearer(key.secret), lambda answer: answer.status_code == 401)
    other = await create_key(database, ada.id)
    assert (await two.get("/api/who", headers=bearer(other.secret))).status_code == 200
    await revoke_key(database, ada.id, other.key.id)
    await _until(two, bearer(other.secret), lambda answer: answer.status_code == 401)


async def test_activity_reaches_ones_own_pages_in_every_process(servers: Pair, database: Database) -> None:
    one, two = servers
    ada, eve = await _user(database), await _user(database, "eve")
    hers, mine = await create_key(database, ada.id), await create_key(database, eve.id)
    async with (
        asyncio.timeout(PATIENCE_S),
        two.stream("GET", "/live", headers=bearer(hers.secret)) as live,
        two.stream("GET", "/live", headers=bearer(mine.secret)) as other,
    ):
        assert live.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in live.headers
        lines, others = live.aiter_lines(), other.aiter_lines()
        assert await anext(lines) == await anext(others) == ": connected"
        await one.post("/api/publish", headers=bearer(hers.secret))
        assert [line async for line in _first(lines, "event:")] == ["event: activity"]
        await one.post("/api/publish", headers=bearer(mine.secret))
        seen = [line async for line in _first(others, "event:")]
        assert seen == ["event: activity"]
    assert (await two.get("/live", headers={"Accept": "text/event-stream"})).status_code == 303


async def _first(lines: AsyncIterator[str], start: str) -> AsyncIterator[str]:
    async for line in lines:
        if line.startswith(start):
            yield line
            return


async def test_a_stream_ends_with_the_session_that_opened_it(servers: Pair, database: Database) -> None:
    ada = await _user(database)
    cookie = {"Cookie": f"devtime_session={await create_session(database, ada.id)}"}
    async with asyncio.timeout(PATIENCE_S), servers[0].stream("GET", "/live", headers=cookie) as live:
        lines = live.aiter_lines()
        assert await anext(lines) == ": connected"
        await revoke_sessions(database, ada.id)
        assert not [line async for line in lines if line.startswith("event")]


async def test_open_pages_are_counted_and_closed_ones_are_not(servers: Pair, database: Database) -> None:
    ada = await _user(database)
    headers = bearer((await create_key(database, ada.id)).secret)
    client = servers[0]
    for _ in range(2):
        async with asyncio.timeout(PATIENCE_S), AsyncExitStack() as pages:
            for _ in range(MOST_SUBSCRIPTIONS):
                answer = await pages.enter_async_context(client.stream("GET", "/live", headers=headers))
                while answer.status_code == 429:
                    # The server hears of a closed page a moment later.
                    await asyncio.sleep(0.05)
                    answer = await pages.enter_async_context(client.stream("GET", "/live", headers=headers))
                assert answer.status_code == 200
            refused = await client.get("/live", headers=headers)
            assert refused.status_code == 429
            assert refused.headers["retry-after"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_server_stops_though_pages_are_open(
    database_address: Address, database: Database, tmp_path: Path, number: int
) -> None:
    ada = await _user(database)
    key = await create_key(database, ada.id)
    port = free_port()
    with granian(database_address, port, tmp_path / "log") as process:
        await reach(port)
        async with (
            asyncio.timeout(PATIENCE_S),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
            client.stream("GET", "/live", headers=bearer(key.secret)) as live,
        ):
            assert await anext(live.aiter_lines()) == ": connected"
            process.send_signal(number)
            assert await asyncio.to_thread(process.wait) == 0
    used = await database.fetchval("SELECT last_used_at FROM api_keys WHERE id = $1", key.key.id)
    assert used is not None
