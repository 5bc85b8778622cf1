"""A stage for lifecycle plugins, one for each module."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from database import TestServer
from plugin_stage import Stage, open_stage


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(test_server: TestServer, compiled: Path) -> AsyncIterator[Stage]:
    """Ada, Bob, and a sandbox of two workers."""
    address = await test_server.create_database()
    async with open_stage(test_server, address, compiled) as opened:
        yield opened
    await test_server.drop_database(address)
