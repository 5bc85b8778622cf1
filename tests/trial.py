"""A real store in which histories happen: several ways in at once, changes in between, and what came of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import HealthCheck, settings

import model
from database import TestServer
from devtime.accounts.users import create_user
from devtime.activity.deleting import delete_heartbeats
from devtime.activity.ingest import Ingest
from devtime.activity.rebuilding import rebuild_activity
from devtime.activity.verifying import Verdict, verify_activity
from devtime.kernel.ids import new_uuid
from devtime.stats.filters import Filters, fetch_context_ids
from devtime.stats.tally import Tallies
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.wire.heartbeat import Heartbeat
from histories import TIMEOUTS, History, questions

T = TypeVar("T")

_PROCESSES = 3
_SET_TIMEOUT = "UPDATE activity_settings SET wanted_timeout_ms = $2 WHERE user_id = $1"
_FETCH_CREDITS = 'SELECT "time", identity, lane_ms, active_ms FROM heartbeats WHERE user_id = $1'
_FETCH_SLOTS = """
SELECT s.slot, c.tool, c.project, c.language, c.branch, c.activity_type, c.editor, c.os, c.machine,
    s.lane_ms, s.active_ms, s.heartbeats
FROM activity_slots s JOIN contexts c ON c.user_id = s.user_id AND c.id = s.context_id
WHERE s.user_id = $1 AND (s.lane_ms <> 0 OR s.active_ms <> 0 OR s.heartbeats <> 0)
"""


@dataclass
class Life:
    """A user, the heartbeats they should have by now, and their timeout."""

    user_id: UUID
    heartbeats: list[Heartbeat]
    timeout_ms: int = 900_000


def how_often(examples: int) -> settings:
    """So many examples, the same in each run; with `DEVTIME_HISTORIES=7` seven times as many, new ones each run."""
    factor = int(os.environ.get("DEVTIME_HISTORIES", "0"))
    return settings(
        max_examples=examples * max(1, factor),
        derandomize=not factor,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


class Trial:
    """One database, seen by several processes' worth of pools and memories."""

    def __init__(self, databases: Sequence[Database]) -> None:
        self.database = databases[0]
        self.ways_in = [Ingest(database, writers=2) for database in databases]
        self.tallies = Tallies(self.database)

    async def begin(self, zone: str = "UTC") -> Life:
        """A new user."""
        async with self.database.transaction() as connection:
            user = await create_user(connection, f"u{new_uuid().hex}", timezone=zone)
        return Life(user.id, [])

    async def deliver(self, life: Life, batches: Sequence[Sequence[Heartbeat]], random: Random) -> None:
        """Hand the batches in, all at the same time, each through any of the ways in."""
        answers = await asyncio.gather(*(random.choice(self.ways_in).record(life.user_id, batch) for batch in batches))
        new = len(model.distinct([*life.heartbeats, *(beat for batch in batches for beat in batch)]))
        assert sum(answer.inserted for answer in answers) == new - len(life.heartbeats)
        assert [len(answer.outcomes) for answer in answers] == [len(batch) for batch in batches]
        life.heartbeats = model.distinct([*life.heartbeats, *(beat for batch in batches for beat in batch)])

    async def change_timeout(self, life: Life, timeout_ms: int) -> None:
        """Let the user choose another timeout, and rebuild."""
        async with self.database.transaction() as connection:
            await connection.execute(_SET_TIMEOUT, life.user_id, timeout_ms)
            await rebuild_activity(connection, life.user_id)
        life.timeout_ms = timeout_ms

    async def delete(self, life: Life, start_ms: int, end_ms: int, wanted: dict[str, tuple[str, ...]]) -> None:
        """Delete the heartbeats of a stretch that have the names wanted."""
        context_ids = await fetch_context_ids(self.database, life.user_id, Filters(**wanted))
        async with self.database.transaction() as connection:
            deleted = await delete_heartbeats(
                connection, life.user_id, start_ms=start_ms, end_ms=end_ms, context_ids=context_ids
            )
        gone = [
            beat
            for beat in life.heartbeats
            if start_ms <= beat.time_ms < end_ms and model.is_wanted(model.names_of(beat), wanted)
        ]
        assert deleted == len(gone)
        life.heartbeats = [beat for beat in life.heartbeats if beat not in gone]

    async def live(self, history: History) -> Life:
        """Let a history happen to a new user, in the way its seed says."""
        random = Random(history.seed)
        life = await self.begin(history.zone)
        waiting = list(history.heartbeats)
        if random.random() < 0.8:
            random.shuffle(waiting)
        while waiting:
            part, waiting = _cut(waiting, random.randint(1, len(waiting)))
            part += random.choices(history.heartbeats, k=random.randrange(4))
            await self._happen(life, _into_batches(part, random), random)
            if random.random() < 0.2:
                [question] = questions(history, random, 1)
                await self.delete(life, question.start_ms, question.end_ms, question.wanted)
        return life

    async def _happen(self, life: Life, batches: list[list[Heartbeat]], random: Random) -> None:
        """A change to come, heartbeats, or both at the same time."""
        if random.random() < 0.25:
            timeout_ms = random.choice(TIMEOUTS)
            await asyncio.gather(self.deliver(life, batches, random), self.change_timeout(life, timeout_ms))
        else:
            await self.deliver(life, batches, random)

    async def verify(self, life: Life) -> Verdict:
        """The program's own proof."""
        async with self.database.transaction() as connection:
            return await verify_activity(connection, life.user_id)

    async def credits(self, life: Life) -> model.Credits:
        """The stored credits."""
        rows = await self.database.fetch(_FETCH_CREDITS, life.user_id)
        return {model.Key(row[0], row[1]): (row[2], row[3]) for row in rows}

    async def quarters(self, life: Life) -> dict[tuple[int, model.Names], model.Sums]:
        """The stored sums."""
        rows = await self.database.fetch(_FETCH_SLOTS, life.user_id)
        return {
            (row[0] * model.QUARTER_MS, model.Names(*(name or "Unknown" for name in list(row)[1:9]))): model.Sums(
                *list(row)[9:]
            )
            for row in rows
        }


@asynccontextmanager
async def opened_trial(address: Address) -> AsyncGenerator[Trial]:
    """A trial on that database, for the present event loop."""
    databases = [await Database.open(address.dsn(), largest=3) for _ in range(_PROCESSES)]
    try:
        yield Trial(databases)
    finally:
        for database in databases:
            await database.close()


class Stage:
    """Trials for tests that are no coroutines, as hypothesis wants them: a database and an event loop of its own."""

    def __init__(self, server: TestServer) -> None:
        self._loop = asyncio.Runner()
        self._server = server
        self._address = self.run(server.create_database())
        self._opened = opened_trial(self._address)
        self.trial = self.run(self._opened.__aenter__())

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run it to its end."""
        return self._loop.run(coroutine)

    def close(self) -> None:
        """Drop the database."""
        self.run(self._opened.__aexit__(None, None, None))
        self.run(self._server.drop_database(self._address))
        self._loop.close()


def _cut(items: list[Heartbeat], count: int) -> tuple[list[Heartbeat], list[Heartbeat]]:
    return items[:count], items[count:]


def _into_batches(items: list[Heartbeat], random: Random) -> list[list[Heartbeat]]:
    batches: list[list[Heartbeat]] = []
    while items:
        batch, items = _cut(items, random.choice((1, 1, 2, 5, 25, 1_000)))
        batches.append(batch)
    return batches
