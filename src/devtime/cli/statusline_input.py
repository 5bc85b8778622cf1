"""What the agent hands a status line on standard input. Any of it may be missing, wrong or hostile: then it is None."""

from __future__ import annotations

import json
import os
import sys
from typing import cast

_MOST_BYTES = 4_000_000
_TAIL_BYTES = 256_000
_PATIENCE_S = 2.0
_USUAL_WINDOW, _LARGE_WINDOW = 200_000, 1_000_000
_MOST_TOKENS = 10_000_000_000


class Status:
    """The agent's status, asked field by field."""

    __slots__ = ("_fields", "is_readable")

    def __init__(self, data: bytes) -> None:
        self._fields: object = {}
        self.is_readable = True
        if not data.strip():
            return
        try:
            self._fields = json.loads(data)
        except (ValueError, RecursionError):
            self.is_readable = False
        if not isinstance(self._fields, dict):
            self._fields, self.is_readable = {}, False

    def text(self, *path: str) -> str | None:
        """A text that says something."""
        value = self._at(path)
        return value if isinstance(value, str) and value.strip() and len(value) < 4_096 else None

    def number(self, *path: str) -> float | None:
        """A number from 0 up."""
        value = self._at(path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if 0 <= value < _MOST_TOKENS else None

    def has(self, *path: str) -> bool:
        """Whether a field is there and true."""
        return self._at(path) is True

    def _at(self, path: tuple[str, ...]) -> object:
        value = self._fields
        for name in path:
            if not isinstance(value, dict):
                return None
            value = cast("dict[str, object]", value).get(name)
        return value


def read_status() -> Status:
    """The status on standard input; an empty one from a terminal, or where nothing comes."""
    if sys.stdin is None or sys.stdin.isatty():  # pyright: ignore[reportUnnecessaryComparison] - it is None without a console
        return Status(b"")
    return Status(_read_input(sys.stdin.fileno()))


def _read_input(descriptor: int) -> bytes:
    """All of it, but not more than so much, and not waiting for ever."""
    if sys.platform == "win32":
        return sys.stdin.buffer.read(_MOST_BYTES)
    from select import select

    data = bytearray()
    while len(data) < _MOST_BYTES:
        ready, _, _ = select([descriptor], [], [], _PATIENCE_S)
        chunk = os.read(descriptor, 65_536) if ready else b""
        if not chunk:
            break
        data += chunk
    return bytes(data)


class Context:
    """How much of the model's window the conversation fills."""

    __slots__ = ("percent", "tokens")

    def __init__(self, tokens: float, percent: float) -> None:
        self.tokens = int(tokens)
        self.percent = percent


def context_of(status: Status) -> Context | None:
    """From the status itself; else from the end of the transcript."""
    window = status.number("context_window", "context_window_size") or _window_of(status)
    used = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    counts = [status.number("context_window", "current_usage", name) for name in used]
    tokens = sum(count for count in counts if count)
    percent = status.number("context_window", "used_percentage")
    if not tokens and percent is not None:
        tokens = percent / 100 * window
    if not tokens:
        path = status.text("transcript_path")
        tokens = _transcript_tokens(path) if path else 0
    if not tokens:
        return None
    return Context(tokens, tokens / window * 100 if percent is None else percent)


def _window_of(status: Status) -> int:
    model = f"{status.text('model', 'id')} {status.text('model', 'display_name')}".casefold()
    return _LARGE_WINDOW if "[1m]" in model or "1m context" in model else _USUAL_WINDOW


def _transcript_tokens(path: str) -> float:
    """The prompt of the last response in a transcript's last part; 0 where none is found."""
    try:
        # Opening a pipe would wait for somebody to write into it.
        if not os.path.isfile(path):  # noqa: PTH113  pathlib takes longer
            return 0
        with open(path, "rb") as file:  # noqa: PTH123
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            lines = file.read(_TAIL_BYTES).split(b"\n")
    except (OSError, ValueError):
        return 0
    for line in reversed(lines):
        if b'"usage"' not in line or b'"isSidechain":true' in line:
            continue
        usage = Status(line)
        names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        counts = [usage.number("message", "usage", name) or 0 for name in names]
        if sum(counts):
            return sum(counts)
    return 0
