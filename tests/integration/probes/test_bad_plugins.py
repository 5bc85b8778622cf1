"""Plugins that misbehave: each ends in the contract's own words, and no other probe notices."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest

from devtime.plugins.kinds.probe import run
from devtime.plugins.kinds.probe.answer import GENERIC
from devtime.plugins.kinds.probe.lines import error_line
from probe_running import of_body, write_plugin

if TYPE_CHECKING:
    from probe_running import ProbeBench

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD = of_body("return { lines: [ctx.line.text({ label: 'a', value: 'b' })] }")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("throw 'Login required.'", "Login required."),
        ("throw '  trimmed \\n'", "trimmed"),
        ("throw ''", GENERIC),
        ("throw '   '", GENERIC),
        ("throw new Error('hidden')", GENERIC),
        ("throw new TypeError('hidden')", GENERIC),
        ("throw null", GENERIC),
        ("throw undefined", GENERIC),
        ("throw { message: 'hidden' }", GENERIC),
        ("throw 5", GENERIC),
        ("throw Symbol('x')", GENERIC),
        ("throw new String('boxed')", GENERIC),
        ("throw { get message() { for (;;); } }", GENERIC),
        ("nothing.here", GENERIC),
        ("return Promise.reject('no login')", "no login"),
        ("return Promise.reject(new Error('x'))", GENERIC),
        ("return Promise.reject(null)", GENERIC),
        ("return new Promise(() => {})", "probe() returned unresolved promise"),
        ("return new Promise((resolve) => resolve(new Promise(() => {})))", "probe() returned unresolved promise"),
        ("return Promise.resolve(5)", GENERIC),
        ("return Promise.resolve(null)", GENERIC),
        ("return Promise.resolve()", GENERIC),
        ("return", "probe() returned non-object"),
        ("return null", "probe() returned non-object"),
        ("return 5", "probe() returned non-object"),
        ("return 'text'", "probe() returned non-object"),
        ("return true", "probe() returned non-object"),
        ("return {}", "missing lines"),
        ("return []", "missing lines"),
        ("return { then(f) { f({ lines: [] }) } }", "missing lines"),
        ("return { lines: null }", "missing lines"),
        ("return { lines: {} }", "missing lines"),
        ("return { lines: 'x' }", "missing lines"),
        ("return { get lines() { throw 1 } }", "missing lines"),
        ("return { lines: [] }", "no lines returned"),
        ("return { lines: [5] }", "invalid line at index 0"),
        ("return { lines: [ctx.line.text({ label: 'a', value: 'b' }), null] }", "invalid line at index 1"),
        ("return { lines: new Array(3) }", "invalid line at index 0"),
        ("return { lines: [{ type: 'nope' }] }", "unknown line type at index 0: nope"),
        ("return { lines: [{ get type() { throw 1 } }] }", "unknown line type at index 0: "),
        ("const all = []; for (;;) all.push(new Array(1e6).fill(1))", GENERIC),
        ("const deep = () => deep(); deep()", GENERIC),
        ("return { lines: [{ type: 'text', label: 'x'.repeat(5e6) }] }", "The plugin's answer is too large."),
        (
            "return { lines: [ctx.line.progress({ label: 'x', used: 5n, limit: 100, format: { kind: 'percent' } })] }",
            "progress line at index 0 invalid used (expected number)",
        ),
        (
            "return { lines: [ctx.line.progress({ label: 'x', used: 0/0, limit: 100, format: { kind: 'percent' } })] }",
            "progress line at index 0 invalid used: NaN",
        ),
    ],
)
async def test_a_failure_ends_in_one_error_badge(bench: ProbeBench, body: str, text: str) -> None:
    snapshot = await bench.body(body)
    assert snapshot.lines == (error_line(text),)
    assert snapshot.error == text
    assert snapshot.is_failed


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("", "missing __openusage_plugin"),
        ("globalThis.__openusage_plugin = 5", "missing __openusage_plugin"),
        ("globalThis.__openusage_plugin = null", "missing __openusage_plugin"),
        (
            "Object.defineProperty(globalThis, '__openusage_plugin', { get() { throw 1 } })",
            "missing __openusage_plugin",
        ),
        ("globalThis.__openusage_plugin = {}", "missing probe()"),
        ("globalThis.__openusage_plugin = { probe: 5 }", "missing probe()"),
        ("globalThis.__openusage_plugin = { get probe() { throw 1 } }", "missing probe()"),
        ("this is not JavaScript", "script eval failed"),
        ("throw 'a string'", "script eval failed"),
        ("throw new Error('x')", "script eval failed"),
        ("undeclared = 5", "script eval failed"),
        ("import x from 'y'", "script eval failed"),
        ("await 1", "script eval failed"),
        ("with ({}) {}", "script eval failed"),
    ],
)
async def test_a_script_that_makes_no_plugin(bench: ProbeBench, script: str, text: str) -> None:
    assert (await bench.run(script)).error == text


async def test_probe_is_called_without_this_in_strict_mode(bench: ProbeBench) -> None:
    script = """globalThis.__openusage_plugin = { id: 'other', probe: function (ctx) {
      const inner = (function () { return this })()
      return { plan: 'P', lines: [ctx.line.text({ label: String(this), value: String(inner) })] } } }"""
    snapshot = await bench.run(script)
    assert msgspec.to_builtins(snapshot.lines[0])["label"] == "undefined"
    assert msgspec.to_builtins(snapshot.lines[0])["value"] == "undefined"
    assert (snapshot.plugin_id, snapshot.plan) == ("trial", "P")


async def test_an_asynchronous_probe_is_awaited(bench: ProbeBench) -> None:
    probe = "async probe(ctx) { await null; return { lines: [{ type: 'badge', label: 'a', text: 'b' }] } }"
    script = f"globalThis.__openusage_plugin = {{ {probe} }}"
    assert not (await bench.run(script)).error


async def test_a_plan_that_is_no_string_is_none(bench: ProbeBench) -> None:
    snapshot = await bench.body("return { plan: 5, lines: [ctx.line.text({ label: 'a', value: 'b' })] }")
    assert snapshot.plan is None


async def test_half_a_character_is_replaced(bench: ProbeBench) -> None:
    snapshot = await bench.body(
        "ctx.host.log.info('\\ud800'); return { plan: '\\udfff', lines: [{ type: 'text', label: '\\ud83d' }] }"
    )
    assert (snapshot.plan, msgspec.to_builtins(snapshot.lines[0])["label"]) == ("\ufffd", "\ufffd")


async def test_a_million_calls_of_the_log_keep_a_thousand(bench: ProbeBench) -> None:
    snapshot = await bench.body("for (let n = 0; n < 1e6; n++) ctx.host.log.info('x'); return { lines: [] }")
    assert snapshot.error == "no lines returned"
    assert len(snapshot.logs) == 1_000


async def test_more_host_calls_than_allowed_are_errors(bench: ProbeBench) -> None:
    snapshot = await bench.body(
        "let n = 0; try { for (;;) { ctx.host.crypto.sha256Hex('x'); n++ } } "
        "catch (e) { throw String(e instanceof Error) + n }"
    )
    assert snapshot.error == "true10000"


@pytest.mark.parametrize(
    "body",
    [
        "for (;;);",
        "return (async () => { for (;;) await null })()",
        "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
        "return { get lines() { for (;;); } }",
        "for (;;) try { ctx.host.fs.exists('x') } catch { }",
        "try { for (;;); } finally { return { lines: [] } }",
    ],
)
async def test_what_never_ends_is_ended(bench: ProbeBench, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LIMITS", msgspec.structs.replace(run.LIMITS, time_ms=400))
    assert (await bench.body(body)).error == "probe timed out after 30s"
    assert not (await bench.run(GOOD)).error


async def test_what_waits_for_a_server_that_hangs_is_ended(bench: ProbeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LIMITS", msgspec.structs.replace(run.LIMITS, time_ms=400))

    async def hang(*_: object) -> bool:
        await asyncio.sleep(3_600)
        return True

    monkeypatch.setattr("devtime.plugins.kinds.probe.host.calls.in_thread", hang)
    assert (await bench.body("ctx.host.fs.exists('~/x'); return { lines: [] }")).error == "probe timed out after 30s"


async def test_the_deadline_is_half_a_minute() -> None:
    assert run.LIMITS.time_ms == 30_000


async def test_other_probes_do_not_notice(bench: ProbeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LIMITS", msgspec.structs.replace(run.LIMITS, time_ms=2_000))
    scripts = [GOOD, of_body("for (;;);"), GOOD, of_body("const a = []; for (;;) a.push(new Array(1e6).fill(0))"), GOOD]
    plugins = [write_plugin(bench.folder / f"p{n}", script, id=f"p{n}") for n, script in enumerate(scripts)]
    snapshots = await asyncio.gather(*(run.probe(plugin, bench.surroundings, bench.pool) for plugin in plugins))
    assert [bool(snapshot.error) for snapshot in snapshots] == [False, True, False, True, False]


async def test_four_run_at_a_time(bench: ProbeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, most = 0, 0

    class Counting:
        async def run(self, *_: object, **__: object) -> object:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.01)
            under_way -= 1
            return run.Outcome("missing")

    plugin = write_plugin(bench.folder / "p", GOOD)
    counting: object = Counting()
    await asyncio.gather(*(run.probe(plugin, bench.surroundings, counting) for _ in range(12)))  # type: ignore[arg-type] -- it counts only
    assert most == run.AT_ONCE == 4
