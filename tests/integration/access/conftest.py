"""A server of its own for each test of who may enter."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from devtime.store.address import Address
from serving import Served, serving


@pytest_asyncio.fixture
async def served(database_address: Address) -> AsyncIterator[Served]:
    """A running server on a fresh database, without accounts."""
    async with serving(database_address) as server:
        yield server
