"""The pool hands workers out fairly, replaces the dead ones, loses no answer and leaves no process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from devtime.kernel.errors import Unavailable
from devtime.plugins.engine import Limits
from devtime.plugins.engine import pool as pool_module
from devtime.plugins.engine.pool import Pool
from plugin_bench import Bench

_ENDLESS = "function main() { for (;;); }"
_ONE = "function main(x) { return x }"


@pytest_asyncio.fixture
async def two(compiled: Path) -> AsyncIterator[Bench]:
    pool = Pool(compiled, workers=2, share=1)
    yield Bench(pool)
    await pool.close()


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for is another process
            await asyncio.sleep(0.01)


async def test_no_worker_is_started_before_there_is_work(two: Bench) -> None:
    assert two.pool.process_ids == ()
    await two.run(_ONE, "1")
    assert len(two.pool.process_ids) == 1


async def test_answers_are_not_crossed_however_many_run(two: Bench) -> None:
    script = (
        "async function main(n) { const [m] = await host.call('echo', n); return [n, m, host.callSync('echo', n)] }"
    )
    ends = await asyncio.gather(*(two.run(script, str(n), key=str(n % 5)) for n in range(60)))
    assert [json.loads(end.value_json) for end in ends] == [[n, n, [n]] for n in range(60)]


async def test_one_caller_with_much_to_do_does_not_keep_another_waiting(two: Bench) -> None:
    greedy = [asyncio.create_task(two.run(_ENDLESS, time_ms=600, key="greedy")) for _ in range(4)]
    await _until(lambda: two.pool.process_ids)
    assert (await two.run(_ONE, "1", key="modest")).kind == "ok"
    assert not any(task.done() for task in greedy[1:])
    assert {(await task).kind for task in greedy} == {"timeout"}


async def test_whoever_waits_too_long_is_told_so_and_nothing_is_lost(compiled: Path) -> None:
    pool = Pool(compiled, workers=1, queue_s=0.3)
    bench = Bench(pool)
    await pool.warm()
    long = asyncio.create_task(bench.run(_ENDLESS, time_ms=1_500))
    await asyncio.sleep(0.05)
    with pytest.raises(Unavailable, match="No plugin worker was free"):
        await bench.run(_ONE, "1")
    assert (await long).kind == "timeout"
    assert (await bench.run(_ONE, "2")).value_json == "2"
    await pool.close()


async def test_a_queue_that_is_full_refuses(compiled: Path) -> None:
    pool = Pool(compiled, workers=1, queue_length=1)
    bench = Bench(pool)
    first, second = (asyncio.create_task(bench.run(_ENDLESS, time_ms=500)) for _ in range(2))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="Too many"):
        await bench.run(_ONE, "1")
    assert [(await first).kind, (await second).kind] == ["timeout", "timeout"]
    await pool.close()


@pytest.mark.parametrize("script", [_ENDLESS, "function main() { return host.call('slow') }"])
async def test_a_caller_who_gives_up_frees_the_worker(compiled: Path, script: str) -> None:
    pool = Pool(compiled, workers=1)
    bench = Bench(pool)
    await pool.warm()
    (before,) = pool.process_ids
    running, waiting = (asyncio.create_task(bench.run(script)) for _ in range(2))
    await asyncio.sleep(0.2)
    waiting.cancel()
    running.cancel()
    await asyncio.gather(running, waiting, return_exceptions=True)
    assert (await bench.run(_ONE, "1")).value_json == "1"
    assert not psutil.pid_exists(before)
    await pool.close()


async def test_a_worker_killed_while_idle_is_replaced(two: Bench) -> None:
    await two.run(_ONE, "1")
    (before,) = two.pool.process_ids
    os.kill(before, signal.SIGKILL)
    assert (await two.run(_ONE, "2")).value_json == "2"
    assert before not in two.pool.process_ids


@pytest.mark.parametrize("wait", ["for (;;);", "return host.call('slow')", "host.callSync('slow')"])
async def test_a_worker_killed_at_work_costs_its_run_only(two: Bench, wait: str) -> None:
    hit = asyncio.create_task(two.run(f"function main() {{ host.callSync('echo', 'begun'); {wait} }}", key="a"))
    await _until(lambda: ("echo", '["begun"]') in two.host.asked)
    (worker,) = two.pool.process_ids
    others = [asyncio.create_task(two.run(_ONE, str(n), key="b")) for n in range(10)]
    os.kill(worker, signal.SIGKILL)
    outcome = await hit
    assert outcome.kind == "crashed"
    assert "killed" in outcome.told
    assert [(await other).value_json for other in others] == [str(n) for n in range(10)]
    assert (await two.run(_ONE, "1", key="a")).kind == "ok"


async def test_a_worker_that_does_not_answer_is_killed_after_the_limit(two: Bench) -> None:
    await two.pool.warm()
    for worker in two.pool.process_ids:
        os.kill(worker, signal.SIGSTOP)
    stopped = set(two.pool.process_ids)
    outcome = await two.run(_ONE, "1", time_ms=200)
    assert outcome.kind == "timeout"
    assert "killed" in outcome.told
    assert len(stopped & set(two.pool.process_ids)) == 1


async def test_a_worker_is_replaced_after_so_many_runs(two: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "_RUNS", 3)
    seen: list[int] = []
    for _ in range(4):
        assert (await two.run(_ONE, "1")).kind == "ok"
        seen += two.pool.process_ids
    assert len(set(seen)) == 2


async def test_what_the_server_holds_in_memory_wears_no_worker(two: Bench) -> None:
    ballast = bytearray(os.urandom(4_096) * (200 << 8))
    assert len(ballast) > 150 << 20
    seen: list[int] = []
    for _ in range(3):
        assert (await two.run(_ONE, "1")).kind == "ok"
        seen += two.pool.process_ids
    assert len(set(seen)) == 1


async def test_closing_leaves_no_process_and_refuses(compiled: Path) -> None:
    pool = Pool(compiled, workers=2, share=1)
    bench = Bench(pool)
    await pool.warm()
    workers = pool.process_ids
    at_work = [asyncio.create_task(bench.run(_ENDLESS, key="a")) for _ in range(3)]
    await asyncio.sleep(0.1)
    await pool.close()
    ends = await asyncio.gather(*at_work, return_exceptions=True)
    assert [getattr(ends[0], "kind", "")] == ["crashed"]
    assert all(isinstance(end, Unavailable) for end in ends[1:])
    with pytest.raises(Unavailable):
        await bench.run(_ONE, "1")
    assert [pid for pid in workers if psutil.pid_exists(pid)] == []
    await pool.close()


async def test_workers_die_with_a_server_that_is_killed(compiled: Path, tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom devtime.plugins.engine.pool import Pool\n"
        "async def main():\n    pool = Pool(Path(sys.argv[1]), workers=2)\n    await pool.warm()\n"
        "    print(*pool.process_ids, flush=True)\n    await asyncio.sleep(3600)\n"
        "asyncio.run(main())\n"
    )
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, str(compiled)), stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    workers = [int(word) for word in (await server.stdout.readline()).split()]
    assert len(workers) == 2
    server.kill()
    await server.wait()
    await _until(lambda: not any(_is_alive(pid) for pid in workers))


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_a_run_shorter_than_the_start_of_a_worker_still_has_its_time(compiled: Path) -> None:
    pool = Pool(compiled, workers=1)
    assert (await Bench(pool).run(_ONE, "1", time_ms=Limits().time_ms // 10)).kind == "ok"
    await pool.close()
