"""What a process is doing now, told without trusting that its number is still its own. No process is signalled here."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

_PROC = Path("/proc")
_HAS_PROC = (_PROC / "self" / "stat").exists()


def is_running(pid: int) -> bool:
    """Whether the process exists and can still do something: a zombie cannot."""
    if pid <= 0:
        return False
    state = _state(pid)
    return state is not None and state[:1] not in ("Z", "X")


def postgres_processes_in(data: Path) -> list[int]:
    """Live `postgres` processes whose working folder is `data`: its server, or what a killed one left behind."""
    if not _HAS_PROC:
        return [pid for pid in _pid_in_file(data) if "postgres" in (_ps(pid, "comm") or "")]
    home = data.stat()
    found: list[int] = []
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            folder = (entry / "cwd").stat()
            is_postgres = (entry / "comm").read_text().startswith("postgres")
            if (folder.st_dev, folder.st_ino) == (home.st_dev, home.st_ino) and is_postgres:
                found.append(int(entry.name))
    return [pid for pid in found if is_running(pid)]


def read_pid_file(data: Path) -> list[str]:
    """The lines of `postmaster.pid`; none if there is no such plain file."""
    try:
        descriptor = os.open(data / "postmaster.pid", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return []
    with os.fdopen(descriptor, "rb") as file:
        return file.read(4096).decode(errors="replace").splitlines()


def _pid_in_file(data: Path) -> list[int]:
    lines = read_pid_file(data)
    return [int(lines[0])] if lines and lines[0].strip().isdigit() and is_running(int(lines[0])) else []


def _state(pid: int) -> str | None:
    if not _HAS_PROC:
        return _ps(pid, "stat")
    try:
        # The command's name may hold spaces and brackets; the state follows the last bracket.
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(") ")[2]
    except OSError:
        return None


def _ps(pid: int, column: str) -> str | None:
    result = subprocess.run(["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return result.stdout.strip() or None
