"""`python -m tests.bench engine`: what a run of a plugin costs, and what runs do to the server's event loop."""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median, quantiles

import psutil
from tests.bench.machine import busy_percent, describe_machine

from devtime import __version__
from devtime.plugins.engine import Execution, Limits
from devtime.plugins.engine.pool import Pool

_PRELUDE = """(bridge) => {
    const ctx = { db: { query: (...all) => bridge.call("db.query", ...all) } };
    return { arguments: (given) => [ctx, ...given] };
}"""
_HOOK = Execution(
    "on_heartbeat",
    script="""async function on_heartbeat(ctx, heartbeat) {
        const rows = await ctx.db.query("SELECT count(*) AS n FROM heartbeats WHERE project = $1", [heartbeat.project]);
        return rows[0].n;
    }""",
    args_json='[{"project": "devtime", "language": "Python", "time": 1700000000}]',
    prelude=_PRELUDE,
    capabilities=frozenset({"db.query"}),
)
_NOTHING = Execution("main", script="function main() {}")
_SPIN = Execution("main", script="function main() { for (;;); }", limits=Limits(time_ms=3_000))
_TYPESCRIPT = "interface Row { n: number }\nexport const first = (rows: Row[]): number => rows[0]?.n ?? 0;\n" * 50


class _Host:
    async def call(self, name: str, args_json: str) -> str:
        return '[{"n": 42}]'


async def _times_ms(count: int, pool: Pool, execution: Execution) -> list[float]:
    host, taken = _Host(), []
    for _ in range(count):
        start = time.perf_counter()
        outcome = await pool.run(execution, host)
        taken.append((time.perf_counter() - start) * 1_000)
        if outcome.kind != "ok":
            raise SystemExit(f"a run ended with {outcome}")
    return taken


async def _rate(count: int, pool: Pool, execution: Execution) -> float:
    host, start = _Host(), time.perf_counter()
    await asyncio.gather(*(pool.run(execution, host, key=f"user {n % 20}") for n in range(count)))
    return count / (time.perf_counter() - start)


async def _gaps_ms(pool: Pool) -> list[float]:
    """How late the loop is with every worker spinning."""
    spinning = [asyncio.create_task(pool.run(_SPIN, key=str(n))) for n in range(len(pool.process_ids))]
    gaps: list[float] = []
    while not all(task.done() for task in spinning):
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        gaps.append((time.perf_counter() - start) * 1_000 - 1)
    return gaps


def _processor_ms(process: psutil.Process) -> float:
    times = process.cpu_times()
    return (times.user + times.system) * 1_000


async def _measure(folder: Path, rounds: int) -> list[tuple[str, str, str]]:
    pool = Pool(folder, workers=psutil.cpu_count() or 2, queue_length=10_000, queue_s=60)
    start = time.perf_counter()
    await pool.run(_NOTHING)
    first_ms = (time.perf_counter() - start) * 1_000
    await pool.warm()
    await _times_ms(100, pool, _HOOK)
    at_rest = [psutil.Process(pid).memory_info().rss / 1e6 for pid in pool.process_ids]
    nothing: list[float] = []
    hooks: list[float] = []
    rates: list[float] = []
    ours, theirs = psutil.Process(), [psutil.Process(pid) for pid in pool.process_ids]
    before = _processor_ms(ours), sum(map(_processor_ms, theirs))
    hooks += await _times_ms(400, pool, _HOOK)
    server_ms, workers_ms = _processor_ms(ours) - before[0], sum(map(_processor_ms, theirs)) - before[1]
    for _ in range(rounds):
        nothing += await _times_ms(200, pool, _NOTHING)
        hooks += await _times_ms(200, pool, _HOOK)
        rates.append(await _rate(1_000, pool, _HOOK))
    used = [psutil.Process(pid).memory_info().rss / 1e6 for pid in pool.process_ids]
    stripping = []
    for _ in range(50):
        start = time.perf_counter()
        await pool.transform("plugin.ts", _TYPESCRIPT)
        stripping.append((time.perf_counter() - start) * 1_000)
    gaps = await _gaps_ms(pool)
    await pool.close()
    return [
        ("first run ever: compile, start a worker, run", f"{first_ms:,.0f} ms", ""),
        ("a run of nothing, median", f"{median(nothing):.2f} ms", ""),
        ("`on_heartbeat` with one awaited query, fresh VM, median", f"{median(hooks):.2f} ms", "≤ 3 ms"),
        ("the same, p99", f"{quantiles(hooks, n=100)[98]:.2f} ms", ""),
        (f"runs a second, {len(used)} workers, median of rounds", f"{median(rates):,.0f}", "≥ 500"),
        ("processor time of a run, in the worker", f"{workers_ms / 400:.2f} ms", ""),
        ("processor time of a run, in the server", f"{server_ms / 400:.2f} ms", ""),
        ("a worker at rest, largest", f"{max(at_rest):.0f} MB", "≤ 40 MB"),
        (f"a worker after {rounds * 700 + 50} runs each, largest", f"{max(used):.0f} MB", ""),
        ("types stripped from 100 lines of TypeScript, median", f"{median(stripping):.2f} ms", ""),
        ("event loop late with all workers spinning, p99", f"{quantiles(gaps, n=100)[98]:.1f} ms", "< 20 ms"),
    ]


def measure_engine(rounds: int) -> str:
    """The table."""
    busy = busy_percent()
    with tempfile.TemporaryDirectory(prefix="devtime-bench-") as made:
        folder = Path(made)
        machine = describe_machine(folder)
        rows = asyncio.run(_measure(folder / "engine", rounds))
    lines = [
        f"DevTime {__version__}, {date.today().isoformat()}: {machine}. {rounds} rounds. "
        f"Before it began, other programs kept the machine {busy:.0f} % busy.",
        "",
        "| a plugin's run | | goal |",
        "|---|---:|---:|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"
