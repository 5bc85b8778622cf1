"""A question that takes too long is given up: it keeps no connection from others, in PostgreSQL neither."""

from __future__ import annotations

import pytest

from devtime.server.faults import describe
from devtime.store.address import Address
from devtime.store.database import Database


@pytest.mark.parametrize("ask", ["fetch", "fetchrow", "fetchval"])
async def test_a_question_beyond_patience_is_given_up_and_its_connection_free_again(
    database_address: Address, ask: str
) -> None:
    database = await Database.open(database_address.dsn(), largest=1, patience_s=0.2)
    with pytest.raises(TimeoutError) as caught:
        await getattr(database, ask)("SELECT pg_sleep(600)")
    assert describe(caught.value).status == 503
    running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(6%' AND pid <> pg_backend_pid()"
    async with database.acquire() as connection:
        assert await connection.fetchval(running) == 0
    await database.close()


async def test_a_transaction_may_take_its_time(database_address: Address) -> None:
    database = await Database.open(database_address.dsn(), largest=1, patience_s=0.2)
    async with database.transaction() as connection:
        assert await connection.fetchval("SELECT 1 FROM pg_sleep(0.5)") == 1
    await database.close()
