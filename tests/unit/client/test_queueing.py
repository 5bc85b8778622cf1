"""From what a client tells to the heartbeat that is queued: privacy first, and nothing that breaks the queue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from devtime.client.outbox import open_outbox
from devtime.client.queueing import Beat, queue_beats


def queued(home: Path, *beats: Beat) -> list[dict[str, Any]]:
    queue_beats(str(home), beats, {"DEVTIME_MACHINE": "desk"})
    with open_outbox(str(home)) as outbox:
        return [json.loads(body) for _, body in outbox.peek(100).entries]


def configure(home: Path, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(text)


def test_a_beat_tells_place_project_language_and_machine(tmp_path: Path) -> None:
    place = tmp_path / "harbor"
    (place / ".git").mkdir(parents=True)
    (place / ".git/HEAD").write_text("ref: refs/heads/main\n")
    beat = Beat("vim", "coding", 1_700_000_000_000, file="src/a.py", folder=str(place), is_write=True)
    (one,) = queued(tmp_path / "home", beat)
    assert {key: one[key] for key in ("tool", "project", "branch", "language", "machine", "is_write")} == {
        "tool": "vim", "project": "harbor", "branch": "main", "language": "Python", "machine": "desk", "is_write": True,
    }  # fmt: skip
    assert one["file"] == str(place / "src/a.py")


def test_a_folder_outside_any_repository_is_the_project_and_the_home_folder_is_none(tmp_path: Path) -> None:
    beats = [Beat("x", "coding", 1, folder="/srv/notes"), Beat("x", "coding", 2, folder=str(Path.home()))]
    assert [one.get("project", "") for one in queued(tmp_path, *beats)] == ["notes", ""]


@pytest.mark.parametrize(
    "rule",
    ['exclude_projects = ["secret-*"]', 'exclude_projects = "Secret-Work"', 'exclude_file_patterns = ["*.ENV"]'],
)
def test_what_is_excluded_is_never_queued(tmp_path: Path, rule: str) -> None:
    configure(tmp_path, f"[privacy]\n{rule}\n")
    beat = Beat("x", "coding", 1, file="/w/secret-work/.env", project="secret-work")
    assert queued(tmp_path, beat) == []


def test_paths_are_digested_alike_each_time_and_keep_their_ending(tmp_path: Path) -> None:
    configure(tmp_path, "[privacy]\nanonymize_file_paths = true\n")
    beats = [Beat("x", "coding", time, file="/w/plans.py", project="p") for time in (1, 2)]
    first, second = queued(tmp_path, *beats)
    assert first["file"] == second["file"]
    assert first["file"].endswith(".py")
    assert "plans" not in json.dumps([first, second])
    assert first["language"] == "Python"
    assert (tmp_path / "path-salt").stat().st_mode & 0o077 == 0


def test_while_the_configuration_is_half_written_the_last_rules_hold(tmp_path: Path) -> None:
    configure(tmp_path, '[privacy]\nexclude_projects = ["secret"]\n')
    assert queued(tmp_path, Beat("x", "coding", 1, project="open")) != []
    configure(tmp_path, '[privacy]\nexclude_projects = ["sec')
    beats = [Beat("x", "coding", 2, project="secret"), Beat("x", "coding", 3, project="open")]
    assert [one["project"] for one in queued(tmp_path, *beats)] == ["open", "open"]


@pytest.mark.parametrize(
    "text", ["[privacy", "privacy = 3", "[privacy]\nexclude_projects = 7", "[privacy]\nexclude_file_patterns = [1]"]
)
def test_rules_nobody_can_read_tell_no_file(tmp_path: Path, text: str) -> None:
    configure(tmp_path, text)
    (one,) = queued(tmp_path, Beat("x", "coding", 1, file="/w/p/a.py", project="p"))
    assert "file" not in one


@pytest.mark.parametrize("file", ["/w/\udcff\udcfe.py", "/" + "é" * 4_000, "/a\0b", "..", "\\\\server\\share\\x.py"])
def test_names_of_any_kind_become_text(tmp_path: Path, file: str) -> None:
    (one,) = queued(tmp_path, Beat("x", "coding", 1, file=file, project="p"))
    json.dumps(one).encode()
    assert len(one.get("file", "")) <= 4_096
