"""Connecting and taking back: other programs' files come back byte for byte, nothing of theirs is lost meanwhile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from devtime.client.connecting.edits import apply, finish_undo, plan_undo, was_applied
from devtime.client.connecting.target import Here, Target
from devtime.client.connecting.targets import TARGETS, find_target
from devtime.client.hooks.claude_code import EVENTS
from devtime.kernel.errors import Conflict, Invalid, NotFound
from devtime.readers.surroundings import Surroundings

_FOREIGN = {"type": "command", "command": "echo mine"}
SETTINGS = {
    "none": None,
    "empty": b"{}",
    "odd layout": b'{ "a":"o",\n\t"hooks" : {"Stop":[{"hooks":[{"type":"command","command":"echo mine"}]}]}, "x":[1] }',
    "no end of line": b'{\n    "env": {"A": "\xc3\xa9"}\n}',
}


@pytest.fixture
def here(tmp_path: Path) -> Here:
    (tmp_path / "user").mkdir()
    return Here(Surroundings(tmp_path / "user", {}), Path("/opt/my tools/devtime"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def connect(home: Path, here: Here, target: Target) -> None:
    apply(home, target.name, target.edits(here))


def undo(home: Path, target: Target) -> None:
    plan = plan_undo(home, target.name)
    assert plan.changed == []
    finish_undo(home, target.name, plan.restored)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("times", [1, 2])
def test_undoing_leaves_no_trace(home: Path, here: Here, target: Target, times: int) -> None:
    before = files_of(here.surroundings.home)
    for turn in range(times):
        connect(home, Here(here.surroundings, Path(f"/opt/{turn}/devtime")), target)
    assert target.edits(Here(here.surroundings, Path(f"/opt/{times - 1}/devtime"))) == []
    assert was_applied(home, target.name)
    undo(home, target)
    assert files_of(here.surroundings.home) == before
    assert not was_applied(home, target.name)


@pytest.mark.parametrize("name", SETTINGS)
def test_claude_codes_settings_come_back_byte_for_byte(home: Path, here: Here, name: str) -> None:
    target, before = find_target("claude-code"), SETTINGS[name]
    path = here.surroundings.home / ".claude/settings.json"
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before)
        path.chmod(0o640)
    connect(home, here, target)
    settings: dict[str, Any] = json.loads(path.read_bytes())
    assert {event for event in EVENTS if "devtime' hook claude-code" in json.dumps(settings["hooks"][event])} == set(
        EVENTS
    )
    old: dict[str, Any] = json.loads(before or b"{}")
    assert {key: settings[key] for key in old if key != "hooks"} == {key: old[key] for key in old if key != "hooks"}
    if "hooks" in old:
        assert settings["hooks"]["Stop"][0] == {"hooks": [_FOREIGN]}
    undo(home, target)
    assert (path.read_bytes() if path.exists() else None) == before
    if before is not None:
        assert path.stat().st_mode & 0o777 == 0o640


def test_what_changed_since_loses_only_what_devtime_put_there(home: Path, here: Here) -> None:
    target = find_target("claude-code")
    path = here.surroundings.home / ".claude/settings.json"
    path.parent.mkdir()
    path.write_text('{"model": "opus"}')
    connect(home, here, target)
    settings = json.loads(path.read_text())
    settings["hooks"]["Stop"][0]["hooks"].append(_FOREIGN)
    settings["theme"] = "dark"
    path.write_text(json.dumps(settings))
    (changed,) = plan_undo(home, target.name).changed
    assert changed.before is not None
    left = json.loads(target.strip(path, changed.before))
    assert left == {"model": "opus", "theme": "dark", "hooks": {"Stop": [{"hooks": [_FOREIGN]}]}}


@pytest.mark.parametrize(
    ("before", "then"),
    [
        (b'# mine\nmodel = "o3"\n\n[tui]\nnotifications = true\n', []),
        (b'notify = ["say", "done here"]  # loud\n[tui]\n', ["say", "done here"]),
    ],
)
def test_codex_calls_the_program_that_was_there_before(home: Path, here: Here, before: bytes, then: list[str]) -> None:
    import tomllib

    target = find_target("codex")
    path = here.surroundings.home / ".codex/config.toml"
    path.parent.mkdir()
    path.write_bytes(before)
    connect(home, here, target)
    old, new = (tomllib.loads(text.decode()) for text in (before, path.read_bytes()))
    tail = ["--then", *then, "--"] if then else []
    assert new.pop("notify") == [str(here.program), "hook", "codex", *tail]
    old.pop("notify", None)
    assert new == old
    path.write_bytes(path.read_bytes() + b"\n[new]\na = 1\n")
    stripped = tomllib.loads(target.strip(path, path.read_bytes()).decode())
    assert stripped.get("notify", []) == then
    assert stripped["new"] == {"a": 1}


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"hooks": []}', b'{"hooks": {"Stop": 3}}', b"\xff", b"null"])
def test_settings_nobody_understands_are_not_touched(here: Here, text: bytes) -> None:
    path = here.surroundings.home / ".claude/settings.json"
    path.parent.mkdir()
    path.write_bytes(text)
    with pytest.raises(Invalid, match="mend it first"):
        find_target("claude-code").edits(here)
    assert path.read_bytes() == text


@pytest.mark.parametrize("text", [b"notify = 3", b"= broken", b'notify = ["a", 1]', b"\xff"])
def test_a_configuration_of_codex_nobody_understands_is_not_touched(here: Here, text: bytes) -> None:
    path = here.surroundings.home / ".codex/config.toml"
    path.parent.mkdir()
    path.write_bytes(text)
    with pytest.raises(Invalid, match="mend it first"):
        find_target("codex").edits(here)


def test_a_file_that_changes_meanwhile_is_not_overwritten(home: Path, here: Here) -> None:
    target = find_target("bash")
    edits = target.edits(here)
    path = Path(edits[0].path)
    path.write_text("alias x=y\n")
    with pytest.raises(Conflict):
        apply(home, target.name, edits)
    assert path.read_text() == "alias x=y\n"


def test_links_stay_links(home: Path, here: Here) -> None:
    target = find_target("bash")
    real, link = here.surroundings.home / "dotfiles", here.surroundings.home / ".bashrc"
    real.write_text("alias x=y\n")
    link.symlink_to(real)
    connect(home, here, target)
    assert link.is_symlink()
    assert "devtime" in real.read_text()
    undo(home, target)
    assert (link.is_symlink(), real.read_text()) == (True, "alias x=y\n")


def test_an_unknown_client_is_told_what_is_known() -> None:
    with pytest.raises(NotFound, match="claude-code"):
        find_target("notepad")
