"""Everything that tries to take memory or stack, or to break out, stays in its machine."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from plugin_bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

_LIMIT_MS = 1_000
_PATIENCE_S = 30
_RESIDENT_BYTES = 120 << 20

_GREEDY = {
    "an array of arrays": "const a = []; for (;;) a.push(new Array(1e6));",
    "an array of filled arrays": "const a = []; for (;;) a.push(new Array(1e5).fill(7));",
    "a text that doubles": "let s = 'x'; for (;;) s += s;",
    "a text repeated": "return 'x'.repeat(1e9).length;",
    "a text padded": "return 'x'.padEnd(2 ** 29).length;",
    "texts joined": "return new Array(1e7).join('xxxxxxxxxxxxxxxx').length;",
    "a replacement that multiplies": "return 'a'.repeat(1e5).replace(/a/g, '$`').length;",
    "objects in a chain": "let o = {}; for (;;) o = { o };",
    "a map that grows": "const m = new Map(); for (let i = 0; ; i++) m.set(i, i);",
    "a set of texts": "const m = new Set(); for (let i = 0; ; i++) m.add('key' + i);",
    "symbols": "const m = []; for (let i = 0; ; i++) m.push(Symbol('s' + i));",
    "property names": "const o = {}; for (let i = 0; ; i++) o['p' + i] = 1;",
    "closures": "const f = []; for (;;) { const x = new Array(100).fill(1); f.push(() => x); }",
    "a large buffer": "return new ArrayBuffer(1e9).byteLength;",
    "a large typed array": "return new Uint8Array(1e9).length;",
    "a shared buffer": "const a = []; for (;;) a.push(new SharedArrayBuffer(1e6));",
    "a buffer that may grow": "return new ArrayBuffer(1, { maxByteLength: 1e9 }).resize(1e9);",
    "a power of two of a power of two": "return (2n ** (2n ** 40n)).toString().length;",
    "a power of three": "return (3n ** 300000000n).toString().length;",
    "a shifted big integer": "return (1n << (1n << 40n)).toString().length;",
    "Array.from of a billion": "return Array.from({ length: 1e9 }).length;",
    "a spread of a long array": "return Math.max(...new Array(1e7).fill(1));",
    "apply with many arguments": "return Math.max.apply(null, { length: 2 ** 31 });",
    "promises that wait": "const a = []; for (;;) a.push(new Promise(() => {}));",
    "jobs that pile up": "for (;;) Promise.resolve().then(() => {});",
    "catching that memory is out": "const a = []; for (;;) { try { a.push('x'.repeat(1e5)) } catch {} }",
    "code that is made": "let s = ''; for (let i = 0; i < 1e6; i++) s += 'var a' + i + '=1;'; eval(s);",
    "a large regular expression": "new RegExp('(' + 'a|'.repeat(5e6) + 'b)');",
    "many groups": "new RegExp('(a)'.repeat(1e6));",
    "generators": "const g = []; for (;;) { const x = (function* () { yield 1 })(); x.next(); g.push(x); }",
    "errors with stacks": "const e = []; for (;;) e.push(new Error('x'));",
    "flatMap that multiplies": "let a = [1, 1]; for (;;) a = a.flatMap(() => a);",
    "JSON text that grows": "let a = [1]; for (;;) a = [JSON.stringify(a), JSON.stringify(a)];",
}

_DEEP = {
    "a function that calls itself": "const f = () => f(); f();",
    "two that call each other": "const f = () => g(), g = () => f(); f();",
    "a getter that reads itself": "const o = { get x() { return o.x } }; o.x;",
    "a proxy of itself": "const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x;",
    "toString that calls itself": "const o = { toString() { return `${o}` } }; `${o}`;",
    "nested brackets parsed": "eval('['.repeat(2e5));",
    "nested JSON parsed": "JSON.parse('['.repeat(2e5));",
    "nested arrays as JSON": "let a = []; for (let i = 0; i < 2e5; i++) a = [a]; JSON.stringify(a);",
    "a deep result": "let o = {}; for (let i = 0; i < 5e4; i++) o = { o }; return o;",
    "a nested expression": "new RegExp('('.repeat(2e5) + ')'.repeat(2e5));",
    "a nested function": "eval('(()=>'.repeat(5e4) + '1' + ')'.repeat(5e4));",
    "a template in a template": "eval('`${'.repeat(5e4) + '1' + '}`'.repeat(5e4));",
    "bound functions of bound functions": "let f = () => 1; for (let i = 0; i < 2e5; i++) f = f.bind(); f();",
    "a chain of thens": "let o = { then(r) { r(1) } }; for (let i = 0; i < 1e5; i++) o = Promise.resolve(o); return o;",
    "flat without end": "const a = []; a[0] = a; a.flat(Infinity);",
    "constructors": "class A { constructor() { new A() } } new A();",
    "a sort in a sort": "const f = () => [2, 1].sort(f); f();",
    "replace in replace": "const f = () => 'a'.replace('a', f); f();",
    "destructuring itself": "const f = ({ x = f({}) }) => x; f({});",
}


async def _next_call_is_served(one: Bench) -> None:
    (worker,) = one.pool.process_ids
    assert psutil.Process(worker).memory_info().rss < _RESIDENT_BYTES
    assert (await one.run("function main(x) { return x + 1 }", "41")).value_json == "42"


@pytest.mark.parametrize("attack", _GREEDY)
async def test_what_takes_memory_gets_no_more_than_its_share(one: Bench, attack: str) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        outcome = await one.run(f"function main() {{ {_GREEDY[attack]} }}", time_ms=_LIMIT_MS)
    assert outcome.kind in {"memory", "timeout", "thrown", "stack"}, outcome
    assert outcome.memory_bytes <= 20 << 20
    await _next_call_is_served(one)


@pytest.mark.parametrize("attack", _DEEP)
async def test_what_goes_deep_comes_back(one: Bench, attack: str) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        outcome = await one.run(f"function main() {{ {_DEEP[attack]} }}", time_ms=_LIMIT_MS)
    assert outcome.kind in {"ok", "thrown", "stack", "memory", "timeout"}, outcome
    await _next_call_is_served(one)


async def test_a_recursion_that_is_too_deep_can_be_caught(one: Bench) -> None:
    outcome = await one.run(
        "function main() { let n = 0; const f = () => { n++; f() }; try { f() } catch (e) { return [e.name, n] } }"
    )
    name, depth = json.loads(outcome.value_json)
    assert name == "RangeError"
    assert depth > 1_000


async def test_a_full_memory_can_be_caught_and_let_go(one: Bench) -> None:
    outcome = await one.run(
        "function main() { try { const a = []; for (;;) a.push(Array(1e5).fill(1)) } catch (e) { return e.message } }"
    )
    assert (outcome.kind, outcome.value_json) in {("ok", '"out of memory"'), ("memory", "")}


_ABSENT = ["process", "require", "fetch", "std", "os", "bjson", "XMLHttpRequest", "WebAssembly", "Worker", "print"]
_ABSENT += ["scriptArgs", "__filename", "module", "Deno", "Bun", "navigator", "setTimeout", "host_ask", "native"]


@pytest.mark.parametrize("name", _ABSENT)
async def test_a_plugin_finds_no_door_by_name(one: Bench, name: str) -> None:
    outcome = await one.run(f"function main() {{ return typeof {name} }}")
    assert outcome.value_json == '"undefined"'


@pytest.mark.parametrize(
    "module", ["fs", "node:fs", "std", "qjs:std", "os", "file:///etc/passwd", "/etc/passwd", "../x"]
)
async def test_a_plugin_can_import_nothing_of_the_machine(one: Bench, module: str) -> None:
    outcome = await one.run(f"async function main() {{ await import({json.dumps(module)}) }}")
    assert outcome.failure is not None
    assert outcome.failure.message == f"could not load module '{module}'"


async def test_atomics_wait_does_not_stop_the_worker(one: Bench) -> None:
    outcome = await one.run(
        "function main() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) }", time_ms=_LIMIT_MS
    )
    assert outcome.kind in {"thrown", "timeout"}
    await _next_call_is_served(one)


@pytest.mark.parametrize(
    "tampering",
    [
        "JSON.stringify = () => 'false'; JSON.parse = () => { throw 1 }",
        "Map.prototype.get = Map.prototype.set = () => { throw 1 }",
        "Array.prototype[Symbol.iterator] = () => { throw 1 }; Array.prototype.push = () => { throw 1 }",
        "Promise = class {}; Promise.resolve = 1",
        "Object.prototype.toJSON = () => 'stolen'; delete Object.prototype.toJSON",
        "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw 1 }",
        "globalThis.Error = null; String.prototype.slice = () => { throw 1 }",
        "Object.defineProperty(Object.prototype, 'kind', { get() { return 'limit' }, set() {} })",
    ],
)
async def test_tampering_with_the_language_does_not_reach_the_engine(one: Bench, tampering: str) -> None:
    outcome = await one.run(f"async function main() {{ {tampering}; return [await host.call('echo', 1), 2] }}")
    assert (outcome.kind, outcome.value_json) == ("ok", "[[1],2]")
    await _next_call_is_served(one)
