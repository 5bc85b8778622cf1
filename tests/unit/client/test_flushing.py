"""Sending: whatever a server answers, a heartbeat leaves the queue only when the server has it or never will."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest

from devtime.client.flusher import send_once
from devtime.client.outbox import open_outbox
from devtime.home.config import write_api
from devtime.kernel.errors import DevTimeError
from scripted_server import ScriptedServer, scripted_server


@pytest.fixture
def server() -> Generator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path, server: ScriptedServer) -> Path:
    write_api(tmp_path, server.endpoint, "dt_0")
    return tmp_path


def put(home: Path, *beats: object) -> None:
    with open_outbox(str(home)) as outbox:
        outbox.put([json.dumps(beat) for beat in beats])


def waiting(home: Path) -> int:
    with open_outbox(str(home)) as outbox:
        return outbox.count()


def fact(home: Path, name: str) -> str:
    with open_outbox(str(home)) as outbox:
        return outbox.facts().get(name, "")


def test_all_that_waits_goes_in_batches_oldest_first(home: Path, server: ScriptedServer) -> None:
    put(home, *({"tool": "vim", "timestamp": number} for number in range(1_200)))
    assert send_once(home) == 1_200
    assert server.sizes == [500, 500, 200]
    assert [one["timestamp"] for one in server.heartbeats] == list(range(1_200))
    assert waiting(home) == 0


_PROBLEM = json.dumps({"detail": "no"}).encode()


@pytest.mark.parametrize(
    "answer",
    [
        (401, {}, _PROBLEM), (403, {}, _PROBLEM), (404, {}, _PROBLEM), (429, {"Retry-After": "77"}, _PROBLEM),
        (500, {}, _PROBLEM), (503, {}, b""), (200, {}, b"<html>sign in</html>"), (400, {}, b"<html>proxy</html>"),
        (302, {"Location": "http://127.0.0.1:1/"}, b""), (200, {}, b"[]"), (204, {}, b""), (200, {}, b"\xff"),
    ],
)  # fmt: skip
def test_nothing_leaves_the_queue_when_the_server_did_not_take_it(
    home: Path, server: ScriptedServer, answer: tuple[int, dict[str, str], bytes]
) -> None:
    put(home, {"tool": "vim"})
    server.answers.append(answer)
    with pytest.raises(DevTimeError):
        send_once(home)
    assert waiting(home) == 1
    assert fact(home, "error")
    if answer[0] == 429:
        assert int(fact(home, "retry_ms")) - int(fact(home, "error_ms")) >= 77_000
    assert send_once(home) == 1
    assert (waiting(home), fact(home, "error")) == (0, "")


def test_heartbeats_the_server_never_takes_go_and_are_counted(home: Path, server: ScriptedServer) -> None:
    put(home, {"tool": "vim"}, {"no": 1}, {"tool": "vim"})
    assert send_once(home) == 2
    assert (waiting(home), fact(home, "rejected"), fact(home, "rejection")) == (0, "1", "tool: is required")


def test_a_batch_that_is_refused_as_a_whole_is_cut_until_its_good_ones_are_through(
    home: Path, server: ScriptedServer
) -> None:
    put(home, *([{"no": 1}] * 5), *([{"tool": "vim"}] * 30))
    server.answers.append((413, {}, json.dumps({"detail": "too large"}).encode()))
    send_once(home)
    assert len(server.heartbeats) == 30
    assert fact(home, "rejected") == "5"
    assert waiting(home) == 0


def test_without_a_server_in_the_configuration_all_waits(tmp_path: Path) -> None:
    put(tmp_path, {"tool": "vim"})
    with pytest.raises(DevTimeError, match=r"config\.toml"):
        send_once(tmp_path)
    assert waiting(tmp_path) == 1


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    write_api(tmp_path, "http://127.0.0.1:1", "dt_0")
    put(tmp_path, {"tool": "vim"})
    with pytest.raises(DevTimeError, match="cannot be asked"):
        send_once(tmp_path)
    assert waiting(tmp_path) == 1
