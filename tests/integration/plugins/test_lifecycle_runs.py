"""One call of a lifecycle plugin: what it is handed, what it may ask, and how it is told what went wrong."""

from __future__ import annotations

import asyncio

import pytest

from plugin_stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

BEAT = {"project": "ada-one", "language": "rust", "editor": "vim", "duration": 30, "time": 1_790_000_000}


async def test_a_hook_is_handed_its_user_and_the_heartbeat(stage: Stage) -> None:
    script = """async function on_heartbeat(ctx, heartbeat) {
        log(ctx.user_id, heartbeat.project, heartbeat.duration + 's', ctx.config.base_url, ctx.settings, ctx.plugin);
        warn('a', {b: 1}, [2], null, undefined); error(new RangeError('no'));
    }"""
    ended = await stage.call(script, "on_heartbeat", BEAT)
    assert ended.is_ok
    first, second, third = ended.outcome.logs
    assert (first.level, second.level, third.level) == ("log", "warn", "error")
    told = '{ a: 1 } { name: "my-plugin", version: "1.0.0" }'
    assert first.text == f"{stage.plugins.ada} ada-one 30s http://localhost:8765 {told}"
    assert second.text == "a { b: 1 } [2] null undefined"
    assert third.text.startswith("RangeError: no")


async def test_hooks_may_be_sync_and_globals_are_there_at_the_top_level(stage: Stage) -> None:
    script = "log(ctx.user_id === undefined, heartbeat.project); const on_heartbeat = (c, h) => { log(c === ctx) }"
    ended = await stage.call(script, "on_heartbeat", BEAT)
    assert [line.text for line in ended.outcome.logs] == ["false ada-one", "true"]
    assert (await stage.call("function on_tick(ctx) { log(arguments.length) }", "on_tick")).outcome.logs[0].text == "1"
    shadowing = "const log = 1, ctx = 2; function on_tick(c) { return c.user_id }"
    assert (await stage.call(shadowing, "on_tick")).is_ok


@pytest.mark.parametrize("script", ["", "const on_tick = 1", "const endpoints = {}", "const endpoints = null"])
async def test_what_a_script_has_not_is_not_an_error(stage: Stage, script: str) -> None:
    for trigger in ("on_tick", "on_install", "rpc:toString", "rpc:constructor", "rpc:__proto__"):
        ended = await stage.call(script, trigger, {})
        assert (ended.outcome.kind, ended.is_found, ended.trouble) == ("ok", False, "")


async def test_keys_hold_exact_strings_and_counters(stage: Stage) -> None:
    script = """async function on_tick(ctx) {
        const { redis } = ctx, said = [];
        await redis.set('streak', '0'); await redis.set('last-day', '');
        said.push(await redis.incr('streak'), await redis.get('last-day'), await redis.get('nothing'));
        await redis.set('n', 41); said.push(await redis.incrby('n', 2), await redis.decr('n'), await redis.get('n'));
        said.push(await redis.del('n'), await redis.del('n'), await redis.exists('n'), await redis.exists('streak'));
        await redis.set('short', 'x', 'EX', 60); said.push(await redis.ttl('short') > 50, await redis.ttl('streak'));
        said.push(await redis.expire('streak', 30), await redis.ttl('streak') > 20);
        log(JSON.stringify(said));
    }"""
    ended = await stage.call(script, "on_tick")
    assert ended.trouble == ""
    expected = '[1,"",null,43,42,"42",1,0,false,true,true,null,1,true]'
    assert ended.outcome.logs[0].text == expected


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("ctx.redis.set('k', {})", "a value must be a string, not object; JSON.stringify makes one of anything"),
        ("ctx.redis.get(null)", "a key must be a string, not null"),
        ("ctx.redis.get('')", "a key has 1 to 256 characters"),
        ("ctx.redis.incrby('k', 1.5)", "what is added must be a whole number, not 1.5"),
        ("ctx.redis.set('k', 'word').then(() => ctx.redis.incr('k'))", "the value is not a whole number"),
        ("ctx.redis.set('k', 'v', 'EX', -1)", "a lifetime is a number of seconds"),
        ("ctx.db.query(7)", "sql must be a string, not number"),
        ("ctx.db.query('SELECT $1', 'x')", "params must be an array"),
        ("ctx.db.query('SELECT 1', [1])", "parameter $1 is given but not used"),
        ("ctx.db.query('SELECT * FROM pg_authid')", 'the table "pg_authid" is not available to plugins'),
        ("ctx.db.query('DROP TABLE users')", "only SELECT, INSERT, UPDATE and DELETE"),
        ("ctx.db.query('SELECT nope FROM heartbeats')", 'column "nope" does not exist'),
        ("ctx.db.query('SELECT 1/0')", "division by zero"),
        ("ctx.db.query('SELEC')", "syntax error"),
    ],
)
async def test_errors_say_what_to_do_and_can_be_caught(stage: Stage, code: str, told: str) -> None:
    caught = f"async function on_tick(ctx) {{ try {{ await {code} }} catch (e) {{ log(e.message) }} }}"
    [line] = (await stage.call(caught, "on_tick")).outcome.logs
    assert told in line.text
    thrown = await stage.call(f"async function on_tick(ctx) {{ await {code} }}", "on_tick")
    assert told in thrown.trouble
    assert "devtime." not in thrown.trouble


