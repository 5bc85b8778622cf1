"""The collector's rounds of probes: what is asked when, what is worth telling, and that a server gets each once."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from devtime.collector.limit_outbox import MOST_ROWS, LimitOutbox, Snapshot
from devtime.collector.limit_sending import MOST_A_BATCH, send_limits
from devtime.collector.probing import probe_round
from devtime.kernel.errors import NotFound, Unavailable
from devtime.limits.reading import decode_limits_batch, read_told
from devtime.limits.sources import Told
from devtime.plugins.kinds.probe.lines import BarChart, Progress
from devtime.plugins.kinds.probe.surroundings import TEST_VARIABLE
from devtime.probes.prober import Prober
from loopback import Reply, Service, serve

NOW_MS = 1_768_478_400_000


@pytest.fixture
def home(tmp_path: Path, compiled: Path) -> Path:
    """A DevTime home whose only probes are `mock` and `claude`."""
    folder = tmp_path / "devtime"
    folder.mkdir()
    shutil.copytree(compiled, folder / "engine")
    (folder / "config.toml").write_text(
        '[probes]\norder = ["mock"]\n'
        'disabled = ["codex", "copilot", "cursor", "gemini", "openrouter", "zai", "amp"]\nevery_minutes = 5\n'
    )
    return folder


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as running:
        running.say("/api/oauth/usage", Reply({"five_hour": {"utilization": 42, "resets_at": "2099-01-01T00:00:00Z"}}))
        yield running


class Machine:
    """A person's machine: rounds of probes at an hour one can set."""

    def __init__(self, home: Path, service: Service) -> None:
        self.home, self.service = home, service
        self.now_ms = NOW_MS

    def log_in(self) -> None:
        folder = self.home.parent / ".claude"
        folder.mkdir(exist_ok=True)
        (folder / ".credentials.json").write_text(json.dumps({"claudeAiOauth": {"accessToken": "t"}}))

    def leave_out_mock(self) -> None:
        config = self.home / "config.toml"
        config.write_text(config.read_text().replace('order = ["mock"]', "order = []"))

    async def round(self, minutes_later: float = 0) -> int:
        self.now_ms += round(minutes_later * 60_000)
        prober = Prober(
            self.home,
            environment={TEST_VARIABLE: "1"},
            user_home=self.home.parent,
            rewrites={"https://api.anthropic.com": self.service.origin},
        )
        prober.surroundings = msgspec.structs.replace(prober.surroundings, now_ns=lambda: self.now_ms * 1_000_000)
        return await probe_round(self.home, prober, lambda: self.now_ms)

    def told(self) -> list[Told]:
        """What a server would read of it."""
        receiver = Receiver()
        send_limits(LimitOutbox(self.home), receiver, f"server {id(receiver)}", "laptop", lambda: False)
        return receiver.told


class Receiver:
    """A server that reads what it gets, and may fail."""

    def __init__(self, *failures: Exception) -> None:
        self.told: list[Told] = []
        self._failures = list(failures)

    def send_limits(self, batch: bytes) -> int:
        if self._failures:
            raise self._failures.pop(0)
        read = decode_limits_batch(batch)
        self.told += [read_told(item, read.machine, NOW_MS + 86_400_000) for item in read.snapshots]
        return 0


@pytest.fixture
def machine(home: Path, service: Service) -> Machine:
    return Machine(home, service)


async def test_a_round_tells_what_the_server_understands_whole(machine: Machine) -> None:
    assert await machine.round() == 1
    (mock,) = machine.told()
    assert (mock.source.machine, mock.source.plugin, mock.source.instance) == ("laptop", "mock", "")
    assert (mock.display_name, mock.plan, mock.error, mock.at_ms) == ("Mock", "Made up", None, NOW_MS)
    assert [line.label for line in mock.lines] == ["Ahead", "Behind", "Over", "Words", "Status", "Days"]
    assert isinstance(mock.lines[0], Progress)
    assert isinstance(mock.lines[-1], BarChart)
    assert mock.overview == ("Ahead", "Behind", "Status")
    assert mock.icon is not None
    assert mock.next_at_ms == NOW_MS + 5 * 60_000


