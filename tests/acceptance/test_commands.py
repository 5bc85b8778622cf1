"""The command line, used as people use it: real processes on a home of their own, with the built-in database."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from devtime import __version__
from devtime.home.config import read_api
from running import free_port

_PATIENCE_S = 60.0
_RUN = "from devtime.cli.main import run; run()"


@dataclass(frozen=True)
class Machine:
    """A developer's machine with `devtime up` running on it."""

    home: Path
    port: int
    told: str

    def run(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """A command on this machine."""
        return subprocess.run(
            [sys.executable, "-c", _RUN, *words],
            env=_environment(self.home),
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def send(self, *items: dict[str, object]) -> None:
        """Heartbeats with the machine's own key."""
        endpoint, key = read_api(self.home)
        answer = httpx.post(f"{endpoint}/api/heartbeat/batch", json=items, headers={"X-API-Key": key}, trust_env=False)
        assert answer.json()["ok"], answer.text


def _environment(home: Path) -> dict[str, str]:
    told = {name: value for name, value in os.environ.items() if not name.startswith(("DEVTIME_", "DATABASE_URL"))}
    return {**told, "DEVTIME_HOME": str(home), "DEVTIME_COLLECT": "no", "COLUMNS": "200", "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Generator[Machine]:
    """`devtime up` from nothing, stopped at the end as Ctrl+C does."""
    home, port = tmp_path_factory.mktemp("machine") / "home", free_port()
    log = home.parent / "up.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, "up", "--port", str(port)],
            env=_environment(home),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + _PATIENCE_S
    while "Ctrl+C stops it" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    yield Machine(home, port, log.read_text())
    process.terminate()
    process.wait(_PATIENCE_S)
    assert "Traceback" not in log.read_text(), log.read_text()


def test_up_tells_the_address_a_link_and_a_heartbeat_to_try(machine: Machine) -> None:
    address = f"http://127.0.0.1:{machine.port}"
    assert address in machine.told
    assert re.search(rf"{address}/welcome\?token=\S{{20,}}", machine.told)
    command = machine.told[machine.told.index("curl ") : machine.told.index("Ctrl+C")]
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == '{ "ok": true }'


def test_up_writes_a_config_that_clients_on_the_machine_can_use(machine: Machine) -> None:
    endpoint, key = read_api(machine.home)
    answer = httpx.get(f"{endpoint}/api/v1/user/me", headers={"X-API-Key": key}, trust_env=False)
    assert answer.status_code == 200
    assert machine.home.stat().st_mode & 0o077 == 0


def test_a_second_up_on_the_same_port_says_what_to_do(machine: Machine) -> None:
    done = machine.run("up", "--port", str(machine.port))
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_finds_a_healthy_machine(machine: Machine) -> None:
    done = machine.run("doctor", "--port", str(machine.port), "--json")
    findings = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 0, done.stdout
    assert {finding["state"] for finding in findings.values()} <= {"ok", "warning"}
    assert findings["server"]["told"].startswith("answers")
    assert findings["key"]["state"] == "ok"
    assert "migrations applied" in findings["database"]["told"]


def test_the_doctor_names_a_key_the_server_does_not_know(machine: Machine, tmp_path: Path) -> None:
    endpoint, _ = read_api(machine.home)
    (tmp_path / "config.toml").write_text(f'[api]\nendpoint = "{endpoint}"\nkey = "dt_{"0" * 32}"\n')
    done = Machine(tmp_path, machine.port, "").run("doctor", "--port", str(machine.port))
    assert done.returncode == 1
    assert "does not know the key" in done.stdout


def test_a_login_link_signs_in(machine: Machine) -> None:
    link = machine.run("admin", "login-link").stdout.strip()
    assert link.startswith(f"http://127.0.0.1:{machine.port}/welcome?token=")
    page = httpx.get(link, trust_env=False)
    assert page.status_code == 200
    assert 'name="password"' in page.text


def test_history_goes_out_and_in_again_without_doubling(machine: Machine, tmp_path: Path) -> None:
    start = 1_736_899_200_000
    machine.send(*({"tool": "vscode", "timestamp": start + n * 60_000, "activity_type": "coding"} for n in range(30)))
    file = tmp_path / "all.jsonl"
    exported = machine.run("export", str(file))
    assert exported.returncode == 0, exported.stderr
    assert len(file.read_text().splitlines()) >= 31
    again = machine.run("export", str(file))
    assert again.returncode == 1
    assert "--force" in again.stderr
    imported = machine.run("import", str(file), "--json")
    assert imported.returncode == 0, imported.stderr
    answer = json.loads(imported.stdout)
    assert (answer["inserted"], answer["rejected"]) == (0, 0)
    assert answer["duplicates"] >= 30


def test_importing_nonsense_fails_and_says_why(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "nonsense.bin").write_bytes(b"\x00\x01nothing")
    done = machine.run("import", str(tmp_path / "nonsense.bin"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("✗")
    missing = machine.run("import", str(tmp_path / "missing.json"))
    assert (missing.returncode, "there is no file" in missing.stderr) == (1, True)


def test_verify_finds_nothing_then_a_planted_fault_which_rebuild_mends(machine: Machine) -> None:
    machine.send(
        *({"tool": "zed", "timestamp": 1_736_985_600_000 + n * 60_000, "activity_type": "coding"} for n in range(5))
    )
    assert machine.run("admin", "verify").returncode == 0
    _run_sql(
        machine, "UPDATE activity_slots SET lane_ms = lane_ms + 1 WHERE slot = (SELECT min(slot) FROM activity_slots)"
    )
    found = machine.run("admin", "verify", "--json")
    assert found.returncode == 1
    assert [verdict["differences"] for verdict in json.loads(found.stdout).values()] == [1]
    assert "devtime admin rebuild" in machine.run("admin", "verify").stdout
    assert machine.run("admin", "rebuild").returncode == 0
    assert machine.run("admin", "verify").returncode == 0


def _run_sql(machine: Machine, statement: str) -> None:
    script = (
        "import asyncio, sys, pathlib\n"
        "from devtime.store.database import Database\n"
        "from devtime.store.embedded import attach\n"
        "async def main():\n"
        "    database = await Database.open(attach(pathlib.Path(sys.argv[1])).dsn())\n"
        "    await database.execute(sys.argv[2])\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", script, str(machine.home), statement], check=True, timeout=60)


def test_a_backup_brings_back_what_was_deleted(machine: Machine, tmp_path: Path) -> None:
    machine.send({"tool": "emacs", "timestamp": 1_737_072_000_000, "activity_type": "coding", "project": "precious"})
    file = tmp_path / "night.devtime-backup"
    assert machine.run("admin", "backup", str(file)).returncode == 0
    assert file.stat().st_mode & 0o077 == 0
    _run_sql(machine, "DELETE FROM heartbeats")
    refused = machine.run("admin", "restore", str(file), text="no\n")
    assert "nothing was changed" in refused.stderr
    restored = machine.run("admin", "restore", str(file), "--yes")
    assert restored.returncode == 0, restored.stderr
    assert "Undo with" in restored.stdout
    endpoint, key = read_api(machine.home)
    shown = httpx.get(f"{endpoint}/api/stats?range=all", headers={"X-API-Key": key}, trust_env=False).json()
    assert shown["heartbeats"] >= 1
    assert machine.run("admin", "verify").returncode == 0


def test_migrate_has_nothing_to_do_on_a_running_machine(machine: Machine) -> None:
    assert "nothing to do" in machine.run("admin", "migrate").stdout


def test_version_and_help_answer_without_a_home(tmp_path: Path) -> None:
    nowhere = Machine(tmp_path / "none", 0, "")
    assert nowhere.run("--version").stdout.strip() == __version__
    assert "demo" in nowhere.run("--help").stdout
    assert not (tmp_path / "none").exists()


def test_errors_meant_for_people_come_without_a_traceback(machine: Machine, tmp_path: Path) -> None:
    for words in (("admin", "restore", str(tmp_path / "none")), ("admin", "verify", "--user", "nobody-here")):
        done = machine.run(*words)
        assert done.returncode == 1
        assert done.stderr.startswith("devtime: there is no")
