"""Calling plugins' endpoints and trying code over HTTP, with real sandboxes: documented curls, statuses, bad input."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from codetrackr_examples import curl_examples, read_documentation
from database import TestServer
from desk import Desk
from devtime.accounts.sessions import create_session, read_cookie
from devtime.kernel.clock import now_ms
from devtime.kernel.ids import new_uuid
from devtime.kernel.settings import Settings
from devtime.marketplace.hooks.queue import enqueue_install
from devtime.marketplace.hooks.turns import Rules, take_turn
from devtime.server.widget_tokens import sign_widget_token
from devtime.store.roles import connected
from installed_widgets import install_plugin

SCRIPT = """
const endpoints = {
    echo: async (ctx, req) => ({ req, me: ctx.user_id }), nothing: () => undefined, zero: () => 0,
    fail: () => { throw new RangeError('no luck') }, spin: () => { for (;;); }, 'with-dash_1': () => 'dash',
    huge: () => 'x'.repeat(5e6), say: (ctx, req) => { log('said', req.secret); return 1 },
};
"""


@pytest.fixture
def settings(tmp_path: Path, compiled: Path) -> Settings:
    shutil.copytree(compiled, tmp_path / "engine")
    return Settings(home=tmp_path, single_per_minute=0, bulk_per_minute=0, rpc_per_minute=0)


@pytest.fixture
async def desk(desk: Desk, test_server: TestServer) -> AsyncIterator[Desk]:
    async with connected(test_server.superuser) as connection:
        await connection.execute("GRANT devtime_plugin TO devtime")
    return desk


async def install(desk: Desk, name: str, script: str, user: UUID | None = None) -> UUID:
    """Publish as Ada and install."""
    database = desk.parts.database
    find = "SELECT id FROM plugin_listings WHERE name = $1"
    plugin_id: UUID = await database.fetchval(find, name) or new_uuid()
    insert = """INSERT INTO plugin_listings (id, author_id, name, display_name, script, plugin_type)
                VALUES ($1, $2, $3, $3, $4, 'lifecycle') ON CONFLICT (id) DO NOTHING"""
    await database.execute(insert, plugin_id, desk.user.id, name, script)
    async with database.transaction() as connection:
        insert = "INSERT INTO installed_plugins (user_id, plugin_id, accepted_script) VALUES ($1, $2, $3)"
        await connection.execute(insert, user or desk.user.id, plugin_id, script)
        await enqueue_install(connection, user or desk.user.id, plugin_id)
    return plugin_id


async def call(desk: Desk, path: str, **options: Any) -> Any:
    return await desk.client.post(f"/api/v1/plugins/{path}", **options)


async def test_endpoints_answer_as_the_contract_says(desk: Desk) -> None:
    await install(desk, "my-plugin", SCRIPT)
    answer = await call(desk, "my-plugin/rpc/echo")
    assert (answer.status_code, answer.json()) == (200, {"req": {}, "me": str(desk.user.id)})
    assert answer.headers["content-type"].startswith("application/json")
    assert (await call(desk, "my-plugin/rpc/echo", json={"a": [1]})).json()["req"] == {"a": [1]}
    assert (await call(desk, "my-plugin/rpc/echo", content=b"null")).json()["req"] == {}
    assert (await call(desk, "my-plugin/rpc/nothing")).json() == {"ok": True}
    assert (await call(desk, "my-plugin/rpc/zero")).json() == 0
    assert (await call(desk, "my-plugin/rpc/with-dash_1")).json() == "dash"
    assert (await call(desk, "my-plugin/rpc/with-dash_1!")).json() == "dash"
    failed = await call(desk, "my-plugin/rpc/fail")
    assert failed.status_code == 422
    assert failed.json()["error"] == "Plugin handler failed"
    assert failed.json()["detail"].startswith("RangeError: no luck (plugin.js:4")
    assert (await call(desk, "my-plugin/rpc/huge")).status_code == 422
    for path, content, status in (
        ("my-plugin/rpc/!!!", b"", 400),
        ("my-plugin/rpc/no.such", b"", 400),
        ("my-plugin/rpc/" + "x" * 65, b"", 400),
        ("my-plugin/rpc/echo", b"{", 400),
        ("my-plugin/rpc/echo", b"[" * 100_000, 400),
        ("my-plugin/rpc/echo", b'"' + b"x" * 600_000 + b'"', 413),
        ("my-plugin/rpc/constructor", b"", 404),
        ("other-plugin/rpc/echo", b"", 404),
    ):
        answer = await call(desk, path, content=content)
        assert answer.status_code == status, (path, answer.text)
        assert answer.json()["error"]


async def test_who_has_not_installed_it_or_may_not_call_is_refused(desk: Desk) -> None:
    await install(desk, "my-plugin", SCRIPT)
    _, other = await desk.make_user("bob")
    assert (await call(desk, "my-plugin/rpc/zero", headers={"Authorization": f"Bearer {other}"})).status_code == 404
    reading = await desk.make_key("read")
    assert (
        await call(desk, "my-plugin/rpc/zero", headers={"X-API-Key": reading, "Authorization": ""})
    ).status_code == 403
    async with desk.stranger() as stranger:
        assert (await stranger.post("/api/v1/plugins/my-plugin/rpc/zero")).status_code == 401
    await desk.parts.database.execute("UPDATE plugin_listings SET is_banned = true")
    assert (await call(desk, "my-plugin/rpc/zero")).status_code == 404


async def test_a_widget_calls_plugins_of_its_own_author_only(desk: Desk) -> None:
    database = desk.parts.database
    bob, key = await desk.make_user("bob")
    cookie = read_cookie(await create_session(database, bob.id, "a browser"))
    assert cookie is not None
    theirs = {"Authorization": f"Bearer {key}"}
    for name in ("my-plugin", "other-plugin"):
        await install(desk, name, SCRIPT, bob.id)
    await install(desk, "not-installed", SCRIPT)
    await database.execute("UPDATE plugin_listings SET author_id = $1 WHERE name = 'other-plugin'", bob.id)
    widget_id = await install_plugin(database, bob.id, "my-widget", "1", author=desk.user.id)
    token = sign_widget_token(cookie.digest, bob.id, widget_id, now_ms() + 60_000)
    widget = {"Authorization": f"Bearer {token}"}
    for name, status in (("my-plugin", 200), ("other-plugin", 403), ("not-installed", 404), ("no-such", 404)):
        answer = await call(desk, f"{name}/rpc/echo", headers=widget)
        assert answer.status_code == status, (name, answer.text)
    assert (await call(desk, "my-plugin/rpc/echo", headers=widget)).json()["me"] == str(bob.id)
    assert (await call(desk, "other-plugin/rpc/echo", headers=theirs)).status_code == 200
    run = await desk.client.post("/api/v1/cteditor/run", json={"code": "", "trigger": "on_tick"}, headers=widget)
    assert run.status_code == 403
    await database.execute("DELETE FROM installed_plugins WHERE plugin_id = $1", widget_id)
    assert (await call(desk, "my-plugin/rpc/echo", headers=widget)).status_code == 401


async def test_two_users_do_not_see_each_others_bodies_or_logs(desk: Desk) -> None:
    await install(desk, "my-plugin", SCRIPT)
    bob, key = await desk.make_user("bob")
    await install(desk, "my-plugin", SCRIPT, bob.id)
    theirs = {"Authorization": f"Bearer {key}"}
    answers = await asyncio.gather(
        *(call(desk, "my-plugin/rpc/echo", json={"n": n}, headers={} if n % 2 else theirs) for n in range(20))
    )
    for n, answer in enumerate(answers):
        assert answer.json() == {"req": {"n": n}, "me": str(desk.user.id if n % 2 else bob.id)}
    await call(desk, "my-plugin/rpc/say", json={"secret": "of ada"})
    mine = (await desk.client.get("/api/plugins/my-plugin/logs")).json()
    assert [(line["trigger"], line["text"]) for line in mine["lines"]] == [("rpc:say", "said of ada")]
    assert (await desk.client.get("/api/plugins/my-plugin/logs", headers=theirs)).json()["lines"] == []


async def test_documented_endpoints_run_by_the_documented_curls(desk: Desk) -> None:
    text = read_documentation()
    script = text[text.index("const endpoints = {\n\n  // POST") :]
    script = script[: script.index("\n};\n") + 4]
    await install(desk, "my-plugin", script)
    merge = "INSERT INTO plugin_settings (user_id, plugin, settings) VALUES ($1, 'my-plugin', '{\"notify\": true}')"
    await desk.parts.database.execute(merge.replace("'{\"notify\": true}'", "$2"), desk.user.id, {"notify": True})
    await desk.client.post("/api/v1/heartbeat", json={"project": "a", "duration": 5400})
    commands = [command for command in curl_examples("/rpc/")]
    assert len(commands) == 2
    answers = []
    for command in commands:
        path = re.search(r"/api/v1/\S+", command)
        body = re.search(r"-d '(.*)'", command, re.DOTALL)
        assert path
        answers.append(await desk.client.post(path[0], content=body[1].encode() if body else None))
    assert [answer.json() for answer in answers] == [
        {"sessions": 1, "total_hours": "1.5"},
        {"ok": True, "threshold": 7200},
    ]
    settings = await desk.parts.database.fetchval(
        "SELECT settings FROM plugin_settings WHERE user_id = $1", desk.user.id
    )
    assert settings == {"notify": True, "threshold": 7200}
    assert (await call(desk, "my-plugin/rpc/delete-account")).json() == {"ok": True}
    marked = "SELECT deletion_requested_at IS NOT NULL FROM users WHERE id = $1"
    assert await desk.parts.database.fetchval(marked, desk.user.id)


async def test_code_is_tried_on_the_own_data_and_nothing_is_kept(desk: Desk) -> None:
    await desk.client.post("/api/v1/heartbeat", json={"project": "a", "duration": 60})
    text = read_documentation()
    script = text[text.index("async function on_heartbeat(ctx, heartbeat) {\n  log('Project:'") :]
    script = script[: script.index("\n}\n") + 3]
    ran = (await desk.client.post("/api/v1/cteditor/run", json={"code": script, "trigger": "on_heartbeat"})).json()
    assert ran == {
        "success": True,
        "stdout": "Project: my-project\nLanguage: javascript\nTotal heartbeats: 1",
        "stderr": "",
    }
    writing = """async function on_tick(ctx) {
        await ctx.redis.set('k', 'v'); warn('a', 1); error('b');
        await ctx.db.query('INSERT INTO plugin_settings (user_id, plugin) VALUES ($1, $2)', [ctx.user_id, 'studio']);
        await ctx.db.query('SELECT nope FROM heartbeats');
    }"""
    ran = (await desk.client.post("/api/v1/cteditor/run", json={"code": writing, "trigger": "on_tick"})).json()
    assert (ran["success"], ran["stdout"]) == (False, "[WARN] a 1\n[ERROR] b")
    assert 'column "nope" does not exist' in ran["stderr"]
    order = {"code": writing, "trigger": "on_tick", "name": "mine"}
    told = (await desk.client.post("/api/plugins/run", json=order)).json()
    assert told["kind"] == "thrown"
    assert told["failure"]["line"] == 4
    assert [(one["rows"], bool(one["error"])) for one in told["statements"]] == [(1, False), (0, True)]
    assert told["memory_bytes"] > 0
    assert await desk.parts.database.fetchval("SELECT count(*) FROM plugin_settings") == 0
    assert await desk.parts.plugins.runtime.kv.get(desk.user.id, "mine", "k") is None
    kept = {"code": "async function on_tick(c) { await c.redis.set('k', 'v') }", "trigger": "on_tick", "is_dry": False}
    assert (await desk.client.post("/api/plugins/run", json={**kept, "name": "mine"})).json()["kind"] == "ok"
    assert await desk.parts.plugins.runtime.kv.get(desk.user.id, "mine", "k") == "v"
    nothing = (await desk.client.post("/api/plugins/run", json={"code": "", "trigger": "on_tick"})).json()
    assert nothing["kind"] == "missing"
    for bad in ({"code": "", "trigger": "on_else"}, {"code": "", "name": "../x"}, {"code": "x" * 300_000}, {}):
        assert (await desk.client.post("/api/plugins/run", json=bad)).status_code == 400


async def test_only_its_author_tries_code_under_the_name_of_a_published_plugin(desk: Desk) -> None:
    await install(desk, "my-plugin", SCRIPT)
    _, key = await desk.make_user("bob")
    order = {"code": "function on_tick() {}", "trigger": "on_tick", "name": "my-plugin"}
    assert (await desk.client.post("/api/plugins/run", json=order)).status_code == 200
    theirs = {"Authorization": f"Bearer {key}"}
    assert (await desk.client.post("/api/plugins/run", json=order, headers=theirs)).status_code == 403


async def test_a_paused_plugin_is_shown_with_its_reason_and_resumed(desk: Desk) -> None:
    plugin_id = await install(desk, "failing", "function on_tick() {} function on_install() { throw 'no' }")
    rules = Rules(failures=1, pause_s=0, rest_share=0)
    await take_turn(desk.parts.database, desk.parts.plugins.runtime, rules, desk.user.id, plugin_id)
    [run] = (await desk.client.get("/api/plugins/runs")).json()["runs"]
    assert (run["state"], run["trouble"], run["plugin"]) == ("paused", "on_install: no", "failing")
    resumed = (await desk.client.post("/api/plugins/failing/resume")).json()
    assert (resumed["state"], resumed["trouble"], resumed["paused_at"]) == ("waiting", None, None)
    assert (await desk.client.post("/api/plugins/other/resume")).status_code == 404


async def test_the_pages_show_the_log_and_the_pause_with_its_reason(desk: Desk) -> None:
    script = (
        "function on_install() { log('<b>well</b>'); throw new TypeError('rows is undefined') } function on_tick() {}"
    )
    plugin_id = await install(desk, "failing", script)
    rules = Rules(failures=1, pause_s=0, rest_share=0)
    await take_turn(desk.parts.database, desk.parts.plugins.runtime, rules, desk.user.id, plugin_id)
    view = (await desk.client.get("/plugin/failing/settings.json")).json()
    assert view["paused"].startswith("It failed 1 time in a row: on_install: TypeError: rows is undefined")
    assert not view["can_pause"]
    told = [(line["trigger"], line["level"], line["text"][:12]) for line in view["lines"]]
    assert told[1:] == [("on_install", "error", "TypeError: r"), ("on_install", "log", "<b>well</b>")]
    [row] = (await desk.client.get("/plugins.json")).json()["rows"]
    assert row["paused"] == view["paused"]
    page = (await desk.client.get("/plugin/failing/settings")).text
    assert "&lt;b&gt;well&lt;/b&gt;" in page
    assert 'action="/plugin/failing/resume"' in page
    _, key = await desk.make_user("bob")
    theirs = {"Authorization": f"Bearer {key}"}
    for path in ("/plugin/failing/resume", "/plugin/failing/pause"):
        assert (await desk.client.post(path, headers=theirs)).status_code == 404
    assert (await desk.client.post("/plugin/failing/resume")).headers["location"] == "/plugin/failing/settings"
    assert (await desk.client.get("/plugins.json")).json()["rows"][0]["paused"] == ""
    assert (await desk.client.post("/plugin/failing/pause")).status_code == 303
    await take_turn(desk.parts.database, desk.parts.plugins.runtime, rules, desk.user.id, plugin_id)
    view = (await desk.client.get("/plugin/failing/settings.json")).json()
    assert view["paused"].startswith("You stopped it.")
    assert len(view["lines"]) == len(told)


async def test_an_account_a_plugin_deleted_says_so_on_every_page_until_that_is_undone(desk: Desk) -> None:
    script = "const endpoints = { go: async (ctx) => { await ctx.db.query('DELETE FROM users'); return 1 } }"
    await install(desk, "leaving", script)
    async with desk.stranger() as browser:
        browser.cookies.set("devtime_session", await create_session(desk.parts.database, desk.user.id))
        assert "A plugin deleted your account" not in (await browser.get("/settings")).text
        assert (await call(desk, "leaving/rpc/go")).status_code == 200
        desk.parts.identities.forget(desk.user.id)
        for path in ("/settings", "/plugins", "/projects"):
            assert "A plugin deleted your account" in (await browser.get(path)).text
        evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        assert (await browser.post("/settings/keep", headers=evil)).status_code == 403
        assert "A plugin deleted your account" in (await browser.get("/settings")).text
        same = {"Sec-Fetch-Site": "same-origin"}
        assert (await browser.post("/settings/keep", headers=same)).headers["location"] == "/plugins"
        assert "A plugin deleted your account" not in (await browser.get("/settings")).text
    marked = "SELECT deletion_requested_at FROM users WHERE id = $1"
    assert await desk.parts.database.fetchval(marked, desk.user.id) is None


async def test_a_flood_of_calls_is_answered_503_or_429_and_ends(desk: Desk) -> None:
    await install(desk, "my-plugin", SCRIPT)
    answers = await asyncio.gather(*(call(desk, "my-plugin/rpc/zero") for _ in range(60)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= 32
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 503)
    assert (await call(desk, "my-plugin/rpc/zero")).json() == 0
