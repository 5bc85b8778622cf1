"""Project and branch of a place, from real repositories made by git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from devtime.home.repository import find_repository


def git(folder: Path, *words: str) -> None:
    options = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "-c",
        "protocol.file.allow=always",
        "-c",
        "init.defaultBranch=main",
    ]
    subprocess.run(["git", *options, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    folder = tmp_path / "lamp"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "begin")
    return folder


def told(place: Path) -> tuple[str, str]:
    repository = find_repository(str(place))
    assert repository is not None
    return (repository.name, repository.branch())


def test_a_folder_inside_tells_the_repository_and_its_branch(lamp: Path) -> None:
    (lamp / "src/deep").mkdir(parents=True)
    git(lamp, "checkout", "-q", "-b", "feature/dim")
    assert told(lamp / "src/deep") == ("lamp", "feature/dim")


def test_a_detached_head_is_told_by_its_commit(lamp: Path) -> None:
    git(lamp, "checkout", "-q", "--detach")
    name, branch = told(lamp)
    assert name == "lamp"
    assert len(branch) == 12
    assert set(branch) <= set("0123456789abcdef")


def test_a_linked_worktree_goes_by_the_main_folder_and_has_its_own_branch(lamp: Path, tmp_path: Path) -> None:
    git(lamp, "worktree", "add", "-q", "-b", "side", str(tmp_path / "elsewhere"))
    assert told(tmp_path / "elsewhere") == ("lamp", "side")


def test_a_submodule_is_a_project_of_its_own(lamp: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(outer, "submodule", "add", "-q", str(lamp), "parts/bulb")
    assert told(outer / "parts/bulb") == ("bulb", "main")


@pytest.mark.parametrize("path", ["", "relative", "/a\0b", "/" + "a" * 5_000, "/nowhere/at/all"])
def test_what_is_no_place_has_no_repository(path: str) -> None:
    assert find_repository(path) is None


def test_a_broken_mark_tells_the_folder_and_no_branch(tmp_path: Path) -> None:
    (tmp_path / ".git").write_bytes(b"\xff\xfe nonsense")
    assert told(tmp_path) == (tmp_path.name, "")
