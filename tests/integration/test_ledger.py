"""The ledger under what machines do to it: kills, crowds, full disks, damage, missing rights."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from claude_logs import line, lines, usage
from devtime.kernel.errors import Unavailable
from devtime.ledger.bulk import Bulk
from devtime.ledger.locking import refresh_lock
from trial_ledger import Trial

_REFRESH = """
import sys
from pathlib import Path
from typing import Any
from devtime.ledger.ledger import open_ledger
from devtime.readers.surroundings import Surroundings
home = Path(sys.argv[1])
with open_ledger(home / ".devtime") as ledger:
    for _ in range(int(sys.argv[2])):
        outcome = ledger.refresh(Surroundings(home, {}))
        print(outcome.trouble or outcome.events, flush=True)
"""


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(tmp_path)


def _start(trial: Trial, times: int = 1) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", _REFRESH, str(trial.home), str(times)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _grow(trial: Trial, random_: random.Random, turn: int) -> None:
    """Some logs grow, one is replaced now and then, and old lines are told again."""
    for number in random_.sample(range(12), 5):
        relative = f"p{number % 3}/s{number}.jsonl"
        if not (trial.logs / relative).exists() or random_.random() < 0.1:
            trial.put(relative, b"{}\n")
        told = [
            line(f"m{random_.randrange(turn * 40 + 40)}", usage(answered=random_.randrange(900)))
            for _ in range(random_.randrange(400))
        ]
        trial.add(relative, lines(*told))


def test_sums_are_exact_after_a_refresh_was_killed_twenty_times(trial: Trial) -> None:
    chance = random.Random(5)
    killed = 0
    for turn in range(20):
        _grow(trial, chance, turn)
        process = _start(trial, times=50)
        time.sleep(chance.uniform(0.05, 0.5))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        process.communicate()
    assert killed
    trial.refresh()
    rows = trial.rows()
    assert rows
    assert rows == trial.anew()
    assert rows == trial.rows_of_events()
    assert [path.name for path in trial.ledger_home.iterdir() if ".new" in path.name or ".broken" in path.name] == []


def test_many_processes_may_refresh_at_once(trial: Trial) -> None:
    chance = random.Random(6)
    for turn in range(3):
        _grow(trial, chance, turn)
        processes = [_start(trial, times=3) for _ in range(5)]
        outcomes = [process.communicate() for process in processes]
        assert [told for _, told in outcomes] == [""] * 5
        assert all(word.isdigit() for words, _ in outcomes for word in words.split())
    assert trial.rows() == trial.anew()


def test_who_does_not_want_to_wait_does_not(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1")))
    trial.refresh()
    trial.add("p/a.jsonl", lines(line("m2")))
    with refresh_lock(trial.ledger_home, wait=True) as is_mine, trial.open() as ledger:
        assert is_mine
        assert ledger.refresh(trial.surroundings, wait=False).is_other_running
        assert len(trial.rows()) == 1
    assert trial.refresh().events == 1


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "page"])
def test_a_damaged_ledger_is_set_aside_and_made_anew(trial: Trial, damage: str) -> None:
    for number in range(40):
        trial.put(f"p/{number}.jsonl", lines(*[line(f"m{number}-{n}") for n in range(60)]))
    trial.refresh()
    before = trial.rows()
    path = trial.ledger_home / "ledger.db"
    whole = path.read_bytes()
    path.write_bytes(
        {
            "garbage": b"no database at all" * 1_000,
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "page": whole[:4_096] + b"\xaa" * (len(whole) - 4_096),
        }[damage]
    )
    outcome = trial.refresh()
    if not outcome.set_aside:  # nothing that was looked at was damaged: the first question finds out
        with pytest.raises(Unavailable, match="made anew"):
            trial.rows()
        trial.refresh()
    assert trial.rows() == before
    assert len(list(trial.ledger_home.glob("ledger.db.broken-*[0-9]"))) == 1


def test_a_ledger_of_a_newer_program_is_left_alone(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1")))
    trial.refresh()
    path = trial.ledger_home / "ledger.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1000")
    connection.close()
    with trial.open() as ledger:
        assert "newer DevTime" in ledger.refresh(trial.surroundings).trouble
        with pytest.raises(Unavailable, match="newer DevTime"):
            ledger.rates()
    assert list(trial.ledger_home.glob("*broken*")) == []


def test_a_ledger_of_an_older_program_goes_on(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1")))
    trial.refresh()
    before = trial.rows()
    with sqlite3.connect(trial.ledger_home / "ledger.db") as connection:
        connection.execute("DROP TABLE answers")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert trial.rows() == before
    assert trial.refresh().set_aside == ""


def _limit_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))


def test_a_full_disk_is_told_and_breaks_nothing(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10))))
    trial.refresh()
    before = trial.rows()
    trial.put("p/b.jsonl", lines(*[line(f"b{n}") for n in range(9_000)]))
    words = [sys.executable, "-c", _REFRESH, str(trial.home), "1"]
    told = subprocess.run(words, capture_output=True, text=True, preexec_fn=_limit_files, check=True)
    assert "could not be written" in told.stdout
    assert trial.rows() == before
    trial.refresh()
    assert trial.rows() == trial.anew()


def test_a_full_disk_at_the_first_reading_leaves_nothing_behind(trial: Trial) -> None:
    trial.put("p/b.jsonl", lines(*[line(f"b{n}") for n in range(9_000)]))
    words = [sys.executable, "-c", _REFRESH, str(trial.home), "1"]
    told = subprocess.run(words, capture_output=True, text=True, preexec_fn=_limit_files, check=True)
    assert "could not be written" in told.stdout
    assert [path.name for path in trial.ledger_home.iterdir()] == ["ledger.lock"]
    trial.refresh()
    assert trial.rows() == trial.anew()


def test_only_its_owner_can_read_the_ledger(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1")))
    trial.refresh()
    assert trial.ledger_home.stat().st_mode & 0o777 == 0o700
    with trial.open() as ledger:
        ledger.set_sync_position("here", 1)
        assert {path.name: path.stat().st_mode & 0o777 for path in trial.ledger_home.glob("ledger.db*")} == {
            "ledger.db": 0o600,
            "ledger.db-shm": 0o600,
            "ledger.db-wal": 0o600,
        }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named_and_read_when_it_may(trial: Trial) -> None:
    path = trial.put("p/a.jsonl", lines(line("m1")))
    trial.put("q/b.jsonl", lines(line("m2")))
    path.chmod(0)
    (trial.logs / "q").chmod(0)
    outcome = trial.refresh()
    (trial.logs / "q").chmod(0o700)
    assert outcome.skipped == 2
    path.chmod(0o600)
    trial.refresh()
    assert len(trial.rows()) == 2


def test_a_log_that_grows_while_it_is_read_ends_right(trial: Trial) -> None:
    trial.put("p/a.jsonl", b"")
    process = _start(trial, times=60)
    for number in range(3_000):
        data = lines(line(f"m{number}", usage(answered=number)))
        trial.add("p/a.jsonl", data[:100])
        trial.add("p/a.jsonl", data[100:])
    _, told = process.communicate()
    assert told == ""
    trial.refresh()
    assert trial.rows() == trial.anew()
    assert sum(counts[0] for _, counts in trial.rows()) == 3_000


@pytest.mark.parametrize("cores", [2, 4])
def test_much_is_read_by_several_processes_and_comes_to_the_same(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    take = Bulk.take

    def take_slowly(bulk: Bulk, *log: Any) -> None:
        time.sleep(0.05)  # so that the other processes, which are slow to start, get some too
        take(bulk, *log)

    chance = random.Random(7)
    for turn in range(6):
        _grow(trial, chance, turn)
    alone = trial.anew()
    monkeypatch.setattr("devtime.ledger.building.MUCH_BYTES", 1)
    monkeypatch.setattr(Bulk, "take", take_slowly)
    trial.refresh()
    assert trial.rows() == alone
    assert trial.rows() == trial.rows_of_events()
    _grow(trial, chance, 7)
    trial.refresh()
    assert trial.rows() == trial.anew()
