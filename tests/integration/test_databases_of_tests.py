"""The fixtures other tests stand on: each test gets a database of its own."""

from __future__ import annotations

import asyncpg
import pytest

from devtime.store.address import Address


@pytest.mark.parametrize("attempt", [1, 2])
async def test_what_one_test_writes_no_other_test_sees(database_address: Address, attempt: int) -> None:
    connection = await asyncpg.connect(database_address.dsn())
    try:
        await connection.execute("CREATE TABLE only_mine (attempt integer)")
        assert await connection.fetchval("SELECT count(*) FROM only_mine") == 0
    finally:
        await connection.close()


async def test_a_fresh_database_has_the_schema_and_an_empty_one_has_not(
    database_address: Address, empty_database_address: Address
) -> None:
    assert await _tables(database_address) > 0
    assert await _tables(empty_database_address) == 0


async def _tables(address: Address) -> int:
    connection = await asyncpg.connect(address.dsn())
    try:
        return await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'devtime'")
    finally:
        await connection.close()