async def test_endpoints_answer_json_and_get_their_body(stage: Stage) -> None:
    script = """const endpoints = {
        sum: async (ctx, req) => req.a + req.b, 'with-dash': (ctx, req) => ({ req, me: ctx.user_id }), nothing() {},
        self() { return typeof this.sum }, fail: async () => { throw new Error('no luck') }, seven: 7,
    }"""
    assert (await stage.call(script, "rpc:sum", {"a": 1, "b": 2})).value_json == "3"
    assert (await stage.call(script, "rpc:with-dash", {})).value_json == f'{{"req":{{}},"me":"{stage.plugins.ada}"}}'
    assert (await stage.call(script, "rpc:nothing", {})).value_json == "null"
    assert (await stage.call(script, "rpc:self", {})).value_json == '"function"'
    assert (await stage.call(script, "rpc:fail", {})).trouble.startswith("Error: no luck (plugin.js:3:")
    assert not (await stage.call(script, "rpc:seven", {})).is_found


async def test_two_users_share_neither_rows_nor_keys_nor_chance(stage: Stage) -> None:
    script = """async function on_tick(ctx) {
        const [{ n }] = await ctx.db.query('SELECT count(*) AS n FROM heartbeats WHERE project LIKE $1', ['ada%']);
        const mine = await ctx.redis.get('k'); await ctx.redis.set('k', ctx.user_id);
        globalThis.left = 1; log(n, mine, Math.random(), Math.random());
    }"""
    ada, bob = stage.plugins.ada, stage.plugins.bob
    runs = await asyncio.gather(*(stage.call(script, "on_tick", user=user) for user in (ada, bob, ada, bob)))
    words = [run.outcome.logs[0].text.split() for run in runs]
    assert [word[0] for word in words] == ["60", "0", "60", "0"]
    assert len({word[-1] for word in words} | {word[-2] for word in words}) == 8
    for user, name in ((ada, "ada"), (bob, "bob")):
        told = await stage.call(script, "on_tick", user=user)
        assert told.outcome.logs[0].text.split()[1] == str(user)
        other = await stage.call(script, "on_tick", user=user, name="other-plugin")
        assert other.outcome.logs[0].text.split()[1] == "null", name


async def test_what_a_plugin_says_of_itself_changes_nothing(stage: Stage) -> None:
    """Neither another id in ctx nor spoilt built-ins lead to another user's rows."""
    script = f"""
        ctx.user_id = '{stage.plugins.bob}'; Object.prototype.toJSON = undefined; Array.prototype.map = () => [];
        async function on_tick(c) {{
            c.user_id = '{stage.plugins.bob}';
            const rows = await c.db.query('SELECT project FROM heartbeats WHERE user_id = $1', [c.user_id]);
            log(rows.length, (await c.db.query('SELECT id FROM users'))[0].id, await c.redis.get('who'));
        }}"""
    await stage.kv.set(stage.plugins.ada, "my-plugin", "who", "mine")
    await stage.kv.set(stage.plugins.bob, "my-plugin", "who", "theirs")
    ended = await stage.call(script, "on_tick")
    assert ended.outcome.logs[0].text == f"0 {stage.plugins.ada} mine"


async def test_a_rehearsal_leaves_nothing(stage: Stage) -> None:
    script = """async function on_tick(ctx) {
        await ctx.redis.set('d', '5'); log(await ctx.redis.incr('d'), await ctx.redis.get('d'));
        await ctx.db.query("UPDATE plugin_settings SET settings = '{}'");
        await ctx.db.query('DELETE FROM users'); log(await ctx.redis.del('d'), await ctx.redis.get('d'));
    }"""
    before = await stage.plugins.state(stage.plugins.ada)
    ended = await stage.call(script, "on_tick", is_dry=True)
    assert [line.text for line in ended.outcome.logs] == ["6 6", "1 null"]
    assert [(s.rows, s.error) for s in stage.statements] == [(1, ""), (1, "")]
    assert await stage.plugins.state(stage.plugins.ada) == before


async def test_floods_end_with_their_run(stage: Stage) -> None:
    flood = "async function on_tick(ctx) { for (let i = 0; i < 5e3; i++) await ctx.redis.get('k') }"
    assert "more than 1000 host calls" in (await stage.call(flood, "on_tick")).trouble
    many = "async function on_tick(ctx) { await Promise.all(Array.from({length: 200}, () => ctx.redis.get('k'))) }"
    assert "100 host calls at once" in (await stage.call(many, "on_tick")).trouble
    logs = "function on_tick() { for (let i = 0; i < 1e4; i++) log(i, 'x'.repeat(9e3)) }"
    assert len((await stage.call(logs, "on_tick")).outcome.logs) == 200
    assert (await stage.call("async function on_tick(ctx) { log(await ctx.redis.get('k')) }", "on_tick")).is_ok
