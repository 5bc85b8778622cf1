"""What a refresh makes of logs that grow, shrink, vanish, repeat each other and are broken."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from claude_logs import line, lines, usage
from devtime.ledger import logs, scanning, searching
from devtime.wire.usage_sums import UsageQuestion
from trial_ledger import Trial


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(tmp_path)


def output(trial: Trial) -> int:
    """All output tokens; the sums, the events and what a new ledger would say agree."""
    rows = trial.rows()
    assert rows == trial.rows_of_events()
    return sum(counts[2] for _, counts in rows)


def test_nothing_is_there_before_the_first_log(trial: Trial) -> None:
    assert trial.rows() == []
    assert trial.refresh().logs == 0
    assert trial.rows() == []


def test_only_what_is_new_is_read(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10))))
    assert trial.refresh().events == 1
    assert trial.refresh().read_bytes == 0
    more = lines(line("m2", usage(answered=7)))
    trial.add("p/a.jsonl", more)
    outcome = trial.refresh()
    assert (outcome.read, outcome.read_bytes, outcome.events) == (1, len(more), 1)
    assert output(trial) == 17


def test_a_log_that_grew_is_read_on_without_a_search(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "_TICK_NS", 0)  # folders that have just changed are believed at once
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10)), line("m3", usage(answered=2))))
    trial.put("p/b.jsonl", lines(line("m1", usage(answered=10)), line("m2", usage(answered=5))))
    time.sleep(0.02)
    trial.refresh()
    with monkeypatch.context() as without:
        without.delattr(searching, "search")
        trial.add("p/b.jsonl", lines(line("m1", usage(answered=14)), line("m4", usage(answered=3))))
        outcome = trial.refresh()
        assert (outcome.logs, outcome.read, outcome.events) == (0, 1, 2)
        assert output(trial) == 24
    trial.put("p/a.jsonl", lines(line("m3", usage(answered=2))))
    trial.put("p/b.jsonl", lines(line("m4", usage(answered=3))))
    trial.put("p/c.jsonl", lines(line("m5", usage(answered=1))))
    assert trial.refresh().logs == 3
    assert output(trial) == 6


def test_a_response_that_grows_in_later_lines_counts_once(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10))))
    trial.refresh()
    trial.add("p/a.jsonl", lines(line("m1", usage(answered=90), timestamp="2026-11-19T10:20:00.000Z")))
    trial.refresh()
    assert output(trial) == 90
    assert trial.rows() == trial.anew()


def test_a_half_written_line_counts_when_it_is_whole(trial: Trial) -> None:
    whole = lines(line("m1", usage(answered=10)), line("m2", usage(answered=7)))
    for end in (len(whole) - 300, len(whole) - 2):
        trial.put("p/a.jsonl", whole[:end])
        outcome = trial.refresh()
        assert (output(trial), outcome.skipped) == (10, 0)
        trial.add("p/a.jsonl", whole[end:])
        trial.refresh()
        assert output(trial) == 17
        trial.put("p/a.jsonl", b"{}\n")
        trial.refresh()


def test_a_last_line_without_its_line_feed_counts_once(trial: Trial) -> None:
    trial.put("p/a.jsonl", line(None, usage(answered=10)))
    trial.refresh()
    assert output(trial) == 10
    trial.add("p/a.jsonl", b"\n" + lines(line(None, usage(answered=5))))
    trial.refresh()
    assert output(trial) == 15


def test_a_last_line_that_goes_on_as_garbage_is_taken_back(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10))) + line("m2", usage(answered=5)))
    trial.refresh()
    assert output(trial) == 15
    trial.add("p/a.jsonl", b"garbage\n")
    trial.refresh()
    assert output(trial) == 10
    assert trial.rows() == trial.anew()


def test_a_log_that_was_replaced_is_read_anew(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10)), line("m2", usage(answered=5))))
    trial.refresh()
    trial.put("p/a.jsonl", lines(line("m3", usage(answered=1))))
    trial.refresh()
    assert output(trial) == 1
    with trial.open() as ledger:
        changes = ledger.changes(0, 100)
    assert (len(changes.events), len(changes.withdrawn)) == (1, 2)


def test_a_log_of_the_same_size_with_other_content_is_read_anew(trial: Trial) -> None:
    path = trial.put("p/a.jsonl", lines(line("m1", usage(answered=10)), line("m2", usage(answered=50))))
    trial.refresh()
    path.write_bytes(path.read_bytes().replace(b'"output_tokens":50', b'"output_tokens":40'))
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    trial.refresh()
    assert output(trial) == 50


def test_a_replaced_log_keeps_what_another_one_tells_too(trial: Trial) -> None:
    shared = line("m1", usage(answered=10))
    trial.put("p/a.jsonl", lines(shared, line("m2", usage(answered=5))))
    trial.put("p/b.jsonl", lines(shared))
    trial.refresh()
    assert output(trial) == 15
    trial.put("p/a.jsonl", lines(line("m3", usage(answered=1))))
    trial.refresh()
    assert output(trial) == 11
    assert trial.rows() == trial.anew()


def test_a_replaced_log_leaves_an_event_to_one_that_is_gone(trial: Trial) -> None:
    shared = line("m1", usage(answered=10))
    trial.put("p/a.jsonl", lines(shared))
    copy = trial.put("p/b.jsonl", lines(shared))
    trial.refresh()
    copy.unlink()
    trial.refresh()
    trial.put("p/a.jsonl", lines(line("m3", usage(answered=1))))
    trial.refresh()
    assert output(trial) == 11


def test_a_log_that_told_an_event_best_and_now_tells_less_gives_way(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10))))
    trial.put("p/b.jsonl", lines(line("m1", usage(answered=8))))
    trial.refresh()
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=2)), line("m2", usage(answered=100))))
    trial.refresh()
    assert output(trial) == 108
    assert trial.rows() == trial.anew()


def test_history_outlives_its_logs(trial: Trial) -> None:
    path = trial.put("p/a.jsonl", lines(line("m1", usage(answered=10))))
    other = trial.put("p/b.jsonl", lines(line("m2", usage(answered=5))))
    trial.refresh()
    before = trial.rows()
    path.unlink()
    other.write_bytes(b"")
    trial.refresh()
    trial.logs.rename(trial.home / "elsewhere")
    trial.refresh()
    assert trial.rows() == before
    assert output(trial) == 15


def test_an_emptied_log_goes_on(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10))))
    trial.refresh()
    trial.put("p/a.jsonl", b"")
    trial.refresh()
    trial.add("p/a.jsonl", lines(line("m2", usage(answered=5))))
    trial.refresh()
    assert output(trial) == 15


def test_of_equal_lines_the_log_that_sorts_first_counts_whichever_was_read_first(trial: Trial) -> None:
    trial.put("p/b.jsonl", lines(line("m1")))
    trial.refresh()
    trial.put("p/a.jsonl", lines(line("m1")))
    trial.refresh()
    assert [names[3] for names, _ in trial.rows()] == ["a"]
    assert trial.rows() == trial.anew()


def test_broken_lines_are_counted_and_named(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1"), line("m2")[:-9], line("m3", usage(-1))))
    assert trial.refresh().skipped == 2
    with trial.open() as ledger:
        count, places = ledger.skipped()
    assert count == 2
    assert [Path(place.path).name for place in places] == ["a.jsonl", "a.jsonl"]
    assert places[0].place == len(lines(line("m1")))


def test_skipped_places_of_one_log_are_counted_without_end_and_kept_with_one(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(*[line(f"m{n}", usage(-1)) for n in range(500)]))
    trial.refresh()
    with trial.open() as ledger:
        count, places = ledger.skipped()
    assert (count, len(places)) == (500, logs.MOST_SKIPPED)


def test_a_line_longer_than_any_log_has_is_skipped_and_the_rest_read(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "BLOCK_BYTES", 1_000)
    monkeypatch.setattr(logs, "MOST_LINE_BYTES", 5_000)
    long = b'{"usage":{' + b"x" * 20_000
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10)), long, line("m2", usage(answered=5))))
    outcome = trial.refresh()
    assert (output(trial), outcome.skipped) == (15, 1)


def test_a_line_longer_than_any_log_has_may_arrive_bit_by_bit(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "BLOCK_BYTES", 1_000)
    monkeypatch.setattr(logs, "MOST_LINE_BYTES", 5_000)
    trial.put("p/a.jsonl", b"x" * 9_000)
    trial.refresh()
    trial.add("p/a.jsonl", b"y" * 9_000)
    trial.refresh()
    trial.add("p/a.jsonl", b"z\n" + lines(line("m2", usage(answered=5))))
    trial.refresh()
    assert output(trial) == 5


def test_loops_of_links_end_and_files_under_two_names_count_once(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line(None, usage(answered=10))))
    (trial.logs / "p/loop").symlink_to(trial.logs, target_is_directory=True)
    (trial.logs / "p/self.jsonl").symlink_to("self.jsonl")
    (trial.logs / "p/nowhere.jsonl").symlink_to("/nowhere/at/all")
    (trial.logs / "p/again.jsonl").symlink_to("a.jsonl")
    trial.refresh()
    assert output(trial) == 10


def test_what_is_no_file_is_not_opened(trial: Trial) -> None:
    (trial.logs / "p").mkdir()
    os.mkfifo(trial.logs / "p/pipe.jsonl")
    (trial.logs / "p/folder.jsonl").mkdir()
    assert trial.refresh().logs == 0


def test_names_of_any_bytes_are_read(trial: Trial) -> None:
    folder = trial.logs / os.fsdecode(b"p\xff")
    folder.mkdir()
    (folder / os.fsdecode(b"\xfe.jsonl")).write_bytes(lines(line("m1", usage(answered=10))))
    trial.refresh()
    assert output(trial) == 10
    with trial.open() as ledger:
        assert ledger.changes(0, 10).events[0].session == "\ufffd"


def test_a_new_folder_or_variable_is_noticed(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10))))
    trial.refresh()
    trial.put("q/deep/b.jsonl", lines(line("m2", usage(answered=5))))
    trial.refresh()
    assert output(trial) == 15
    other = trial.home / "other"
    (other / "projects/p").mkdir(parents=True)
    (other / "projects/p/c.jsonl").write_bytes(lines(line("m3", usage(answered=1))))
    with trial.open() as ledger:
        ledger.refresh(trial.surroundings._replace(environment={"CLAUDE_CONFIG_DIR": str(other)}))
    assert output(trial) == 16


def test_a_question_chooses_events(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(line("m1", usage(answered=10)), line("m2", usage(answered=5), model="other")))
    trial.put("q/b.jsonl", lines(line("m3", usage(answered=1), gitBranch="dev", cwd="/nowhere/lamp")))
    trial.refresh()
    with trial.open() as ledger:

        def asked(question: UsageQuestion) -> int:
            summed = sum(cell.tokens.output for cell in ledger.sums(question))
            assert summed == sum(event.output_tokens for event in ledger.events(question, 10))
            return summed

        assert asked(UsageQuestion(models=("other",))) == 5
        assert asked(UsageQuestion(projects=("lamp",))) == 1
        assert asked(UsageQuestion(projects=("p", "lamp"))) == 16
        assert asked(UsageQuestion(branches=("dev",), sessions=("b",))) == 1
        assert asked(UsageQuestion(agents=("codex",))) == 0
        assert asked(UsageQuestion(machines=("nobody's",))) == 0


def test_changes_come_in_stretches_that_lose_nothing(trial: Trial) -> None:
    trial.put("p/a.jsonl", lines(*[line(f"m{n}", usage(answered=n)) for n in range(25)]))
    trial.refresh()
    with trial.open() as ledger:
        position, seen = ledger.sync_position("here"), []
        while (changes := ledger.changes(position, 4)).seq > position:
            seen += [event.output_tokens for event in changes.events]
            position = changes.seq
        assert sorted(seen) == list(range(25))
        ledger.set_sync_position("here", position)
    trial.add("p/a.jsonl", lines(line("m3", usage(answered=99))))
    trial.refresh()
    with trial.open() as ledger:
        changes = ledger.changes(ledger.sync_position("here"), 10)
        assert [event.output_tokens for event in changes.events] == [99]
        assert ledger.find_event(changes.events[0].key) == changes.events[0]
