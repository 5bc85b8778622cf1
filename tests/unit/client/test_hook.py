"""`devtime hook` as agents call it: garbage, floods, and broken homes never reach the caller."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from devtime.client.hooks import claude_code, codex
from devtime.client.outbox import open_outbox

_DEVTIME = Path(sys.executable).with_name("devtime")


def hook(home: Path, *words: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    # A held lock says that somebody sends already.
    home.mkdir(exist_ok=True)
    import fcntl

    with (home / "flusher.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.run(
            [_DEVTIME, "hook", *words], input=given, capture_output=True, timeout=60, check=False,
            env={**os.environ, "DEVTIME_HOME": str(home), **environment},
        )  # fmt: skip


def queued(home: Path) -> list[dict[str, Any]]:
    with open_outbox(str(home)) as outbox:
        return [json.loads(body) for _, body in outbox.peek(100).entries]


def call(event: str, **fields: object) -> dict[str, object]:
    return {"hook_event_name": event, "session_id": "s1", "cwd": "/srv/lamp", "transcript_path": "/t", **fields}


def test_claude_codes_events_become_prompting_and_coding() -> None:
    activities = {event: claude_code.beats_of(call(event), 1)[0].activity for event in claude_code.EVENTS}
    assert {event for event, activity in activities.items() if activity == "coding"} == {
        "PreToolUse", "PostToolUse", "SubagentStop",
    }  # fmt: skip


def test_an_edit_is_a_write_once_it_is_done() -> None:
    edit = {"tool_name": "Edit", "tool_input": {"file_path": "/srv/lamp/a.py", "new_string": "secret"}}
    before, after = (claude_code.beats_of(call(event, **edit), 1)[0] for event in ("PreToolUse", "PostToolUse"))
    assert (before.file, before.is_write) == ("/srv/lamp/a.py", False)
    assert (after.file, after.is_write) == ("/srv/lamp/a.py", True)
    read = claude_code.beats_of(call("PostToolUse", tool_name="Read", tool_input={"file_path": "/x"}), 1)[0]
    assert not read.is_write


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"hook_event_name": 7},
        call("Else"),
        call("PostToolUse", tool_input=[]),
        call("PreToolUse", tool_input={"file_path": 3}),
    ],
)
def test_what_has_another_shape_is_passed_over_or_taken_without_its_file(payload: dict[str, object]) -> None:
    assert all(beat.file == "" for beat in claude_code.beats_of(payload, 1))


def test_a_call_queues_metadata_only(tmp_path: Path) -> None:
    payload = call("UserPromptSubmit", prompt="the launch code is 0000")
    done = hook(tmp_path, "claude-code", given=json.dumps(payload).encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    (one,) = queued(tmp_path)
    assert (one["tool"], one["activity_type"], one["session_id"], one["project"]) == (
        "claude-code", "prompting", "s1", "lamp",
    )  # fmt: skip
    assert b"launch" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_fifty_megabytes_on_standard_input_are_read_to_their_end_and_understood(tmp_path: Path) -> None:
    edit = {"tool_name": "Write", "tool_input": {"file_path": "/srv/lamp/b.py"}}
    payload = call("PostToolUse", **edit, tool_response={"content": "x" * 50_000_000})
    done = hook(tmp_path, "claude-code", given=json.dumps(payload).encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert [(one["file"], one["is_write"]) for one in queued(tmp_path)] == [("/srv/lamp/b.py", True)]


@pytest.mark.parametrize("given", [b"", b"\xff\xfe\0", b"[" * 200_000, b"null", b'{"hook_event_name": "Stop"', b"{}"])
def test_garbage_is_never_an_error_to_the_caller(tmp_path: Path, given: bytes) -> None:
    done = hook(tmp_path, "claude-code", given=given)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_home_that_cannot_be_used_is_no_error_to_the_caller(tmp_path: Path) -> None:
    (tmp_path / "outbox.db").mkdir()
    done = hook(tmp_path, "claude-code", given=json.dumps(call("Stop")).encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert b"claude-code" in (tmp_path / "hook-error").read_bytes()


def test_codex_tells_of_a_turn_and_the_program_that_was_there_before_is_called(tmp_path: Path) -> None:
    notification = json.dumps(
        {"type": "agent-turn-complete", "thread-id": "t", "cwd": "/srv/lamp", "input-messages": ["x"]}
    )
    target = tmp_path / "got"
    program = [sys.executable, "-c", f"import sys; open({str(target)!r}, 'w').write(repr(sys.argv[1:]))", "a b"]
    done = hook(tmp_path, "codex", "--then", *program, "--", notification)
    assert done.returncode == 0
    assert target.read_text() == repr(["a b", notification])
    (one,) = queued(tmp_path)
    assert (one["tool"], one["activity_type"], one["session_id"], one["project"]) == ("codex", "prompting", "t", "lamp")
    assert codex.beats_of(codex.read_notification("no json"), 1) == []


def test_editors_and_shells_tell_in_words(tmp_path: Path) -> None:
    hook(tmp_path, "editor", "--tool", "vim", "--file=/srv/lamp/a.rs", "--write", "--unheard", "--project", "lamp")
    hook(tmp_path, "shell")
    assert [(one["tool"], one.get("language"), one.get("is_write")) for one in queued(tmp_path)] == [
        ("vim", "Rust", True), ("terminal", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("words", [["nobody"], ["editor"], ["editor", "--tool"], ["codex"], ["codex", "{"]])
def test_wrong_words_are_noted_and_no_error_to_the_caller(tmp_path: Path, words: list[str]) -> None:
    done = hook(tmp_path, *words)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
