"""Checking scripts with the real engine: where they break, and what would only fail later."""

from __future__ import annotations

import pytest

from devtime.plugins.engine.limits import SOURCE_BYTES
from devtime.plugins.kit.checking import check_script
from devtime.plugins.kit.shape import PluginType
from devtime.plugins.kit.templates import list_templates
from plugin_bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _check(one: Bench, script: str, plugin_type: PluginType = "lifecycle", **more: tuple[str, ...]) -> list[str]:
    return [str(problem) for problem in await check_script(one.pool, script, plugin_type, **more)]


async def test_every_template_is_free_of_problems(one: Bench) -> None:
    for template in list_templates():
        assert await _check(one, template.script, template.plugin_type) == [], template.id


async def test_a_syntax_error_is_told_where_it_is(one: Bench) -> None:
    assert await _check(one, "async function on_tick(ctx) {\n  let x = ;\n}") == [
        "plugin.js:2:11: error: Unexpected token"
    ]
    assert await _check(one, "const x = ;", "widget") == ["plugin.js:1:11: error: Unexpected token"]


async def test_a_widget_is_the_body_of_a_function_and_cannot_leave_it(one: Bench) -> None:
    assert await _check(one, "if (!token) return; await fetch('/api/v1/user/me')", "widget") == []
    for escape in ("}); (() => {", "} globalThis.x = 1; {", "return 1 +"):
        assert "error" in "".join(await _check(one, escape, "widget")), escape


async def test_what_the_sandbox_refuses_is_told_before_it_runs(one: Bench) -> None:
    script = (
        "async function on_tik(ctx) {}\n"
        "async function on_tick(ctx) {\n"
        "  fetch('https://example.org')\n"
        "  await ctx.db.query('SELECT * FROM pg_shadow')\n"
        "  await ctx.db.query(`SELECT project FROM heartbeats WHERE user_id = $1`, [ctx.user_id])\n"
        "}"
    )
    hook, absent, sql = await _check(one, script)
    assert hook.startswith("plugin.js:1:16: warning: on_tik is never called")
    assert absent.startswith("plugin.js:3:3: warning: fetch does not exist")
    assert sql.startswith("plugin.js:4:22: error: this statement will be refused")


async def test_a_foreign_host_needs_a_grant(one: Bench) -> None:
    script = "fetch('https://api.example.org/x')"
    assert "api.example.org is out of reach" in (await _check(one, script, "widget"))[0]
    assert await _check(one, script, "widget", hosts=("api.example.org",)) == []


@pytest.mark.parametrize("script", ["x".ljust(SOURCE_BYTES + 1), "\ud800", "(" * 50_000, "`${" * 2_000, "/*" * 9_000])
async def test_hostile_text_is_a_problem_and_nothing_else(one: Bench, script: str) -> None:
    assert any("error" in line for line in await _check(one, script))
    assert await _check(one, "function on_tick() {}") == []
