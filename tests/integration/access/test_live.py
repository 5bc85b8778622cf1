"""New activity is told to one's own open pages and to nobody else's, in bundles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from devtime.kernel.errors import TooMany
from devtime.kernel.ids import new_uuid
from devtime.server.announcements import Announcements
from devtime.server.live import MOST_SUBSCRIPTIONS, Live
from devtime.store.address import Address
from devtime.store.database import Database

PATIENCE_S = 20.0


@asynccontextmanager
async def _live(address: Address, quiet_s: float = 60.0) -> AsyncIterator[Live]:
    database, announcements = await Database.open(address.dsn(), largest=2), Announcements(address.dsn())
    live = Live(database, announcements, quiet_s=quiet_s)
    await announcements.start()
    yield live
    await live.close()
    await announcements.close()
    await database.close()


async def test_activity_is_heard_by_its_user_only(database_address: Address) -> None:
    ada, eve = new_uuid(), new_uuid()
    async with _live(database_address) as live, asyncio.timeout(PATIENCE_S):
        hers, mine = aiter(live.subscribe(ada)), aiter(live.subscribe(eve))
        mine_next = asyncio.ensure_future(anext(mine))
        live.publish(ada)
        assert await anext(hers) == "activity"
        assert not mine_next.done()
        live.publish(eve)
        assert await mine_next == "activity"


async def test_a_storm_of_activity_is_told_in_one_bundle(
    database_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = []
    execute = Database.execute

    async def counting(self: Database, query: str, *values: object) -> str:
        told.append(sorted(values[1]))  # pyright: ignore[reportArgumentType, reportUnknownArgumentType]
        return await execute(self, query, *values)

    monkeypatch.setattr(Database, "execute", counting)
    ada, eve = new_uuid(), new_uuid()
    async with _live(database_address) as live, asyncio.timeout(PATIENCE_S):
        hers, mine = aiter(live.subscribe(ada)), aiter(live.subscribe(eve))
        for _ in range(1_000):
            live.publish(ada)
            live.publish(eve)
        assert await anext(hers) == await anext(mine) == "activity"
        live.publish(ada)
        assert await anext(hers) == "activity"
    assert told == [sorted([str(ada), str(eve)]), [str(ada)]]


async def test_silence_is_broken_so_that_the_line_stays_open(database_address: Address) -> None:
    async with _live(database_address, quiet_s=0.01) as live, asyncio.timeout(PATIENCE_S):
        events = live.events(new_uuid())
        assert await anext(events) == b": connected\nretry: 2000\n\n"
        assert await anext(events) == b": quiet\n\n"


async def test_a_stream_that_ends_gives_its_place_back(database_address: Address) -> None:
    ada = new_uuid()
    async with _live(database_address) as live:
        for _ in range(3):
            streams = [live.events(ada) for _ in range(MOST_SUBSCRIPTIONS)]
            begun = [await anext(stream) for stream in streams[::2]]
            assert len(begun) == MOST_SUBSCRIPTIONS // 2
            with pytest.raises(TooMany):
                live.events(ada)
            for stream in streams[::2]:
                await stream.aclose()
            del streams, stream


async def test_streams_end_when_the_server_does(database_address: Address) -> None:
    async with _live(database_address) as live, asyncio.timeout(PATIENCE_S):
        events = live.events(UUID(int=1))
        await anext(events)
        waiting = asyncio.ensure_future(_rest(events))
        await asyncio.sleep(0)
        await live.close()
        assert await waiting == []


async def _rest(events: AsyncIterator[bytes]) -> list[bytes]:
    return [event async for event in events]
