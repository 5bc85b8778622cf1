"""Fixtures for tests that speak to the APIs as clients do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from desk import Desk, open_desk
from devtime.kernel.settings import Settings
from devtime.store.address import Address


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of the application, without rate limits; a test that needs others overrides this."""
    return Settings(home=tmp_path, single_per_minute=0, bulk_per_minute=0)


@pytest.fixture
def account() -> dict[str, Any]:
    """What the user's account is made with besides the name."""
    return {}


@pytest_asyncio.fixture
async def desk(database_address: Address, settings: Settings, account: dict[str, Any]) -> AsyncIterator[Desk]:
    """The application with one user, whose key the client shows."""
    async with open_desk(database_address.dsn(), settings, account) as opened:
        yield opened
