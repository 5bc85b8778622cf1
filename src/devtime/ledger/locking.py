"""One refresh at a time, however many processes ask for one. The lock goes with the process that holds it."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: SQLite's own locks keep the ledger whole, refreshes may do work twice
    fcntl = None


@contextmanager
def refresh_lock(home: Path, *, wait: bool) -> Generator[bool]:
    """Hold the lock; answers False, without it, when another process has it and nobody wants to wait."""
    descriptor = os.open(home / "ledger.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _is_locked(descriptor, wait=wait)
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int, *, wait: bool) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
