"""A week offline with everything killed at random: what was queued arrives, and arrives once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from database import TestServer
from devtime.client.health import examine_sending
from instances import Instance, Resident, run_instance
from machines import Desk, wait_until
from processes import free_port

_HOUR_MS = 3_600_000
_MONDAY_MS = 1_793_606_400_000

_EDITOR = """
import os, sys
from devtime.client.queueing import Beat, queue_beats
home, first = sys.argv[1], int(sys.argv[2])
times = [int(word) for word in sys.stdin.read().split()]
print("ready", flush=True)
for number, time_ms in enumerate(times[first:], first):
    queue_beats(home, [Beat("vim", "coding", time_ms, file=f"/srv/lamp/{number}.py", project="lamp")], {})
    print(number, flush=True)
"""


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory):
    """A running DevTime."""
    import asyncio

    address = asyncio.run(test_server.create_database())
    with run_instance(address, tmp_path_factory.mktemp("server")) as running:
        yield running


def exported(instance: Instance, resident: Resident) -> list[tuple[int, str]]:
    """Instant and file of every heartbeat the server has."""
    with instance.client(resident) as client:
        answer = client.get("/api/export/json")
        assert answer.status_code == 200, answer.text
    rows = [json.loads(line) for line in answer.text.splitlines()]
    return [(_ms(row["time"]), row.get("file", "")) for row in rows if "time" in row]


def _ms(told: str) -> int:
    return round(datetime.fromisoformat(told).timestamp() * 1_000)


def queue_until_killed(home: Path, times: list[int], first: int, patience_s: float) -> int:
    """An editor that queues from the given place on, and is killed; answers the place after the last acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", _EDITOR, str(home), str(first)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(" ".join(map(str, times)))
    process.stdin.close()
    assert process.stdout.readline() == "ready\n"
    time.sleep(patience_s)
    process.send_signal(signal.SIGKILL)
    told = [line for line in process.stdout.read().splitlines() if line]
    process.wait(30)
    return int(told[-1]) + 1 if told else first


@pytest.mark.slow
def test_a_week_offline_with_kills_and_a_clock_set_back_loses_nothing_and_counts_nothing_twice(
    instance: Instance, tmp_path: Path
) -> None:
    resident, chance = instance.settle(), random.Random(7)
    # Two hours a day, a heartbeat a minute; on Thursday the clock goes back by an hour.
    times = [
        _MONDAY_MS + day * 24 * _HOUR_MS + minute * 60_000 - (_HOUR_MS if day == 3 and minute >= 60 else 0) + minute
        for day in range(7)
        for minute in range(120)
    ]
    with Desk(tmp_path, "desk") as desk:
        desk.connect(f"http://127.0.0.1:{free_port()}", resident.key)
        at = 0
        while at < len(times):
            desk.start()
            at = queue_until_killed(desk.home, times, at, chance.uniform(0.05, 0.4))
            desk.kill()
        assert examine_sending(desk.home).waiting >= len(times)
        desk.connect(instance.address, resident.key)
        for _ in range(3):
            desk.start()
            time.sleep(chance.uniform(0.3, 1.2))
            desk.kill()
        desk.start()
        wait_until(lambda: examine_sending(desk.home).waiting == 0)
        desk.kill(signal.SIGTERM)
    expected = {(time_ms, f"/srv/lamp/{number}.py") for number, time_ms in enumerate(times)}
    assert Counter(exported(instance, resident)) == Counter(expected)


def test_without_a_collector_a_hook_sees_to_it_that_its_heartbeat_arrives(instance: Instance, tmp_path: Path) -> None:
    resident = instance.settle()
    desk = Desk(tmp_path, "desk")
    desk.connect(instance.address, resident.key)
    payload = {"hook_event_name": "Stop", "session_id": "s", "cwd": "/srv/lamp"}
    done = subprocess.run(
        [Path(sys.executable).with_name("devtime"), "hook", "claude-code"],
        input=json.dumps(payload), text=True, capture_output=True, timeout=30, check=True,
        env={**os.environ, "DEVTIME_HOME": str(desk.home)},
    )  # fmt: skip
    assert done.stdout == done.stderr == ""
    wait_until(lambda: len(exported(instance, resident)) == 1)
    health = examine_sending(desk.home)
    assert health.is_well
    assert health.waiting == 0
    assert health.sent_ms
