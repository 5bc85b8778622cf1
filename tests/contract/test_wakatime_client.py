"""WakaTime's own client against a running server, with nothing set but the address and the key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from devtime.accounts.keys import create_key, spell_uuid
from devtime.accounts.users import create_user
from devtime.activity.verifying import verify_activity
from devtime.store.address import Address
from devtime.store.database import Database
from running import free_port, serve
from wakatime_client import OFFLINE, WakaTimeClient

FIRST = 1_768_467_600.25
"""2026-01-15T09:00:00.250Z."""
TIMES = [FIRST + 60 * each for each in range(61)]
DAY = {"start": "2026-01-15", "end": "2026-01-15"}


@dataclass(frozen=True)
class Place:
    """A database with a user, and what it takes to serve it and to reach it."""

    database: Database
    user_id: Any
    dsn: str
    home: Path
    port: int
    key: str

    async def ask(self, path: str, **params: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", headers=headers, trust_env=False
        ) as client:
            return (await client.get(path, params=params)).json()

    async def verify(self) -> tuple[int, list[str]]:
        async with self.database.transaction() as connection:
            verdict = await verify_activity(connection, self.user_id)
        return verdict.heartbeats, verdict.problems


@pytest_asyncio.fixture
async def place(database_address: Address, tmp_path: Path) -> AsyncIterator[Place]:
    database = await Database.open(database_address.dsn(), largest=2)
    async with database.transaction() as connection:
        user = await create_user(connection, "ada")
    key = spell_uuid((await create_key(database, user.id, scope="full")).secret)
    yield Place(database, user.id, database_address.dsn(), tmp_path / "home", free_port(), key)
    await database.close()


@pytest.fixture
def entity(tmp_path: Path) -> Path:
    path = tmp_path / "orbit.py"
    path.write_text("import os\nprint(os.name)\n", "utf-8")
    return path


def configure(place: Place, tmp_path: Path) -> WakaTimeClient:
    api_url = f"http://127.0.0.1:{place.port}/api/v1/users/current/heartbeats.bulk"
    return WakaTimeClient.configure(tmp_path / "wakatime", api_url, place.key)


async def test_sixty_one_heartbeats_arrive_and_add_up(place: Place, entity: Path, tmp_path: Path) -> None:
    client = configure(place, tmp_path)
    async with serve(place.home, place.dsn, place.port):
        assert await client.send(entity, TIMES, project="orbit") == 0, client.log()
        assert client.count_queued() == 0
        stats = await place.ask("/api/stats", **DAY)
        assert (stats["heartbeats"], stats["total_seconds"]) == (61, 3_600)
        assert stats["by_tool"] == {"vim": 3_600}
        assert stats["by_project"] == {"orbit": 3_600}
        assert stats["by_machine"] == {"workbench": 3_600}
        [day] = (await place.ask("/api/v1/users/current/summaries", **DAY))["data"]
        assert (day["grand_total"]["text"], [each["name"] for each in day["languages"]]) == ("1 hr", ["Python"])
    assert await place.verify() == (61, [])


async def test_what_is_sent_while_the_server_is_down_arrives_once_it_is_back(
    place: Place, entity: Path, tmp_path: Path
) -> None:
    client = configure(place, tmp_path)
    async with serve(place.home, place.dsn, place.port):
        assert await client.send(entity, TIMES[:20], project="orbit") == 0, client.log()
    assert await client.send(entity, TIMES[20:45], project="orbit") == OFFLINE
    assert await client.send(entity, TIMES[45:60], project="orbit") == OFFLINE
    assert client.count_queued() == 40
    async with serve(place.home, place.dsn, place.port):
        assert await client.send(entity, TIMES[60:], project="orbit") == 0, client.log()
        assert client.count_queued() == 0
        stats = await place.ask("/api/stats", **DAY)
        assert (stats["heartbeats"], stats["total_seconds"]) == (61, 3_600)
    assert await place.verify() == (61, [])


async def test_a_revoked_key_keeps_the_heartbeats_in_the_clients_queue(
    place: Place, entity: Path, tmp_path: Path
) -> None:
    client = configure(place, tmp_path)
    async with serve(place.home, place.dsn, place.port):
        await place.database.execute("DELETE FROM api_keys")
        assert await client.send(entity, TIMES[:5], project="orbit") != 0
        assert client.count_queued() == 5
    assert await place.verify() == (0, [])
