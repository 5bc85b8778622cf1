"""Putting made-up pasts into a store: one account's, or a crowd's by several processes at once."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import msgspec

from devtime.accounts.users import create_user
from devtime.activity.bulk import load_history
from devtime.demo.histories import live
from devtime.demo.limits import load_limits, make_limits
from devtime.demo.people import Person
from devtime.demo.responses import answer_heartbeats
from devtime.store.database import Database
from devtime.usage.bulk import load_usage
from devtime.wire.heartbeat import Heartbeat

Progress = Callable[[int, int], None]
"""Told how many of how many heartbeats are written."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A person wanted in the store, with the newest so many heartbeats of their last days (None: all)."""

    person: Person
    newest: int | None = None
    days: int = 365


class Filled(msgspec.Struct, frozen=True):
    """An account that was made, and how many heartbeats it got."""

    user_id: UUID
    heartbeats: int


async def fill_account(
    database: Database, user_id: UUID, order: Order, now_ms: int, progress: Progress | None = None
) -> int:
    """Give an account that has none the person's heartbeats and AI usage up to now; answers how many heartbeats."""
    heartbeats = await asyncio.to_thread(_recall, order, now_ms)
    responses = await asyncio.to_thread(lambda: list(answer_heartbeats(order.person.seed, heartbeats)))

    def tell(done: int) -> None:
        if progress:
            progress(done, len(heartbeats))

    async with database.transaction() as connection:
        count = await load_history(connection, user_id, heartbeats, tell)
        await load_usage(connection, user_id, responses)
        await load_limits(connection, user_id, make_limits(order.person.seed, now_ms))
        return count


async def add_person(database: Database, order: Order, now_ms: int) -> Filled:
    """Make the person's account and its past."""
    person = order.person
    async with database.transaction() as connection:
        user = await create_user(connection, person.username, display_name=person.display_name, timezone=person.zone)
    return Filled(user.id, await fill_account(database, user.id, order, now_ms))


def add_crowd(dsn: str, orders: Sequence[Order], now_ms: int, *, processes: int = 2) -> Iterable[Filled]:
    """Do many orders in several processes; yields what was done, in the orders' order."""
    parts = [(dsn, order, now_ms) for order in orders]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(_add_apart, parts)


def _recall(order: Order, now_ms: int) -> list[Heartbeat]:
    heartbeats = list(live(order.person, now_ms, order.days))
    return heartbeats if order.newest is None else heartbeats[-order.newest :]


def _add_apart(part: tuple[str, Order, int]) -> Filled:
    return asyncio.run(_add_alone(*part))


async def _add_alone(dsn: str, order: Order, now_ms: int) -> Filled:
    database = await Database.open(dsn, largest=1)
    try:
        return await add_person(database, order, now_ms)
    finally:
        await database.close()
