"""`devtime hook`: what agents, editors and shells call. Queues a heartbeat and returns; never fails, never speaks.

An agent waits for it and may read its output, so trouble is noted where `devtime status` finds it, and nowhere else.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Sequence

from devtime.client.queueing import Beat, queue_beats
from devtime.client.senders import ensure_sender

_USAGE = """\
Usage: devtime hook claude-code             what its hooks call; reads their JSON on standard input
       devtime hook codex [--then PROGRAM … --] JSON   its `notify` program; hands on to another one
       devtime hook editor --tool NAME --file PATH [--folder PATH] [--language NAME] [--activity NAME] [--write]
       devtime hook shell [--tool NAME]     a command was entered here

Queues a heartbeat of this moment and returns. `devtime connect` sets an editor or agent up to call it.
"""


def run_hook(words: list[str]) -> None:
    """Queue what the words and standard input tell. Whatever goes wrong, the caller never notices."""
    if not words or words[0] in ("--help", "-h"):
        sys.stdout.write(_USAGE)
        return
    now_ms = time.time_ns() // 1_000_000
    home = os.path.abspath(os.path.expanduser(os.environ.get("DEVTIME_HOME") or "~/.devtime"))  # noqa: PTH100, PTH111
    try:
        beats, then = _read(words[0], words[1:], now_ms)
        if beats:
            queued = queue_beats(home, beats, os.environ)
            if queued.kept and queued.retry_ms <= now_ms:
                ensure_sender(home)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{home}/hook-error")  # noqa: PTH108 - importing pathlib takes time
    except Exception as error:
        then = _then(words[1:])
        _note(home, f"{now_ms} {words[0]}: {type(error).__name__}: {error}")
    if then:
        with contextlib.suppress(OSError):
            os.execvp(then[0], then)  # noqa: S606 - the program its user had configured before


def _read(source: str, words: list[str], now_ms: int) -> tuple[list[Beat], list[str]]:
    if source == "claude-code":
        from devtime.client.hooks import claude_code
        from devtime.client.hooks.payload import read_payload

        return claude_code.beats_of(read_payload(sys.stdin.buffer), now_ms), []
    if source == "codex":
        from devtime.client.hooks import codex

        return codex.beats_of(codex.read_notification(words[-1] if words else ""), now_ms), _then(words)
    from devtime.client.hooks import local

    return local.beats_of(source, words, _folder(), now_ms), []


def _folder() -> str:
    """Where the caller works, even when the folder is gone."""
    try:
        return os.getcwd()  # noqa: PTH109 - importing pathlib takes time
    except OSError:
        return os.environ.get("PWD", "")


def _then(words: Sequence[str]) -> list[str]:
    """The program to hand the notification on to: `--then PROGRAM ARGUMENT … -- JSON`."""
    if words[:1] != ["--then"] or "--" not in words:
        return []
    end = len(words) - 1 - list(reversed(words)).index("--")
    program = list(words[1:end])
    return [*program, *words[end + 1 :]] if program else []


def _note(home: str, told: str) -> None:
    with (
        contextlib.suppress(OSError),
        open(os.open(f"{home}/hook-error", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream,  # noqa: PTH123
    ):
        stream.write(told[:1_000].encode("utf-8", "replace").decode())
