"""A lock file that makes one process the owner of something. It dies with that process, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path


class Lock:
    """A held flock. A fork of the holder does not keep it alive: the copy is closed in the child."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        _held.append(self)

    def release(self) -> None:
        """Let others have it; harmless when done twice."""
        if self in _held:
            _held.remove(self)
            os.close(self._descriptor)


_held: list[Lock] = []


def take_lock(file: Path) -> Lock | None:
    """The lock, or None while another process holds it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return Lock(descriptor)


def lock_holder(file: Path) -> str:
    """The process id the last holder wrote down, for messages only; `unknown` if none."""
    with contextlib.suppress(OSError):
        return file.read_text().strip() or "unknown"
    return "unknown"


def _forget_in_child() -> None:
    while _held:
        _held[-1].release()


os.register_at_fork(after_in_child=_forget_in_child)
