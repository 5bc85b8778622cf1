"""Blocks of a part of the past are those the whole past has, however little of it is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from random import Random
from uuid import UUID

import pytest

from database import TestServer
from devtime.accounts.users import create_user
from devtime.activity.settings import lock_user
from devtime.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS
from devtime.pricing.prices import Card
from devtime.stats.ranges import TimeRange
from devtime.stats.tally import Tallies
from devtime.stats.usage_costs import UsageBook
from devtime.store.database import Connection, Database
from devtime.usage.recording import record_events
from devtime.usage.rules import KeepAll, Rules
from devtime.web.compose.ai_asking import AiFilters, fetch_costing
from devtime.web.compose.ai_blocks import fetch_blocks
from devtime.web.compose.reader import Reader
from devtime.wire.rates import Rate
from devtime.wire.usage import UsageEvent
from devtime.wire.usage_batch import MachineEvent

BEGIN_MS = 1_774_742_400_000


async def lock(connection: Connection, user_id: UUID) -> Rules:
    await lock_user(connection, user_id)
    return KeepAll()


async def no_cards(rates: Mapping[int, Rate]) -> Mapping[int, Card | None]:
    return dict.fromkeys(rates)


def make_events(random: Random, *, is_restless: bool) -> list[MachineEvent]:
    """Work of some weeks, with pauses of hours and a fortnight's silence; or restless: every hour, for twelve days, so
    that a block's beginning follows from the first one's alone.
    """
    at_ms, events = BEGIN_MS + random.randrange(DAY_MS), list[MachineEvent]()
    for number in range(300):
        pause = random.choice((290, 301, 700, 20_000) if random.random() < 0.1 else (1, 5, 40, 90, 200))
        at_ms += HOUR_MS if is_restless else random.randrange(pause * MINUTE_MS) + 1
        event = UsageEvent(key=number, agent="claude", time_ms=at_ms, session="s", model="m", output_tokens=1 + number)
        events.append(MachineEvent("laptop", event))
    return events


async def check(dsn: str, seed: int) -> None:
    random = Random(seed)
    database = await Database.open(dsn, largest=2)
    try:
        async with database.transaction() as connection:
            user_id = (await create_user(connection, f"ai-{seed}")).id
        events = make_events(random, is_restless=seed % 2 == 1)
        await record_events(database, user_id, events, lock)
        last_ms = events[-1].event.time_ms
        book, reader = (
            UsageBook(database, no_cards),
            Reader(database, Tallies(database), no_cards, user_id, "UTC", 1, last_ms),
        )
        known = await fetch_costing(reader, "auto")
        question = AiFilters().question("UTC")
        for _ in range(12):
            start_ms = random.randrange(BEGIN_MS, last_ms)
            span = TimeRange(start_ms=start_ms, end_ms=start_ms + random.randrange(1, 9 * DAY_MS), zone="UTC")
            whole = await book.blocks(user_id, question, span)
            expected = [(block.start_ms, block.row.tokens.total) for block in whole if not block.is_gap]
            found = await fetch_blocks(reader, AiFilters(), span, known)
            told = [(block.start_ms, block.row.tokens.total) for block in found if not block.is_gap]
            assert told == expected
            assert all(block.end_ms - block.start_ms == 5 * HOUR_MS for block in found if not block.is_gap)
    finally:
        await database.close()


@pytest.mark.parametrize("seed", range(5))
def test_blocks_of_any_span_are_those_of_the_whole_past(test_server: TestServer, seed: int) -> None:
    address = asyncio.run(test_server.create_database())
    try:
        asyncio.run(check(address.dsn(), seed))
    finally:
        asyncio.run(test_server.drop_database(address))
