"""Remembered answers are those the slots would give now."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from claude_logs import line, lines, usage
from devtime.wire.usage_sums import UsageCell, UsageQuestion
from trial_ledger import Trial


def told(trial: Trial, zone: str = "UTC") -> dict[tuple[int | str, ...], int]:
    with trial.open() as ledger:
        cells: list[UsageCell] = ledger.sums(UsageQuestion(parts=("day", "model"), zone=zone))
    sums: dict[tuple[int | str, ...], int] = {}
    for cell in cells:
        assert cell.names not in sums
        sums[cell.names] = cell.tokens.output
    return sums


def remembered(trial: Trial) -> int:
    with sqlite3.connect(trial.ledger_home / "ledger.db") as connection:
        (count,) = connection.execute("SELECT count(*) FROM answers").fetchone()
    connection.close()
    return count


def day(number: int, id: str, answered: int) -> bytes:
    return lines(line(id, usage(answered=answered), timestamp=f"2026-11-{number:02d}T10:00:00.000Z"))


def test_an_answer_of_days_gone_by_stays_while_today_goes_on(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.put("p/a.jsonl", day(10, "m1", 1) + day(15, "m2", 2))
    trial.refresh()
    assert sum(told(trial).values()) == 3
    assert remembered(trial) == 1
    trial.add("p/a.jsonl", day(15, "m3", 4))
    trial.refresh()
    assert remembered(trial) == 1
    assert sorted(told(trial).values()) == [1, 6]


def test_a_late_event_makes_it_forgotten(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.put("p/a.jsonl", day(10, "m1", 1) + day(15, "m2", 2))
    trial.refresh()
    told(trial)
    trial.add("p/a.jsonl", day(10, "m3", 4))
    trial.refresh()
    assert remembered(trial) == 0
    assert sorted(told(trial).values()) == [2, 5]


def test_each_question_has_its_own_and_the_oldest_make_room(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.put("p/a.jsonl", day(10, "m1", 1) + day(15, "m2", 2))
    trial.refresh()
    for hours in range(-12, 13):
        for _ in range(2):
            assert sum(told(trial, f"Etc/GMT{hours:+d}" if hours else "UTC").values()) == 3
    assert 1 < remembered(trial) <= 32


def test_an_answer_that_was_altered_is_worked_out_anew(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    trial.put("p/a.jsonl", day(10, "m1", 1) + day(15, "m2", 2))
    trial.refresh()
    whole = told(trial)
    for spoilt in (b"", b"short", b"\x00" * 16 + b"[\xff\xff\xff\x7f"):
        with sqlite3.connect(trial.ledger_home / "ledger.db") as connection:
            assert connection.execute("UPDATE answers SET rows = ?", (spoilt,)).rowcount == 1
        connection.close()
        assert told(trial) == whole
