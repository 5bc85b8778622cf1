"""How plugins are written: scripts, modules, JSON, TypeScript; what they see, and how their mistakes are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from devtime.plugins.engine import Execution, Outcome

if TYPE_CHECKING:
    from plugin_bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _modules(one: Bench, modules: dict[str, str], entry: str = "default", file: str = "main.js") -> Outcome:
    sdk = {"@devtime/sdk": "export const version = 3; export default (x) => x;"}
    return await one.pool.run(Execution(entry, modules=modules, file=file, foreign=sdk, args_json="[1]"))


async def test_top_level_names_of_a_script_are_found_however_they_are_declared(one: Bench) -> None:
    for declared in ("const main =", "let main =", "var main =", "globalThis.main ="):
        assert (await one.run(f"{declared} (x) => x * 2", "21")).value_json == "42"
    outcome = await one.pool.run(
        Execution("endpoints.get", script="const endpoints = { n: 7, get() { return this.n } }")
    )
    assert outcome.value_json == "7"


async def test_an_entry_that_is_not_there_is_told(one: Bench) -> None:
    for entry in ("on_tick", "a.b", "Math.PI"):
        assert (await one.pool.run(Execution(entry, script="const a = null"))).kind == "missing"


async def test_modules_import_each_other_by_relative_paths_and_ours_by_name(one: Bench) -> None:
    outcome = await _modules(
        one,
        {
            "src/main.ts": 'import a from "./a.js"; import { b } from "../lib"; import d from "./d.json";'
            'import sdk, { version } from "@devtime/sdk"; export default () => [a, b, d, sdk(version)];',
            "src/a.ts": "export default 1;",
            "lib/index.js": 'import a from "../src/a"; export const b = a + 1;',
            "src/d.json": '{"__proto__": 1, "x": [null]}',
        },
        file="src/main.ts",
    )
    assert outcome.value_json == '[1,2,{"__proto__":1,"x":[null]},3]'


@pytest.mark.parametrize(
    "name",
    ["./nothing.js", "../main.js", "../../etc/passwd", "lodash", "/main.js", "<host>/@devtime/sdk", "./toString", ""],
)
async def test_a_module_that_is_not_the_plugins_is_not_found(one: Bench, name: str) -> None:
    outcome = await _modules(one, {"main.js": f"import {json.dumps(name)}; export default () => 1"})
    assert outcome.failure is not None
    assert outcome.failure.message == f"could not load module '{name}'"


async def test_our_modules_cannot_be_replaced_by_the_plugins(one: Bench) -> None:
    modules = {"main.js": 'import { version } from "@devtime/sdk"; export default () => version;'}
    modules["@devtime/sdk"] = "export const version = 'theirs'"
    assert (await _modules(one, modules)).value_json == "3"


async def test_modules_in_a_circle_and_waiting_at_the_top_work(one: Bench) -> None:
    modules = {
        "main.js": 'import { b } from "./b.js"; export const a = await 1; export default () => [a, b()];',
        "b.js": 'import { a } from "./main.js"; export const b = () => a + 1;',
    }
    assert (await _modules(one, modules)).value_json == "[1,2]"


@pytest.mark.parametrize(
    ("thrown", "name", "message"),
    [
        ("new TypeError('no')", "TypeError", "no"),
        ("'text'", "", "text"),
        ("null", "", "null"),
        ("undefined", "", "undefined"),
        ("{ code: 3 }", "", "{ code: 3 }"),
        ("Symbol('s')", "", "Symbol(s)"),
        ("42n", "", "42n"),
        ("Object.assign(new Error('x'), { name: Symbol() })", "Symbol()", "x"),
        ("class A extends Error {}; throw new A('sub')", "Error", "sub"),
    ],
)
async def test_whatever_is_thrown_is_told(one: Bench, thrown: str, name: str, message: str) -> None:
    statement = thrown if "throw" in thrown else f"throw {thrown}"
    for script in (f"function main() {{ {statement} }}", f"async function main() {{ {statement} }}"):
        outcome = await one.run(script)
        assert outcome.kind == "thrown"
        assert outcome.failure is not None
        assert (outcome.failure.name, outcome.failure.message) == (name, message)


async def test_an_error_tells_where_it_happened_and_nothing_of_the_engine(one: Bench) -> None:
    outcome = await one.run("function main() {\n  f();\n}\nfunction f() {\n    null.x;\n}")
    assert outcome.failure is not None
    assert (outcome.failure.file, outcome.failure.line, outcome.failure.column) == ("plugin.js", 5, 5)
    assert "devtime" not in outcome.failure.stack


async def test_a_promise_whose_rejection_nobody_sees_is_in_the_log(one: Bench) -> None:
    outcome = await one.run("function main() { Promise.reject(new Error('lost')); return 1 }")
    assert outcome.kind == "ok"
    (line,) = outcome.logs
    assert line.level == "error"
    assert line.text.startswith("Unhandled rejection: Error: lost")


async def test_a_rejection_that_is_seen_later_is_not_in_the_log(one: Bench) -> None:
    outcome = await one.run("async function main() { const p = Promise.reject(1); await 1; await p.catch(() => {}) }")
    assert outcome.logs == ()


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ("'a', 1, -0, 2n, true, null, undefined", "a 1 -0 2n true null undefined"),
        ("'%s is %d%% of %j', 'x', 50, { a: 1 }, 'more'", "x is 50% of { a: 1 } more"),
        ("(() => { const a = { b: [] }; a.b.push(a); return a })()", "{ b: [[Circular]] }"),
        ("new Proxy({ a: 1 }, {})", "{ a: 1 }"),
        ("{ get x() { throw 1 } }", "{ x: [Getter] }"),
        ("[1, 'two', [3, [4, [5, [6]]]]]", '[1, "two", [3, [4, [5, [Array]]]]]'),
        ("new Map([[1, 2]]), new Set([1]), /x/g, new Date(0)", "Map(1) Set(1) /x/g 1970-01-01T00:00:00.000Z"),
        ("class A {}, new (class B { x = 1 })()", None),
        ("Object.create(null)", "{}"),
        ("new Date(NaN)", "Invalid Date"),
        ("Symbol('s'), () => 1", "Symbol(s) [Function ]"),
        ("new Proxy(() => 1, { getOwnPropertyDescriptor() { throw 1 } })", "[Function ]"),
    ],
)
async def test_the_console_tells_any_value_on_one_line(one: Bench, values: str, text: str | None) -> None:
    outcome = await one.run(f"function main() {{ console.log({values}) }}".replace("class A {}, ", "class A { }, "))
    (line,) = outcome.logs
    assert line.text == text or (text is None and line.text == "[Function A] B { x: 1 }")


async def test_a_check_compiles_and_runs_nothing(one: Bench) -> None:
    fine = Execution("main", script="throw new Error('ran')", is_check=True)
    assert (await one.pool.run(fine)).kind == "ok"
    modules = {"main.js": 'import "./b.js"', "b.js": "export const x = 1;\nlet = = 2", "c.json": "{}"}
    outcome = await one.pool.run(Execution("main", modules=modules, file="main.js", is_check=True))
    assert outcome.failure is not None
    assert (outcome.failure.name, outcome.failure.file, outcome.failure.line) == ("SyntaxError", "b.js", 2)


@pytest.mark.parametrize(
    "source",
    [
        "enum E { A = 1, B } export default () => E.B;",
        "interface I { a: number } const x: I = { a: 2 }; export default (): number => x.a;",
        "import type { A } from './nothing'; export default <T,>(x: T) => (x as unknown as number) + 1;",
        "namespace N { export const n = 2 } export default () => N.n satisfies number;",
        "class C { constructor(private n: number) {} get() { return this.n } } export default () => new C(2).get();",
        "const enum E { A = 2 } export default () => E.A;",
    ],
)
async def test_typescript_is_made_into_javascript_that_runs(one: Bench, source: str) -> None:
    made = await one.pool.transform("main.ts", source)
    assert made.kind == "ok", made
    assert (await _modules(one, {"main.js": json.loads(made.value_json)})).value_json == "2"


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("const x: number = ;", 1, 19),
        ("const a = 1;\n\n  let x: string = 'é' five\nlet y = 3;", 3, 23),
        ("f(1, 2", 1, 7),
        ("interface A {}\nclass {", 2, 8),
        ("const a = 'never closed", 0, 0),
    ],
)
async def test_a_mistake_in_typescript_is_told_with_its_place(one: Bench, source: str, line: int, column: int) -> None:
    outcome = await one.pool.transform("main.ts", source)
    assert outcome.failure is not None
    assert outcome.failure.name == "SyntaxError"
    assert (outcome.failure.line, outcome.failure.column) == (line, column)


@pytest.mark.parametrize(
    "source", ["", "(" * 100_000, "<" * 50_000, "\x00", "\ud800", "`${" * 20_000, "a?" * 50_000, "{" * 99_999]
)
async def test_hostile_typescript_does_no_harm(one: Bench, source: str) -> None:
    assert (await one.pool.transform("x.tsx", source)).kind in {"ok", "thrown", "stack", "memory", "timeout", "crashed"}
    assert (await one.run("function main() { return 1 }")).value_json == "1"
