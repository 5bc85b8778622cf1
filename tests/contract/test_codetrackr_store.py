"""The store over HTTP: the documented publishing commands as they stand, shapes, rights, hostile input."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from codetrackr_examples import curl_examples, run_curl
from database import TestServer
from desk import Desk
from instances import run_instance

_PLUGIN = {
    "id", "author_id", "author_username", "name", "display_name", "description", "version", "repository", "icon",
    "widget_type", "api_endpoint", "script", "settings_schema", "is_published", "is_banned", "ban_reason",
    "install_count", "avg_rating", "rating_count", "has_external_access", "created_at",
}  # fmt: skip


async def _publish(client: httpx.AsyncClient, name: str = "streaks", **fields: object) -> str:
    answer = await client.post("/api/v1/store/publish", json={"name": name, "display_name": name, **fields})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["plugin"]["id"])


async def _client(desk: Desk, name: str, **account: object) -> httpx.AsyncClient:
    _, key = await desk.make_user(name, **account)
    client = desk.stranger()
    client.headers["Authorization"] = f"Bearer {key}"
    return client


async def _ok(client: httpx.AsyncClient, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
    answer = await client.request(method, f"/api/v1{path}", **kwargs)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_documented_commands_publish_and_update(
    test_server: TestServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    commands = curl_examples("/store/publish")
    assert len(commands) == 3
    address = asyncio.run(test_server.create_database())
    with run_instance(address, tmp_path_factory.mktemp("instance")) as instance:
        ada = instance.settle()
        for command in commands:
            status, body = run_curl(command, instance.address, ada.key)
            assert status == 200, body
            told = json.loads(body)
            assert told["status"] == "published"
            assert set(told["plugin"]) >= _PLUGIN
        plugin = told["plugin"]
        assert (plugin["name"], plugin["version"], plugin["script"]) == (
            "streak-counter", "1.1.0", "/* updated script */",
        )  # fmt: skip
        assert (plugin["icon"], plugin["description"]) == ("🔥", "Shows your current coding streak.")
        status, body = run_curl(commands[0], instance.address, instance.settle().key)
        assert (status, set(json.loads(body))) == (403, {"error"})
        assert instance.complaints() == ""
    asyncio.run(test_server.drop_database(address))


async def test_a_plugin_is_found_installed_rated_and_removed(desk: Desk) -> None:
    schema = {"properties": {"goal": {"type": "integer", "minimum": 1, "default": 4}}}
    plugin = await _publish(desk.client, script="return 1", settings_schema=schema)
    bob = await _client(desk, "bob")
    assert await _ok(bob, "POST", f"/store/install/{plugin}") == {"status": "installed"}
    listed = await _ok(desk.stranger(), "GET", "/store?q=streak")
    assert [(one["install_count"], one["script"]) for one in listed["plugins"]] == [(1, None)]
    assert await _ok(bob, "GET", f"/store/plugin/{plugin}/script") == {"script": "return 1"}
    assert await _ok(bob, "GET", f"/store/plugin/{plugin}/accepted") == {
        "accepted_version": "0.1.0", "accepted_script": "return 1",
    }  # fmt: skip
    [panel] = (await _ok(bob, "GET", "/plugins/panels"))["panels"]
    assert (panel["panel"], panel["plugin_id"], panel["script"]) == ("streaks", plugin, "return 1")
    assert await _ok(bob, "POST", "/dashboard/order", json={"panel_names": ["streaks", "streaks", "x"]}) == {"ok": True}
    assert (await _ok(bob, "GET", f"/store/plugin/{plugin}/settings"))["settings"] == {"goal": 4}
    assert (await _ok(bob, "PUT", f"/store/plugin/{plugin}/settings", json={"goal": 6}))["settings"] == {"goal": 6}
    refused = await bob.put(f"/api/v1/store/plugin/{plugin}/settings", json={"goal": "6"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "settings.goal")
    assert await _ok(bob, "POST", f"/store/plugin/{plugin}/rate", json={"rating": 3}) == {"status": "rated"}
    assert await _ok(bob, "POST", f"/store/plugin/{plugin}/rate", json={"rating": 4}) == {"status": "rated"}
    assert await _ok(bob, "POST", f"/store/plugin/{plugin}/review", json={"body": "<b>Good</b>"}) == {
        "status": "reviewed"
    }
    shot = {"url": "https://example.org/a.png", "caption": "It"}
    assert await _ok(bob, "POST", f"/store/plugin/{plugin}/screenshot", json=shot) == {"status": "added"}
    detail = await _ok(desk.stranger(), "GET", f"/store/plugin/{plugin}/detail")
    assert (detail["plugin"]["avg_rating"], detail["plugin"]["rating_count"]) == (4.0, 1)
    [review] = detail["reviews"]
    assert (review["username"], review["body"], review["rating"]) == ("bob", "<b>Good</b>", 4)
    assert await _ok(bob, "DELETE", f"/store/uninstall/{plugin}") == {"status": "uninstalled"}
    assert await _ok(bob, "DELETE", f"/store/uninstall/{plugin}") == {"status": "uninstalled"}
    assert (await bob.get(f"/api/v1/store/plugin/{plugin}/accepted")).json() == {"error": "Not installed"}
    assert (await _ok(bob, "GET", "/store/installed")) == {"installed": []}


async def test_an_update_that_asks_for_more_waits_until_it_is_accepted(desk: Desk) -> None:
    plugin = await _publish(desk.client, script="1")
    bob = await _client(desk, "bob")
    await _ok(bob, "POST", f"/store/install/{plugin}")
    await _publish(desk.client, script="2", version="0.2.0")
    assert (await _ok(bob, "GET", f"/store/plugin/{plugin}/accepted"))["accepted_script"] == "2"
    await _publish(desk.client, script="3", version="0.3.0", grants={"hosts": ["api.example.org"]})
    assert (await _ok(bob, "GET", f"/store/plugin/{plugin}/accepted"))["accepted_script"] == "2"
    diff = await _ok(bob, "GET", f"/store/plugin/{plugin}/diff?old=2&new=3")
    assert "+3" in str(diff["diff"])
    assert "api.example.org" in str(diff["asks_more"])
    late = await bob.post(f"/api/v1/store/plugin/{plugin}/accept", json={"revision": 2})
    assert late.status_code == 409
    body = {"granted": {"hosts": ["api.example.org"]}, "revision": 3}
    accepted = await _ok(bob, "POST", f"/store/plugin/{plugin}/accept", json=body)
    assert accepted == {"status": "accepted", "version": "0.3.0"}
    assert (await _ok(bob, "GET", f"/store/plugin/{plugin}/accepted"))["accepted_script"] == "3"


async def test_dependencies_come_along_in_a_circle_too(desk: Desk) -> None:
    await _publish(desk.client, "base", description="With @top.")
    banned = await _publish(desk.client, "banned")
    top = await _publish(desk.client, "top", description="With @base, @banned and @absent.")
    admin = await _client(desk, "root", role="admin")
    await _ok(admin, "POST", f"/store/admin/ban/{banned}", json={"reason": "spam"})
    bob = await _client(desk, "bob")
    told = await _ok(bob, "POST", f"/store/install/{top}")
    assert told == {"status": "installed", "also": ["base"], "missing": ["absent", "banned"]}


async def test_a_ban_holds_at_once_and_only_admins_ban(desk: Desk) -> None:
    plugin = await _publish(desk.client, script="1")
    bob, admin = await _client(desk, "bob"), await _client(desk, "root", role="admin")
    await _ok(bob, "POST", f"/store/install/{plugin}")
    assert await _ok(bob, "POST", f"/store/report/{plugin}", json={"reason": "malware"}) == {"status": "reported"}
    for path in ("plugins", "reports"):
        assert (await bob.get(f"/api/v1/store/admin/{path}")).status_code == 403
    assert (await bob.post(f"/api/v1/store/admin/ban/{plugin}")).status_code == 403
    reports = await _ok(admin, "GET", "/store/admin/reports")
    [report] = reports["reports"]
    assert (reports["count"], report["reason"], report["reporter_username"]) == (1, "malware", "bob")
    assert await _ok(admin, "POST", f"/store/admin/ban/{plugin}", json={"reason": "bad"}) == {"status": "banned"}
    assert (await _ok(bob, "GET", "/plugins/panels")) == {"panels": []}
    assert (await _ok(desk.stranger(), "GET", "/store"))["plugins"] == []
    refused = await bob.post(f"/api/v1/store/install/{plugin}")
    assert (refused.status_code, refused.json()) == (403, {"error": "This plugin is not available"})
    assert (await bob.get(f"/api/v1/store/plugin/{plugin}/detail")).status_code == 404
    assert await _ok(admin, "POST", f"/store/admin/reports/{report['id']}/resolve") == {"status": "resolved"}
    assert await _ok(admin, "POST", f"/store/admin/unban/{plugin}") == {"status": "unbanned"}
    assert len((await _ok(bob, "GET", "/plugins/panels"))["panels"]) == 1
    assert await _ok(admin, "DELETE", f"/store/admin/delete/{plugin}") == {"status": "deleted"}
    assert (await _ok(bob, "GET", "/store/installed")) == {"installed": []}


async def test_counts_are_exact_when_many_come_at_once(desk: Desk) -> None:
    plugin = await _publish(desk.client, script="1")
    people = [await _client(desk, f"person-{number}") for number in range(8)]
    calls = [one.post(f"/api/v1/store/install/{plugin}") for one in people for _ in range(2)]
    stars = [
        one.post(f"/api/v1/store/plugin/{plugin}/rate", json={"rating": 1 + number % 5})
        for number, one in enumerate(people)
    ]
    answers = await asyncio.gather(*calls, *stars)
    assert {answer.status_code for answer in answers} == {200}
    [listed] = (await _ok(desk.client, "GET", "/store"))["plugins"]
    assert (listed["install_count"], listed["rating_count"]) == (8, 8)
    assert listed["avg_rating"] == 2.63, "21 stars of 8 people"


@pytest.mark.parametrize("rating", [0, 6, -1, 2**63, 1.5, "5", None, True, [5]])
async def test_ratings_are_whole_stars(desk: Desk, rating: object) -> None:
    plugin = await _publish(desk.client)
    bob = await _client(desk, "bob")
    assert (await bob.post(f"/api/v1/store/plugin/{plugin}/rate", json={"rating": rating})).status_code == 400


async def test_an_author_gives_themself_no_stars(desk: Desk) -> None:
    plugin = await _publish(desk.client)
    assert (await desk.client.post(f"/api/v1/store/plugin/{plugin}/rate", json={"rating": 5})).status_code == 403


@pytest.mark.parametrize(
    "query",
    ["sort=installs;DROP TABLE users", "sort=(SELECT 1)", "sort=", "limit=a", "offset=99999999999999999999", "tag=%00"],
)
async def test_queries_that_make_no_sense_are_refused(desk: Desk, query: str) -> None:
    answer = await desk.stranger().get(f"/api/v1/store?{query}")
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or query.startswith("offset")


async def test_searching_takes_signs_as_signs(desk: Desk) -> None:
    await _publish(desk.client, "plain", description="100% sure_thing")
    stranger = desk.stranger()
    found = {"%": 1, "_": 1, "100%": 1, "100_": 0, "' OR 1=1 --": 0, "\\": 0, "PLAIN": 1, "\0": 1}
    for words, count in found.items():
        answer = await stranger.get("/api/v1/store", params={"q": words})
        assert (answer.status_code, len(answer.json()["plugins"])) == (200, count), words


async def test_unknown_and_foreign_ids_are_not_found(desk: Desk) -> None:
    plugin = await _publish(desk.client)
    eve = await _client(desk, "eve")
    for method, path, status in [
        ("POST", f"/store/install/{uuid4()}", 404),
        ("GET", f"/store/plugin/{uuid4()}/detail", 404),
        ("GET", f"/store/plugin/{plugin}/accepted", 404),
        ("GET", f"/store/plugin/{plugin}/settings", 404),
        ("POST", f"/store/plugin/{plugin}/accept", 404),
        ("DELETE", f"/store/my/{plugin}", 403),
        ("DELETE", f"/store/my/{uuid4()}", 403),
        ("POST", "/store/install/1", 404),
        ("GET", f"/store/plugin/{plugin}/diff?old=1&new=99", 404),
        ("POST", f"/themes/install/{uuid4()}", 404),
    ]:
        answer = await eve.request(method, f"/api/v1{path}")
        assert answer.status_code == status, (method, path, answer.text)
        assert "error" in answer.json()


async def test_strangers_look_and_readers_change_nothing(desk: Desk) -> None:
    plugin = await _publish(desk.client, script="1")
    stranger = desk.stranger()
    assert (await stranger.post("/api/v1/store/publish", json={})).status_code == 401
    assert (await stranger.get(f"/api/v1/store/plugin/{plugin}/script")).status_code == 401
    stranger.headers["Authorization"] = f"Bearer {await desk.make_key('read')}"
    assert (await stranger.post(f"/api/v1/store/install/{plugin}")).status_code == 403
    assert (await stranger.get(f"/api/v1/store/plugin/{plugin}/script")).status_code == 200


async def test_floods_of_publishing_and_reporting_are_held_up(desk: Desk) -> None:
    plugin = await _publish(desk.client, "first")
    body = {"name": "first", "display_name": "First"}
    codes = [(await desk.client.post("/api/v1/store/publish", json=body)).status_code for _ in range(31)]
    assert 429 in codes
    reports = [await desk.client.post(f"/api/v1/store/report/{plugin}", json={"reason": "spam"}) for _ in range(11)]
    assert reports[-1].status_code == 429
    assert int(reports[-1].headers["Retry-After"]) > 0


async def test_themes_are_sifted_installed_and_worn(desk: Desk) -> None:
    evil = {
        "--bg": "#101010", "--accent": "url(https://evil.example)", "--border": "red;} body{display:none",
        "--radius": "4px", "--text-main": "expression(alert(1))", "--font": "serif", "--bg-card": "</style><script>",
    }  # fmt: skip
    body = {"name": "night", "display_name": "Night", "variables": evil, "custom_css": "*{display:none}"}
    assert await _ok(desk.client, "POST", "/themes/publish", json=body) == {"status": "published"}
    [theme] = (await _ok(desk.stranger(), "GET", "/themes"))["themes"]
    assert theme["variables"] == {"--bg": "#101010", "--radius": "4px"}
    assert theme["custom_css"] is None
    bob = await _client(desk, "bob")
    stolen = await bob.post("/api/v1/themes/publish", json=body)
    assert stolen.status_code == 403
    assert await _ok(bob, "GET", "/themes/active") == {
        "active_theme_id": None, "theme_name": None, "theme_display_name": None, "theme_icon": None, "variables": {},
        "custom_css": None, "custom_vars": {},
    }  # fmt: skip
    apply = {"theme_id": theme["id"], "custom_vars": {"--accent": "teal"}}
    assert await _ok(bob, "POST", "/themes/apply", json=apply) == {"status": "applied"}
    active = await _ok(bob, "GET", "/themes/active")
    assert (active["theme_name"], active["custom_vars"]) == ("night", {"--accent": "teal"})
    assert len((await _ok(bob, "GET", "/themes/installed"))["themes"]) == 1
    assert await _ok(bob, "DELETE", f"/themes/uninstall/{theme['id']}") == {"status": "uninstalled"}
    assert (await _ok(bob, "GET", "/themes/active"))["active_theme_id"] is None


async def test_instants_are_told_in_rfc_3339(desk: Desk) -> None:
    plugin = await _publish(desk.client)
    detail = await _ok(desk.client, "GET", f"/store/plugin/{plugin}/detail")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", detail["plugin"]["created_at"])


async def test_typescript_is_published_as_javascript_and_shown_as_written(desk: Desk) -> None:
    source = "const hours: number = 3;\nif (!hours) return;\ncontainer.textContent = `${hours as any}h`;"
    plugin = await _publish(desk.client, script=source, source="// nothing to see here")
    script = str((await _ok(desk.client, "GET", f"/store/plugin/{plugin}/script"))["script"])
    assert "number" not in script
    assert "container.textContent" in script
    told = await desk.client.get("/api/plugins/mine/streaks")
    assert (told.json()["script"], told.json()["manifest"]["plugin_type"]) == (source, "widget")
    bob = await _client(desk, "bob")
    assert (await bob.get("/api/plugins/mine/streaks")).status_code == 404


async def test_a_lifecycle_script_that_cannot_be_read_is_refused(desk: Desk) -> None:
    body = {"name": "broken", "display_name": "Broken", "script": "async function on_tick(ctx) { ]"}
    answer = await desk.client.post("/api/v1/store/publish", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "script")
