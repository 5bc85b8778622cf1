"""Badges and leaderboards: what is public is told to anybody, what is not to nobody, and nothing is run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import httpx
import pytest

from devtime.accounts.keys import create_key
from devtime.accounts.users import create_user
from devtime.api.routes import api_routes
from devtime.bootstrap import open_parts
from devtime.kernel.settings import Settings
from devtime.server.application import create_application
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.web.charts.badge import draw_badge
from devtime.web.pages.badges import METRICS
from devtime.web.routes import web_routes
from serving import ORIGIN, running

HOSTILE = "<script>alert(1)</script>&\"'"


class House:
    """A server with people who work."""

    def __init__(self, client: httpx.AsyncClient, database: Database) -> None:
        self.client, self.database = client, database

    async def settle(self, name: str, minutes: int, language: str = "rust", **flags: bool) -> None:
        async with self.database.transaction() as connection:
            user = await create_user(connection, name)
        for flag, value in {"show_in_leaderboard": True, **flags}.items():
            await self.database.execute(f"UPDATE users SET {flag} = $2 WHERE id = $1", user.id, value)
        key = await create_key(self.database, user.id, "tests", "full")
        beat = {"project": "p", "language": language, "duration": minutes * 60}
        answer = await self.client.post("/api/v1/heartbeat", json=beat, headers={"X-API-Key": key.secret})
        assert answer.status_code == 200, answer.text

    async def names(self, path: str) -> list[str]:
        answer = await self.client.get(f"/api/v1/leaderboards/{path}")
        assert answer.status_code == 200, answer.text
        return [each["username"] for each in answer.json()["leaderboard"]]


@pytest.fixture
async def house(database_address: Address) -> AsyncIterator[House]:
    settings = Settings(home=Path("/nonexistent"))
    async with AsyncExitStack() as stack:
        routes = [*api_routes(), *web_routes()]
        application = create_application(lambda: open_parts(settings, database_address.dsn()), routes)
        await stack.enter_async_context(running(application))
        transport = httpx.ASGITransport(cast("Any", application), raise_app_exceptions=False)
        client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=ORIGIN))
        database = await Database.open(database_address.dsn(), largest=3)
        stack.push_async_callback(database.close)
        yield House(client, database)


async def test_a_badge_tells_what_its_owner_shows(house: House) -> None:
    await house.settle("ada", 90, is_public=True)
    told: dict[str, str | None] = {}
    for metric in METRICS:
        answer = await house.client.get(f"/badge/ada/{metric}")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        told[metric] = ElementTree.fromstring(answer.text).get("aria-label")
    assert told == {
        "coding-time": "this week: 1h 30m",
        "today": "today: 1h 30m",
        "streak": "streak: 1 day",
        "top-language": "mostly: rust",
        "all-time": "all time: 1h 30m",
    }


async def test_a_private_account_looks_like_none(house: House) -> None:
    await house.settle("eve", 90, is_public=False)
    private = await house.client.get("/badge/eve/today")
    missing = await house.client.get("/badge/nobody/today")
    strange = await house.client.get("/badge/%3Cscript%3E/today")
    assert private.text == missing.text == strange.text
    assert private.status_code == missing.status_code == 200
    assert "profile private" in private.text
    assert (await house.client.get("/badge/eve/other")).status_code == 404


async def test_a_badge_hides_what_its_owner_does_not_show(house: House) -> None:
    await house.settle("bob", 90, is_public=True, profile_show_languages=False, profile_show_streak=False)
    assert "not shown" in (await house.client.get("/badge/bob/top-language")).text
    assert "not shown" in (await house.client.get("/badge/bob/streak")).text
    assert "1h 30m" in (await house.client.get("/badge/bob/today")).text


async def test_a_name_of_a_language_is_text_in_a_badge(house: House) -> None:
    await house.settle("mallory", 90, language=HOSTILE, is_public=True)
    root = ElementTree.fromstring((await house.client.get("/badge/mallory/top-language")).text)
    assert root.get("aria-label") == f"mostly: {HOSTILE}"
    assert not [each for each in root.iter() if each.tag.endswith("script")]


def test_a_badge_is_well_formed_whatever_it_says() -> None:
    for text in ("", HOSTILE, "日本語", "x" * 500):
        ElementTree.fromstring(draw_badge(text, text))


async def test_boards_list_who_is_public_and_wants_to_be_listed(house: House) -> None:
    await house.settle("ada", 90, is_public=True, available_for_hire=True)
    await house.settle("bob", 120, language="python", is_public=True)
    await house.settle("eve", 300, is_public=False)
    await house.settle("dan", 300, is_public=True, show_in_leaderboard=False)
    await house.settle("hid", 60, is_public=True, profile_show_languages=False)
    await house.database.execute("UPDATE users SET country = 'Norway' WHERE username = 'bob'")
    assert await house.names("global") == ["bob", "ada", "hid"]
    assert await house.names("global?limit=1&offset=1") == ["ada"]
    assert await house.names("global?available_for_hire=true") == ["ada"]
    assert await house.names("country/norway") == ["bob"]
    assert await house.names("language/RUST") == ["ada"]
    assert await house.names("language/%27%3B--") == []
    [bob, _, hid] = (await house.client.get("/api/v1/leaderboards/global")).json()["leaderboard"]
    assert (bob["rank"], bob["seconds"], bob["top_language"], bob["country"]) == (1, 7_200, "python", "Norway")
    assert hid["top_language"] is None
    assert (await house.client.get("/api/v1/leaderboards/global?limit=501")).status_code == 400
