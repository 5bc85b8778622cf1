"""What a plugin may ask for, how much of it, and what it learns when it may not."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from devtime.kernel.errors import Invalid
from devtime.plugins.engine import Execution, Limits

if TYPE_CHECKING:
    from plugin_bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_call_is_awaited_and_its_answer_given_back(one: Bench) -> None:
    outcome = await one.run(
        "async function main(x) { return await host.call('echo', x, null, 'é\\u{1F600}') }", '{"a":1}'
    )
    assert json.loads(outcome.value_json) == [{"a": 1}, None, "é😀"]
    assert outcome.host_calls == 1


async def test_a_call_can_be_made_without_waiting_in_the_plugin(one: Bench) -> None:
    outcome = await one.run("function main() { return [host.callSync('echo', 1), host.callSync('echo', 2)] }")
    assert outcome.value_json == "[[1],[2]]"


async def test_calls_of_both_ways_at_once_are_not_mixed_up(one: Bench) -> None:
    outcome = await one.run(
        """async function main() {
            const later = [1, 2, 3].map((n) => host.call("echo", n));
            const now = [4, 5].map((n) => host.callSync("echo", n));
            return [await Promise.all(later), now];
        }"""
    )
    assert outcome.value_json == "[[[1],[2],[3]],[[4],[5]]]"


async def test_twenty_calls_at_once_are_answered(one: Bench) -> None:
    outcome = await one.run(
        "function main() { return Promise.all(Array.from(Array(20), (_, n) => host.call('echo', n))) }"
    )
    assert json.loads(outcome.value_json) == [[n] for n in range(20)]


async def test_a_call_that_nobody_waits_for_is_made_all_the_same(one: Bench) -> None:
    one.host.asked.clear()
    outcome = await one.run("function main() { host.call('echo', 'kept'); return 1 }")
    assert outcome.value_json == "1"
    assert one.host.asked == [("echo", '["kept"]')]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("refuse", "quota"),
        ("fail", "internal"),
        ("junk", "internal"),
        ("large", "too_large"),
        ("db.query", "forbidden"),
        ("__proto__", "forbidden"),
    ],
)
@pytest.mark.parametrize("call", ["await host.call", "host.callSync"])
async def test_a_refusal_is_a_code_and_a_sentence_without_the_inside(
    one: Bench, name: str, code: str, call: str
) -> None:
    outcome = await one.run(
        f"async function main() {{ try {{ {call}('{name}') }} catch (e) {{ return [e.code, e.message] }} }}"
    )
    told, message = json.loads(outcome.value_json)
    assert told == code
    assert "SELECT" not in message


async def test_what_is_not_among_the_capabilities_never_reaches_the_host(one: Bench) -> None:
    one.host.asked.clear()
    await one.run("async function main() { try { await host.call('db.query') } catch {} }")
    assert one.host.asked == []


async def test_no_more_than_a_hundred_calls_are_under_way_at_once(one: Bench) -> None:
    outcome = await one.run(
        """async function main() {
            const ends = await Promise.allSettled(Array.from(Array(300), (_, n) => host.call("echo", n)));
            return [ends.filter((end) => end.status === "fulfilled").length, ends[150].reason.code];
        }"""
    )
    assert outcome.value_json == '[100,"too_many_calls"]'


async def test_no_more_than_a_thousand_calls_are_made_in_a_run(one: Bench) -> None:
    outcome = await one.run(
        "function main() { let n = 0; try { for (;; n++) host.callSync('echo') } catch (e) { return [n, e.code] } }"
    )
    assert outcome.value_json == '[1000,"too_many_calls"]'


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("'x'.repeat(15e5)", '"too_large"'), ("1n", "null"), ("(() => { const a = {}; a.a = a; return a })()", "null")],
)
async def test_arguments_that_cannot_cross_are_refused(one: Bench, arguments: str, code: str) -> None:
    outcome = await one.run(
        f"async function main() {{ try {{ await host.call('echo', {arguments}) }} catch (e) {{ return e.code }} }}"
    )
    assert (outcome.kind, outcome.value_json, outcome.host_calls) == ("ok", code, 0)


async def test_a_result_larger_than_four_megabytes_is_refused(one: Bench) -> None:
    assert (await one.run("function main() { return 'x'.repeat(3e6) }")).kind == "ok"
    assert (await one.run("function main() { return 'x'.repeat(4.5e6) }")).kind in {"limit", "memory"}


@pytest.mark.parametrize("value", ["undefined", "() => 1", "Symbol()", "null", "NaN"])
async def test_what_json_does_not_know_comes_back_as_null(one: Bench, value: str) -> None:
    assert (await one.run(f"function main() {{ return {value} }}")).value_json == "null"


async def test_only_the_first_two_hundred_lines_of_the_log_are_kept(one: Bench) -> None:
    outcome = await one.run("function main() { for (let i = 0; i < 5e3; i++) console.log(i, 'x'.repeat(5000)) }")
    assert len(outcome.logs) == 200
    assert all(len(line.text) <= 4_096 for line in outcome.logs)


async def test_what_a_kind_of_plugin_logs_has_a_level_we_know(one: Bench) -> None:
    prelude = "({ log }) => ({ enter: () => { for (const level of ['warn', 'og', '', null]) log(level, 'x') } })"
    outcome = await one.pool.run(Execution("main", script="", prelude=prelude))
    assert [line.level for line in outcome.logs] == ["warn", "log", "log", "log"]


async def test_a_promise_that_nothing_will_settle_is_told(one: Bench) -> None:
    for script in ("return new Promise(() => {})", "return host.call('echo').then(() => new Promise(() => {}))"):
        assert (await one.run(f"function main() {{ {script} }}")).kind == "deadlock"


async def test_what_may_be_asked_for_is_decided_for_each_run(one: Bench) -> None:
    """The same plugin in the same worker, once with and once without."""
    script = "async function main() { return await host.call('echo', 1) }"
    with_it = Execution(
        "main", script=script, prelude="(b) => ({ globals: { host: b } })", capabilities=frozenset({"echo"})
    )
    without = Execution("main", script=script, prelude="(b) => ({ globals: { host: b } })")
    ends = await asyncio.gather(one.pool.run(with_it, one.host), one.pool.run(without, one.host))
    assert [end.kind for end in ends] == ["ok", "thrown"]


@pytest.mark.parametrize(
    "execution",
    [
        Execution("main"),
        Execution("main", script="1", modules={"plugin.js": ""}),
        Execution("main", modules={"other.js": ""}),
        Execution("main()", script="1"),
        Execution("main", script="1", args_json="{}"),
        Execution("main", script="1", args_json="[1"),
        Execution("main", script="\ud800"),
        Execution("main", script="1", file="<devtime>"),
        Execution("main", script="x" * 300_000),
        Execution("main", script="1", args_json='["' + "x" * (1 << 20) + '"]'),
    ],
    ids=range(10),
)
async def test_what_cannot_be_run_is_refused_before_a_worker_sees_it(one: Bench, execution: Execution) -> None:
    with pytest.raises(Invalid):
        await one.pool.run(execution)


async def test_limits_are_those_of_the_run(one: Bench) -> None:
    small = Execution(
        "main", script="function main() { return 'x'.repeat(4e6).length }", limits=Limits(memory_bytes=3 << 20)
    )
    assert (await one.pool.run(small)).kind in {"memory", "thrown"}
