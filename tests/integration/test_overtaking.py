"""What happens when others write between a writer's look and its write."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

import model
from devtime.accounts.users import create_user
from devtime.activity.dictionary import Known
from devtime.activity.recording import record_heartbeats
from devtime.kernel.errors import NotFound
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.wire.heartbeat import Heartbeat
from trial import Life, opened_trial

_START_MS = 1_760_000_000_000


class Overtaken(Database):
    """A database on which somebody else is always a little faster, so many times."""

    times = 0
    is_deleted = False

    async def fetchval(self, query: str, *args: object) -> Any:
        """The write of a writer: before it, another one's."""
        if "guard" in query:
            await self._overtake(args[0])
        return await super().fetchval(query, *args)

    async def _overtake(self, user_id: object) -> None:
        if self.is_deleted:
            await self.execute("DELETE FROM users WHERE id = $1", user_id)
        if self.times:
            self.times -= 1
            assert isinstance(user_id, UUID)
            other = await Database.open(self._dsn, largest=1)
            try:
                await record_heartbeats(other, user_id, [_beat(1_000 + self.times)], Known())
            finally:
                await other.close()


@pytest.mark.parametrize("times", [1, 3, 4, 9])
async def test_a_writer_that_was_overtaken_works_its_credits_out_anew(database_address: Address, times: int) -> None:
    async with opened_trial(database_address) as trial:
        life = await trial.begin()
        database = Overtaken(database_address.dsn(), largest=2)
        await database.connect()
        try:
            database.times = times
            recorded = await record_heartbeats(database, life.user_id, [_beat(0), _beat(2_000)], Known())
        finally:
            await database.close()
        others = min(times, 4)
        life.heartbeats = [_beat(0), _beat(2_000), *(_beat(1_000 + times - 1 - turn) for turn in range(others))]
        assert recorded.inserted == 2
        assert await trial.credits(life) == model.credit(life.heartbeats, life.timeout_ms)
        assert (await trial.verify(life)).problems == []


async def test_writing_for_an_account_that_is_deleted_meanwhile_says_so_and_leaves_nothing(
    database_address: Address,
) -> None:
    database = Overtaken(database_address.dsn(), largest=2)
    await database.connect()
    try:
        async with database.transaction() as connection:
            user = await create_user(connection, "gone")
        database.is_deleted = True
        with pytest.raises(NotFound):
            await record_heartbeats(database, user.id, [_beat(0)], Known())
        assert await database.fetchrow("SELECT FROM heartbeats") is None
    finally:
        await database.close()


async def test_many_writers_of_the_same_new_names_do_not_wait_for_each_other_for_ever(
    database_address: Address,
) -> None:
    async with opened_trial(database_address) as trial:
        life = await trial.begin()
        everything = [_beat(number, f"project-{number % 50}") for number in range(200)]
        turned = [everything[start:] + everything[:start] for start in range(0, 200, 20)]
        await asyncio.wait_for(
            asyncio.gather(
                *(
                    record_heartbeats(way._database, life.user_id, batch, Known())  # pyright: ignore[reportPrivateUsage]
                    for way, batch in zip(trial.ways_in * 4, turned, strict=False)
                )
            ),
            60,
        )
        assert await trial.credits(life) == model.credit(everything, life.timeout_ms)
        assert (await trial.verify(Life(life.user_id, everything))).problems == []


def _beat(number: int, project: str = "atlas") -> Heartbeat:
    return Heartbeat(time_ms=_START_MS + number * 100, identity=number, tool="vscode", project=project)
