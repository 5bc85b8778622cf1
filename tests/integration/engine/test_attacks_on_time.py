"""Everything that tries to run for ever is stopped, and the next call is served by the same worker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from plugin_bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

_LIMIT_MS = 500
_PATIENCE_S = 20
_RESIDENT_BYTES = 120 << 20

_ENDLESS = {
    "an empty loop": "for (;;);",
    "a loop in a getter that is read": "({ get x() { for (;;); } }).x;",
    "a loop that catches everything": "for (;;) { try { for (;;); } catch {} }",
    "a loop in finally": "try { throw 1 } finally { for (;;); }",
    "a loop in a generator": "for (const x of (function* () { for (;;) yield 1 })());",
    "a generator spread": "const a = (function* () { for (;;) yield; })(); for (const _ of a);",
    "a microtask that begets itself": "const f = () => Promise.resolve().then(f); f(); return new Promise(() => {});",
    "await without end": "return (async () => { for (;;) await 1; })();",
    "an async generator without end": (
        "return (async () => { for await (const x of (async function* () { for (;;) yield 1 })()); })();"
    ),
    "a thenable that resolves to itself anew": "const t = { then(r) { r(t) } }; return t;",
    "queueMicrotask without end": "const f = () => queueMicrotask(f); f(); return new Promise(() => {});",
    "a catastrophic regular expression": "/^(a+)+$/.test('a'.repeat(40) + 'b');",
    "a catastrophic alternation": "/^(a|a)*$/.test('a'.repeat(40) + 'b');",
    "a catastrophic look-ahead": "/(?=(a+))a*b\\1/.test('a'.repeat(1e5));",
    "a regular expression in replaceAll": "('a'.repeat(50) + '!').replaceAll(/(a*)*$/g, 'b');",
    "a split by a slow expression": "for (;;) 'a'.repeat(1e4).split(/(a?){20}b/);",
    "a getter in the result": "return { get x() { for (;;); } };",
    "toJSON in the result": "return { toJSON() { for (;;); } };",
    "a proxy's keys in the result": "return new Proxy({}, { ownKeys() { for (;;); } });",
    "a proxied length in the result": "return new Proxy([], { get(t, k) { for (; k === 'length'; ); } });",
    "a then that is a getter": "return { get then() { for (;;); } };",
    "an array of length 2^32-1 in the result": "const a = []; a.length = 2 ** 32 - 1; return a;",
    "indexOf over 2^53": "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);",
    "lastIndexOf over 2^53": "Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1);",
    "includes over 2^53": "Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1);",
    "fill over 2^53": "Array.prototype.fill.call(new Proxy({ length: 2 ** 53 - 1 }, { set: () => true }), 1);",
    "reverse over 2^53": "Array.prototype.reverse.call(new Proxy({ length: 2 ** 53 - 1 }, { has: () => false }));",
    "every over 2^53": "Array.prototype.every.call({ length: 2 ** 53 - 1 }, () => true);",
    "copyWithin over 2^53": "Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 0, 2 ** 52);",
    "a comparator without end": "[1, 2].sort(() => { for (;;); });",
    "a sort of growing cost": "const a = Array(2e5).fill().map(Math.random); for (;;) a.sort(() => Math.random() - 1);",
    "typed arrays sorted": "const a = new Float64Array(1e6).map(Math.random); for (;;) a.sort();",
    "typed arrays reversed": "const a = new Uint8Array(4e6); for (;;) a.reverse();",
    "dates out of long texts": "const s = 'x'.repeat(1e6); for (;;) new Date(s);",
    "an error whose message loops": "throw Object.defineProperty(new Error, 'message', { get() { for (;;); } });",
    "an error whose name loops": "throw Object.defineProperty(new Error, 'name', { get() { for (;;); } });",
    "an error whose stack loops": "throw Object.defineProperty(new Error, 'stack', { get() { for (;;); } });",
    "a thrown proxy": "throw new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); } });",
    "toPrimitive without end": "`${{ [Symbol.toPrimitive]() { for (;;); } }}`;",
    "a console value that loops": "console.log(new Proxy({}, { getPrototypeOf() { for (;;); } }));",
    "big integers squared for ever": "let x = 3n; for (;;) { x = x * x; if (x > 2n ** 60000n) x = 3n; }",
    "a big integer as text": "const x = 3n ** 200000n; for (;;) x.toString();",
    "JSON parsed for ever": "const s = JSON.stringify(Array(1e4).fill(1)); for (;;) JSON.parse(s);",
    "a reviver without end": "JSON.parse('[1,2]', () => { for (;;); });",
    "a replacer without end": "JSON.stringify({ a: 1 }, () => { for (;;); });",
    "eval without end": "eval('for (;;);');",
    "Function without end": "new Function('for (;;);')();",
    "labels and continue": "a: for (;;) { for (;;) continue a; }",
    "Symbol.iterator that never ends": "new Set({ [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) });",
    "a prototype chain walked": "let o = {}; for (let i = 0; i < 5e4; i++) o = Object.create(o); for (;;) o.missing;",
    "normalising text": "const s = 'e\\u0301'.repeat(1e5); for (;;) s.normalize('NFC').normalize('NFD');",
    "comparing long texts": "const a = 'a'.repeat(2e6), b = 'a'.repeat(2e6) + 'b'; for (;;) a.localeCompare(b);",
    "weak references and clean-up": "const r = new FinalizationRegistry(() => {}); for (;;) r.register({}, 1);",
    "host calls in a loop that swallows": "for (;;) { try { host.callSync('echo', 1) } catch {} }",
    "promises of refused calls": "return (async () => { for (;;) { try { await host.call('echo') } catch {} } })();",
    "a log without end": "for (;;) console.log('x');",
    "tampering with then, then looping": "Promise.prototype.then = () => { for (;;); }; Promise.resolve(1).then(1);",
}


@pytest.mark.parametrize("attack", _ENDLESS)
async def test_what_never_ends_is_stopped_and_the_next_call_is_served(one: Bench, attack: str) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        outcome = await one.run(f"function main() {{ {_ENDLESS[attack]} }}", time_ms=_LIMIT_MS)
    assert outcome.kind in {"timeout", "memory"}, outcome
    (worker,) = one.pool.process_ids
    assert psutil.Process(worker).memory_info().rss < _RESIDENT_BYTES
    assert (await one.run("function main(x) { return x + 1 }", "41")).value_json == "42"


async def test_a_top_level_that_never_ends_is_stopped(one: Bench) -> None:
    assert (await one.run("for (;;); function main() {}", time_ms=_LIMIT_MS)).kind == "timeout"


async def test_time_spent_waiting_for_the_host_counts_and_the_host_is_told_to_stop(one: Bench) -> None:
    for script in ("return host.call('slow')", "return host.callSync('slow')", "host.call('slow'); return 1"):
        before = one.host.cancelled
        outcome = await one.run(f"function main() {{ {script} }}", time_ms=_LIMIT_MS)
        assert outcome.kind == "timeout"
        assert one.host.cancelled == before + 1
    assert (await one.run("function main() { return 1 }")).kind == "ok"


async def test_what_was_logged_before_the_end_is_kept(one: Bench) -> None:
    outcome = await one.run("function main() { console.warn('so far'); for (;;); }", time_ms=_LIMIT_MS)
    assert [(line.level, line.text) for line in outcome.logs] == [("warn", "so far")]


async def test_memory_that_is_full_to_the_last_byte_is_told_and_a_thrown_null_stays_one(one: Bench) -> None:
    full = f"function main() {{ {_ENDLESS['weak references and clean-up']} }}"
    assert (await one.run(full, time_ms=20_000)).kind == "memory"
    assert (await one.run("function main() { throw null }")).kind == "thrown"
