"""Editors that call a program, and shells: the heartbeat in words of a command line. Unknown words are passed over."""

from __future__ import annotations

from collections.abc import Sequence

from devtime.client.languages import language_of
from devtime.client.queueing import Beat

_TAKES = {
    "--tool": "tool",
    "--file": "file",
    "--folder": "folder",
    "--project": "project",
    "--language": "language",
    "--activity": "activity",
    "--session": "session",
    "--editor": "editor",
    "--time": "time",
}


def beats_of(source: str, words: Sequence[str], folder: str, now_ms: int) -> list[Beat]:
    """The heartbeat of a call. `--time` is in seconds or milliseconds since 1970, for clients that queued."""
    told, is_write = _read(words)
    if source not in ("editor", "shell"):
        raise ValueError(f"nothing calls itself {source[:32]}")
    tool = told.get("tool") or ("terminal" if source == "shell" else "")
    if not tool:
        raise ValueError("--tool is missing")
    return [
        Beat(
            tool=tool,
            activity=told.get("activity") or "coding",
            time_ms=_instant(told.get("time", ""), now_ms),
            file=told.get("file", ""),
            folder=told.get("folder") or folder,
            project=told.get("project", ""),
            # Editors have names of their own for languages; the ending of a file tells the same one to all.
            language=language_of(told.get("file", "")) or told.get("language", ""),
            session=told.get("session", ""),
            editor=told.get("editor", ""),
            is_write=is_write,
        )
    ]


def _read(words: Sequence[str]) -> tuple[dict[str, str], bool]:
    told: dict[str, str] = {}
    is_write = False
    rest = iter(words)
    for word in rest:
        name, _, joined = word.partition("=")
        if name in _TAKES:
            told[_TAKES[name]] = joined if "=" in word else next(rest, "")
        elif word == "--write":
            is_write = True
    return told, is_write


def _instant(text: str, now_ms: int) -> int:
    try:
        value = float(text)
    except ValueError:
        return now_ms
    return int(value * 1_000 if value < 1e11 else value) if 0 < value < 1e15 else now_ms
