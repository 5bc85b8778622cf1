"""A widget's token against a running server: what it opens, and what ends it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import pytest

from devtime.accounts.sessions import create_session, read_cookie, revoke_sessions
from devtime.accounts.users import create_user
from devtime.api.routes import api_routes
from devtime.bootstrap import open_parts
from devtime.kernel.clock import now_ms
from devtime.kernel.settings import Settings
from devtime.plugins.grants import Grants
from devtime.server.application import create_application
from devtime.server.widget_tokens import LASTS_MS, sign_widget_token
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.web.routes import web_routes
from installed_widgets import install_plugin
from serving import ORIGIN, running

BEAT = {"project": "p", "duration": 60}


class Room:
    """Somebody signed in, with a browser and a client that shows a token only."""

    def __init__(self, client: httpx.AsyncClient, database: Database, user_id: UUID, cookie: str) -> None:
        self.client, self.database, self.user_id, self.cookie = client, database, user_id, cookie

    async def widget(self, name: str = "", grants: Grants | None = None) -> tuple[UUID, str]:
        name = name or f"w{uuid4().hex[:12]}"
        plugin_id = await install_plugin(self.database, self.user_id, name, "1", grants=grants)
        answer = await self.client.post(f"/widget-token/{name}", headers=self.browser)
        assert answer.status_code == 200, answer.text
        return plugin_id, answer.json()["token"]

    @property
    def browser(self) -> dict[str, str]:
        return {"Cookie": f"devtime_session={self.cookie}", "Origin": ORIGIN}

    async def ask(self, token: str, path: str, body: object = None) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        if body is None:
            return (await self.client.get(path, headers=headers)).status_code
        return (await self.client.post(path, json=body, headers=headers)).status_code


@pytest.fixture
async def room(database_address: Address) -> AsyncIterator[Room]:
    settings = Settings(home=Path("/nonexistent"))
    async with AsyncExitStack() as stack:
        routes = [*api_routes(), *web_routes()]
        application = create_application(lambda: open_parts(settings, database_address.dsn()), routes)
        await stack.enter_async_context(running(application))
        transport = httpx.ASGITransport(cast("Any", application), raise_app_exceptions=False)
        client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=ORIGIN))
        database = await Database.open(database_address.dsn(), largest=3)
        stack.push_async_callback(database.close)
        async with database.transaction() as connection:
            user = await create_user(connection, "ada")
        cookie = await create_session(database, user.id, "a browser")
        yield Room(client, database, user.id, cookie)


async def test_a_widget_reads_statistics_and_nothing_else(room: Room) -> None:
    _, token = await room.widget()
    assert await room.ask(token, "/api/v1/stats/summary") == 200
    assert await room.ask(token, "/api/v1/user/me") == 200
    for path in ("/api/v1/keys", "/api/keys", "/settings/keys", "/", "/live", "/widget-frame"):
        assert await room.ask(token, path) in (401, 403), path
    for path in ("/api/v1/heartbeat", "/api/v1/import", "/api/v1/user/profile/update", "/widget-token", "/api/keys"):
        assert await room.ask(token, path, BEAT) == 403, path


async def test_grants_open_what_they_say(room: Room) -> None:
    _, ingest = await room.widget(grants=Grants(scopes=("ingest",)))
    assert await room.ask(ingest, "/api/v1/import", [BEAT]) == 200
    assert await room.ask(ingest, "/api/v1/user/profile/update", {"bio": "hacked"}) == 403
    _, write = await room.widget(grants=Grants(scopes=("write",)))
    assert await room.ask(write, "/api/v1/user/profile/update", {"bio": "mine"}) == 200
    assert await room.ask(write, "/api/v1/import", [BEAT]) == 403
    assert await room.ask(write, "/api/v1/keys", {"name": "x"}) == 403


@pytest.mark.parametrize(
    "end",
    [
        "DELETE FROM installed_plugins WHERE plugin_id = $1",
        "UPDATE plugin_listings SET is_banned = true WHERE id = $1",
        "UPDATE plugin_listings SET is_published = false WHERE id = $1",
    ],
)
async def test_a_token_ends_with_its_plugin(room: Room, end: str) -> None:
    plugin_id, token = await room.widget()
    assert await room.ask(token, "/api/v1/stats/streaks") == 200
    await room.database.execute(end, plugin_id)
    assert await room.ask(token, "/api/v1/stats/streaks") == 401


async def test_a_token_ends_when_its_user_signs_out(room: Room) -> None:
    _, token = await room.widget()
    await revoke_sessions(room.database, room.user_id)
    assert await room.ask(token, "/api/v1/stats/streaks") == 401


async def test_a_token_that_ran_out_or_lasts_too_long_is_none(room: Room) -> None:
    plugin_id, _ = await room.widget()
    cookie = read_cookie(room.cookie)
    assert cookie is not None
    for expires_ms, status in ((now_ms() - 1, 401), (now_ms() + 60_000, 200), (now_ms() + 2 * LASTS_MS, 401)):
        token = sign_widget_token(cookie.digest, room.user_id, plugin_id, expires_ms)
        assert await room.ask(token, "/api/v1/stats/streaks") == status
    other = sign_widget_token(cookie.digest, uuid4(), plugin_id, now_ms() + 60_000)
    assert await room.ask(other, "/api/v1/stats/streaks") == 401
    foreign = sign_widget_token(cookie.digest, room.user_id, uuid4(), now_ms() + 60_000)
    assert await room.ask(foreign, "/api/v1/stats/streaks") == 401


async def test_only_a_page_of_this_server_gets_tokens(room: Room) -> None:
    await room.widget("mine")
    _, token = await room.widget()
    for headers in (
        room.browser | {"Origin": "https://evil.example"},
        room.browser | {"Origin": "null"},
        {"Authorization": f"Bearer {token}"},
        {},
    ):
        answer = await room.client.post("/widget-token/mine", headers=headers)
        assert answer.status_code in (401, 403)
        assert "dw_" not in answer.text
    missing = await room.client.post("/widget-token/other", headers=room.browser)
    assert missing.status_code == 404


async def test_a_frame_is_shut_in_but_for_the_hosts_that_were_granted(room: Room) -> None:
    await room.widget("shut")
    await room.widget("open", Grants(hosts=("api.example.org",)))
    policy: dict[str, dict[str, str]] = {}
    for name in ("shut", "open"):
        answer = await room.client.get(f"/widget-frame/{name}", headers=room.browser)
        policy[name] = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert policy["shut"]["connect-src"] == "'none'"
    assert policy["shut"]["img-src"] == "data: blob:"
    assert policy["open"]["connect-src"] == "https://api.example.org"
    for each in policy.values():
        assert each["default-src"] == each["form-action"] == each["frame-src"] == each["worker-src"] == "'none'"
        assert each["sandbox"] == "allow-scripts"
        assert "unsafe-inline" not in each["script-src"]
