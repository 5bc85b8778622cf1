"""Fixtures for tests of the store: a database, and people in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from devtime.accounts.users import create_user
from devtime.marketplace.drafts import Draft
from devtime.marketplace.publishing import Published, publish
from devtime.store.address import Address
from devtime.store.database import Database


@pytest.fixture
async def database(database_address: Address) -> AsyncIterator[Database]:
    """A pool on a database of the test's own."""
    database = await Database.open(database_address.dsn())
    yield database
    await database.close()


Person = Callable[[str], Awaitable[UUID]]
Publish = Callable[..., Awaitable[Published]]


@pytest.fixture
def person(database: Database) -> Person:
    """Makes an account of that name."""

    async def make(name: str) -> UUID:
        async with database.transaction() as connection:
            return (await create_user(connection, name)).id

    return make


@pytest.fixture
def handed_in(database: Database) -> Publish:
    """Publishes as somebody: `await handed_in(author, "streaks", script="…")`."""

    async def make(author: UUID, name: str, **fields: Any) -> Published:
        return await publish(database, author, Draft(name=name, **{"display_name": name.title(), **fields}))

    return make
