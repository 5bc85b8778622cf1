"""A whole application on a database of its own, spoken to as clients do, with a clock that tests can set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from devtime.accounts.keys import KeyScope, create_key
from devtime.accounts.users import User, create_user
from devtime.bootstrap import all_routes, open_parts
from devtime.kernel.clock import now_ms
from devtime.kernel.settings import Settings
from devtime.server.application import create_application
from devtime.server.parts import Parts
from devtime.store.address import Address

NOON_MS = 1_768_478_400_000
"""2026-01-15T12:00:00Z, a Thursday: what the clock says until a test sets it."""


class Clock:
    """A clock that stands still."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@dataclass
class Desk:
    """The application, who works at it, and how they reach it."""

    app: Litestar
    parts: Parts
    client: httpx.AsyncClient
    clock: Clock
    user: User
    key: str

    async def make_key(self, scope: KeyScope) -> str:
        """Another key of the same user."""
        return (await create_key(self.parts.database, self.user.id, scope, scope)).secret

    async def make_user(self, name: str, **account: Any) -> tuple[User, str]:
        """Another user, with a key that may do everything."""
        async with self.parts.database.transaction() as connection:
            user = await create_user(connection, name, **account)
        return user, (await create_key(self.parts.database, user.id)).secret


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of the application; a test module may set its own limits by overriding this."""
    return Settings(home=tmp_path, single_per_minute=0, bulk_per_minute=0)


@pytest.fixture
def account() -> dict[str, Any]:
    """What the user's account is made with besides the name."""
    return {}


@pytest_asyncio.fixture
async def desk(database_address: Address, settings: Settings, account: dict[str, Any]) -> AsyncIterator[Desk]:
    """The application with one user, whose key the client shows."""
    async with open_parts(settings, database_address.dsn()) as opened:
        clock = Clock(NOON_MS)
        parts = replace(opened, clock=clock)
        async with parts.database.transaction() as connection:
            user = await create_user(connection, "ada", **account)
        key = (await create_key(parts.database, user.id)).secret
        app = create_application(parts, all_routes())
        app.state["parts"] = parts
        transport = httpx.ASGITransport(app)
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://devtime.test", headers=headers) as client:
            yield Desk(app, parts, client, clock, user, key)


assert now_ms() > NOON_MS, "the clock of this machine is behind the time the tests are set in"