async def test_a_login_that_was_never_there_is_not_told_and_one_that_ended_is(machine: Machine) -> None:
    await machine.round()
    assert {each.source.plugin for each in machine.told()} == {"mock"}
    machine.log_in()
    assert await machine.round(60) == 2
    machine.service.say("/api/oauth/usage", Reply({}, 401))
    await machine.round(60)
    last = [each for each in machine.told() if each.source.plugin == "claude"][-1]
    assert last.error is not None
    assert "Run `claude`" in last.error
    assert (last.fetched_at_ms, last.at_ms) == (NOW_MS + 60 * 60_000, NOW_MS + 120 * 60_000)
    assert [line.label for line in last.lines] == ["Session"]


async def test_probes_are_asked_when_their_time_has_come_and_not_before(machine: Machine) -> None:
    machine.log_in()
    assert [await machine.round(minutes) for minutes in (0, 1, 1, 4)] == [2, 0, 0, 2]


async def test_failures_in_a_row_are_asked_less_and_less(machine: Machine) -> None:
    machine.leave_out_mock()
    machine.log_in()
    await machine.round()
    machine.service.say("/api/oauth/usage", Reply("", 503))
    asked: list[int] = []
    for minute in range(5, 125, 5):
        before = len(machine.service.heard)
        await machine.round(5)
        if len(machine.service.heard) > before:
            asked.append(minute)
    gaps = [after - before for before, after in pairwise(asked)]
    assert gaps == sorted(gaps)
    assert gaps[-1] >= 35


async def test_a_service_that_asks_for_patience_is_left_alone(machine: Machine) -> None:
    machine.leave_out_mock()
    machine.log_in()
    await machine.round()
    machine.service.say("/api/oauth/usage", Reply("", 429, {"Retry-After": "2400"}))
    await machine.round(5)
    heard = len(machine.service.heard)
    for _ in range(7):
        await machine.round(5)
    assert len(machine.service.heard) == heard
    await machine.round(6)
    assert len(machine.service.heard) == heard + 1


async def test_what_was_asked_by_hand_is_told_too(machine: Machine) -> None:
    prober = Prober(machine.home, environment={TEST_VARIABLE: "1"}, user_home=machine.home.parent)
    prober.surroundings = msgspec.structs.replace(prober.surroundings, now_ns=lambda: machine.now_ms * 1_000_000)
    await prober.ask(prober.pairs([prober.find("mock")[0]]))
    await prober.close()
    assert await machine.round(1) == 1


def fill(home: Path, count: int) -> LimitOutbox:
    outbox = LimitOutbox(home)
    body = '{"plugin":"mock","at_ms":%d,"error":"x"}'
    outbox.add(Snapshot("mock", NOW_MS + place, body % (NOW_MS + place)) for place in range(count))
    return outbox


def test_each_server_gets_everything_once(home: Path) -> None:
    outbox, one, other = fill(home, 2 * MOST_A_BATCH + 5), Receiver(), Receiver(Unavailable("gone"))
    assert send_limits(outbox, one, "one", "laptop", lambda: False) == 2 * MOST_A_BATCH + 5
    assert send_limits(outbox, one, "one", "laptop", lambda: False) == 0
    with pytest.raises(Unavailable):
        send_limits(outbox, other, "other", "laptop", lambda: False)
    send_limits(outbox, other, "other", "laptop", lambda: False)
    assert [each.at_ms for each in one.told] == [each.at_ms for each in other.told]
    assert len(one.told) == 2 * MOST_A_BATCH + 5


def test_a_server_of_before_limits_is_no_trouble(home: Path) -> None:
    outbox = fill(home, 3)
    assert send_limits(outbox, Receiver(NotFound("no such path")), "old", "laptop", lambda: False) == 0
    assert send_limits(outbox, Receiver(), "old", "laptop", lambda: False) == 3


def test_adding_again_changes_nothing_and_the_oldest_go(home: Path) -> None:
    outbox = fill(home, 5)
    assert fill(home, 5).after("s", 100)[1] == 5
    outbox.add([Snapshot("mock", NOW_MS + 200 * 86_400_000, "{}")])
    assert [each.at_ms for each in outbox.history("mock")] == [NOW_MS + 200 * 86_400_000]
    assert MOST_ROWS >= 50_000


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_damaged_file_is_told_with_what_to_do(home: Path, content: bytes) -> None:
    (home / "limits.db").write_bytes(content)
    with pytest.raises(Unavailable, match="move it away"):
        LimitOutbox(home).after("s", 1)


def test_the_file_is_its_owners_alone(home: Path) -> None:
    fill(home, 1)
    assert (home / "limits.db").stat().st_mode & 0o077 == 0
    with sqlite3.connect(home / "limits.db") as connection:
        found: Any = connection.execute("SELECT count(*) FROM told").fetchone()
    assert found == (1,)
