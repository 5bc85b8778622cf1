"""The server's log: one file, moved aside when it has grown. What is written in it is PostgreSQL's."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

LARGEST_BYTES = 8 * 1024 * 1024


def open_log(file: Path) -> int:
    """A descriptor to append to; a large file becomes `log.1` first, and the `log.1` of then is gone."""
    with contextlib.suppress(FileNotFoundError):
        if file.stat().st_size > LARGEST_BYTES:
            file.replace(_older(file))
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def trim_log(file: Path) -> None:
    """The same while the server runs and holds the file open: its text is copied to `log.1` and the file emptied."""
    with contextlib.suppress(FileNotFoundError):
        if file.stat().st_size > LARGEST_BYTES:
            _older(file).write_bytes(file.read_bytes()[-LARGEST_BYTES:])
            os.truncate(file, 0)


def last_lines(file: Path, count: int = 12) -> str:
    """The end of the log, for an error message."""
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - 8192))
            return "\n".join(stream.read().decode(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def _older(file: Path) -> Path:
    return file.with_name(file.name + ".1")
