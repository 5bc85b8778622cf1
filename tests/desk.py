"""A whole application on a database of its own, spoken to as clients do, with a clock that tests can set."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import httpx
from litestar import Litestar

from devtime.accounts.keys import KeyScope, create_key
from devtime.accounts.users import User, create_user
from devtime.bootstrap import all_routes, open_parts
from devtime.kernel.settings import Settings
from devtime.server.application import create_application
from devtime.server.parts import Parts

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
    """The application, who works at it, and how they reach it: `client` shows the user's key."""

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
        return await _settle(self.parts, name, account)

    def stranger(self) -> httpx.AsyncClient:
        """A client that shows nothing."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://devtime.test")


@asynccontextmanager
async def open_desk(dsn: str, settings: Settings, account: dict[str, Any]) -> AsyncGenerator[Desk]:
    """The application with one user, `ada`."""
    async with open_parts(settings, dsn) as opened:
        clock = Clock(NOON_MS)
        parts = replace(opened, clock=clock)
        user, key = await _settle(parts, "ada", account)
        app = _application()
        app.state["parts"] = parts
        transport = httpx.ASGITransport(app)
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://devtime.test", headers=headers) as client:
            yield Desk(app, parts, client, clock, user, key)


@lru_cache(maxsize=1)
def _application() -> Litestar:
    """All routes, made once: what differs from test to test are the parts."""
    return create_application(_no_parts, all_routes())


@asynccontextmanager
async def _no_parts() -> AsyncGenerator[Parts]:
    raise AssertionError("tests hand the parts over themselves")
    yield


async def _settle(parts: Parts, name: str, account: dict[str, Any]) -> tuple[User, str]:
    async with parts.database.transaction() as connection:
        user = await create_user(connection, name, **account)
    return user, (await create_key(parts.database, user.id)).secret
