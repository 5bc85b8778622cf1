"""How long was coded today, kept in a small file for status lines, which have no time to ask a server."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from devtime.kernel.clock import now_ms

MOST_AGE_MS = 15 * 60_000
"""What was remembered longer ago than this is not shown."""


def today_path(home: Path) -> Path:
    """The file."""
    return home / "cache" / "today.json"


def remember_today(home: Path, active_seconds: float) -> None:
    """Write it down, whole or not at all. A full disk costs the figure, nothing else."""
    path = today_path(home)
    draft = path.with_suffix(f".{os.getpid()}.new")
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(json.dumps({"active_seconds": active_seconds, "at_ms": now_ms()}), "utf-8")
        draft.replace(path)
