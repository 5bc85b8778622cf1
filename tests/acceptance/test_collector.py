"""The collector beside a real server: every event arrives once, from any number of machines, whatever dies."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import httpx
import pytest

from database import TestServer
from instances import Instance, Resident, run_instance
from machines import Desk, Scribe, wait_until
from processes import free_port


@pytest.fixture(scope="module")
def instance(test_server: TestServer, tmp_path_factory: pytest.TempPathFactory):
    """A running DevTime."""
    import asyncio

    address = asyncio.run(test_server.create_database())
    with run_instance(address, tmp_path_factory.mktemp("server")) as running:
        yield running


def total(instance: Instance, resident: Resident) -> tuple[int, int, int]:
    """What the server says the resident's agents used."""
    with instance.client(resident) as client:
        answer = client.get("/api/usage", params={"range": "all", "group": "agent"})
        assert answer.status_code == 200, answer.text
        sums = answer.json()["totals"]
    return (sums["events"], sums["input_tokens"], sums["output_tokens"])


def machines_of(instance: Instance, resident: Resident) -> dict[str, int]:
    """Events by machine."""
    with instance.client(resident) as client:
        rows = client.get("/api/usage", params={"range": "all", "group": "machine"}).json()["rows"]
    return {row["machine"]: row["events"] for row in rows}


def test_two_machines_with_the_same_logs_count_each_event_once(instance: Instance, tmp_path: Path) -> None:
    resident, scribe = instance.settle(), Scribe(seed=1)
    shared = scribe.lines(300)
    desks = [Desk(tmp_path, "desk"), Desk(tmp_path, "laptop")]
    for desk in desks:
        desk.connect(instance.address, resident.key)
        desk.append("synced", shared)
        desk.collect_once()
    own = Scribe(seed=2)
    desks[1].append("own", own.lines(50))
    for desk in desks:
        desk.collect_once()
    events, given, answered = (a + b for a, b in zip(scribe.truth.as_row(), own.truth.as_row(), strict=True))
    assert total(instance, resident) == (events, given, answered)
    assert sum(machines_of(instance, resident).values()) == 350


def test_a_running_collector_sends_what_an_agent_writes(instance: Instance, tmp_path: Path) -> None:
    resident, scribe = instance.settle(), Scribe(seed=3)
    with Desk(tmp_path, "desk") as desk:
        desk.connect(instance.address, resident.key)
        desk.start()
        for log in ("one", "two", "one"):
            desk.append(log, scribe.lines(20))
            wait_until(lambda: total(instance, resident) == scribe.truth.as_row())
        assert desk.kill(signal.SIGTERM) == 0
    assert machines_of(instance, resident) == {"desk": 60}


def test_a_second_collector_says_that_one_runs_already(tmp_path: Path) -> None:
    with Desk(tmp_path, "desk") as desk, desk.another() as other:
        desk.start()
        wait_until(lambda: (desk.home / "collector.lock").exists())
        other.start()
        assert other.wait() == 1
        assert "runs already" in desk.said()
        assert desk.kill(signal.SIGTERM) == 0


def test_days_offline_are_caught_up_and_no_logs_are_needed_then(instance: Instance, tmp_path: Path) -> None:
    resident, scribe, desk = instance.settle(), Scribe(seed=4), Desk(tmp_path, "desk")
    desk.connect(f"http://127.0.0.1:{free_port()}", resident.key)
    desk.append("old", scribe.lines(2_500))
    assert "0 events sent" in desk.collect_once()
    (desk.projects / "old.jsonl").unlink()
    desk.connect(instance.address, resident.key)
    desk.collect_once()
    assert total(instance, resident) == scribe.truth.as_row()


def test_a_key_that_is_wrong_is_told_and_loses_nothing(instance: Instance, tmp_path: Path) -> None:
    resident, scribe, desk = instance.settle(), Scribe(seed=5), Desk(tmp_path, "desk")
    desk.append("log", scribe.lines(30))
    desk.connect(instance.address, "dt_" + "0" * 32)
    assert "nothing is lost" in desk.collect_once()
    desk.connect(instance.address, resident.key)
    desk.collect_once()
    assert total(instance, resident) == scribe.truth.as_row()


@pytest.mark.slow
def test_killed_collectors_and_servers_lose_nothing_and_count_nothing_twice(instance: Instance, tmp_path: Path) -> None:
    resident = instance.settle()
    scribes = [Scribe(seed=seed) for seed in range(10, 14)]
    with Desk(tmp_path, "desk") as desk:
        desk.connect(instance.address, resident.key)
        desk.start()
        for turn in range(20):
            for scribe in scribes:
                desk.append(f"log{scribe.seed}", scribe.lines(40))
            time.sleep(random.Random(turn).random())
            if turn % 7 == 6:
                # Workers that fall within five seconds of each other are a crash loop, and the server ends.
                time.sleep(6)
                _kill_server(instance)
                wait_until(lambda: _is_up(instance))
            else:
                desk.kill()
                desk.start()
        expected = tuple(map(sum, zip(*(scribe.truth.as_row() for scribe in scribes), strict=True)))
        wait_until(lambda: _total_when_up(instance, resident) == expected)
        desk.kill(signal.SIGTERM)
        for log in desk.projects.iterdir():
            log.unlink()
        desk.collect_once()
        assert total(instance, resident) == expected


def _kill_server(instance: Instance) -> None:
    import psutil

    for process in psutil.Process(instance.process.pid).children(recursive=True):
        if "--multiprocessing-fork" in process.cmdline():
            process.kill()


def _is_up(instance: Instance) -> bool:
    try:
        with instance.client() as client:
            return client.get("/api/health").status_code == 200
    except httpx.HTTPError:
        return False


def _total_when_up(instance: Instance, resident: Resident) -> tuple[int, int, int]:
    try:
        return total(instance, resident)
    except httpx.HTTPError:
        return (0, 0, 0)


def test_limits_of_a_machine_arrive_at_the_server(instance: Instance, tmp_path: Path) -> None:
    resident = instance.settle()

    def told() -> dict[str, list[str]]:
        with instance.client(resident) as client:
            sources = client.get("/api/limits").json()["sources"]
        return {source["plugin"]: [line["label"] for line in source["lines"]] for source in sources}

    with Desk(tmp_path, "desk") as desk:
        desk.connect(instance.address, resident.key)
        with (desk.home / "config.toml").open("a", encoding="utf-8") as config:
            config.write('[probes]\norder = ["mock"]\n')
        desk.start()
        wait_until(lambda: "mock" in told(), 60)
        assert told() == {"mock": ["Ahead", "Behind", "Over", "Words", "Status", "Days"]}
        assert desk.kill(signal.SIGTERM) == 0
