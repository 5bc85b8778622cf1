"""Runs share nothing, and a worker can do nothing but compute, whatever it is made to try."""

from __future__ import annotations

import asyncio
import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from devtime.plugins.engine.pool import Pool
from plugin_bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_nothing_of_one_run_is_there_in_the_next(one: Bench) -> None:
    await one.run(
        "globalThis.left = 1; Object.prototype.left = 2; Array.prototype.map = null; Math.random = () => 0.5;"
        "function main() { return 1 }"
    )
    outcome = await one.run("function main() { return [typeof left, ({}).left === undefined, [1].map((x) => x)] }")
    assert outcome.value_json == '["undefined",true,[1]]'


async def test_chance_is_drawn_anew_for_every_run(one: Bench) -> None:
    script = "function main() { return [Math.random(), Math.random()] }"
    drawn = [tuple(json.loads((await one.run(script)).value_json)) for _ in range(20)]
    assert len({number for pair in drawn for number in pair}) == 40
    assert all(0 <= number < 1 for pair in drawn for number in pair)


async def test_a_plugin_cannot_answer_or_name_the_call_of_another(compiled: Path) -> None:
    pool = Pool(compiled, workers=2)
    ours, theirs = Bench(pool), Bench(pool)
    script = """async function main(who) {
        const all = [];
        for (let i = 0; i < 30; i++) all.push(await host.call("echo", who));
        return all;
    }"""
    ends = await asyncio.gather(ours.run(script, '"ours"', key="a"), theirs.run(script, '"theirs"', key="b"))
    assert [set(map(str, json.loads(end.value_json))) for end in ends] == [{"['ours']"}, {"['theirs']"}]
    assert {arguments for _, arguments in ours.host.asked} == {'["ours"]'}
    assert {arguments for _, arguments in theirs.host.asked} == {'["theirs"]'}
    await pool.close()


_PROBES = {
    "open a file": "open('/etc/passwd')",
    "list a folder": "os.listdir('/')",
    "make a file": "open('/tmp/engine-probe', 'w')",
    "open a socket": "socket.socket()",
    "fork": "os.fork()",
    "start a program": "os.execv('/bin/true', ['true'])",
    "kill the parent": "os.kill(os.getppid(), 0)",
    "trace": "ctypes.CDLL(None).ptrace(0, 0, 0, 0)",
    "start a thread": "threading.Thread(target=print).start()",
    "make memory executable": "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)",
    "change a limit": "resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))",
}
_PROGRAM = """
import ctypes, mmap, os, resource, socket, sys, threading
from devtime.plugins.engine.isolation.harden import harden
steps = harden(without=frozenset(sys.argv[2:]))
states = {step.name: step.state for step in steps}
os.write(1, (repr(states) + "\\n").encode())
try:
    exec(sys.argv[1])
except (OSError, RuntimeError, MemoryError) as error:
    os.write(1, b"refused")
    os._exit(3)
os.write(1, b"done")
os._exit(0)
"""


def _probe(probe: str, *without: str) -> tuple[dict[str, str], int, str]:
    run = subprocess.run(
        [sys.executable, "-I", "-c", _PROGRAM, _PROBES[probe], *without],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    states, _, rest = run.stdout.partition("\n")
    return eval(states), run.returncode, rest


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
@pytest.mark.parametrize("probe", _PROBES)
async def test_a_hardened_process_that_tries_anything_is_ended_or_refused(probe: str) -> None:
    states, code, rest = _probe(probe)
    if states["seccomp"] != "on":
        pytest.skip("no seccomp here")
    assert rest != "done"
    assert code in {-31, 3}


@pytest.mark.skipif(sys.platform != "linux", reason="landlock is Linux's")
@pytest.mark.parametrize("probe", ["open a file", "list a folder", "make a file"])
async def test_landlock_alone_refuses_files(probe: str) -> None:
    states, code, rest = _probe(probe, "seccomp", "open files")
    if states["landlock"] != "on":
        pytest.skip("no landlock here")
    assert (code, rest) == (3, "refused")


@pytest.mark.skipif(platform.machine() not in {"x86_64", "aarch64"} or sys.platform != "linux", reason="no filter here")
async def test_every_step_tells_how_it_went(one: Bench) -> None:
    await one.run("function main() { return 1 }")
    names = [step.name for step in one.pool.steps]
    assert names[-1] == "seccomp"
    assert {"no new privileges", "landlock", "core", "open files", "data"} <= set(names)
    assert all(step.state == "on" or step.told for step in one.pool.steps)


@pytest.mark.parametrize(
    "without", [{"seccomp"}, {"landlock"}, {"seccomp", "landlock", "no new privileges", "data", "processes"}]
)
async def test_workers_work_where_the_system_has_fewer_locks(compiled: Path, without: set[str]) -> None:
    pool = Pool(compiled, workers=1, without=frozenset(without))
    bench = Bench(pool)
    outcome = await bench.run("async function main() { console.log('x'); return host.call('echo', 1) }")
    assert (outcome.kind, outcome.value_json) == ("ok", "[1]")
    assert {step.name for step in pool.steps if step.state == "off"} == without
    await pool.close()
