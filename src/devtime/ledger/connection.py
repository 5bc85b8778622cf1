"""Opening the ledger's file: rights, settings, and what to do with one that is broken. Knows no table."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from devtime.kernel.errors import Unavailable
from devtime.ledger import schema

FILE_NAME = "ledger.db"

_BUSY_S = 20.0
_NEWER = "The ledger {path} was written by a newer DevTime. Upgrade DevTime, or move that file away to start anew."


class Broken(Exception):
    """The file is no database, or a damaged one."""


def is_damage(error: Exception) -> bool:
    """Whether the error means that the file itself is damaged, not that it is busy, full or out of reach."""
    return isinstance(error, Broken) or getattr(error, "sqlite_errorcode", 0) & 0xFF in (
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    )


def connect(path: Path, *, is_new: bool = False) -> sqlite3.Connection:
    """Open a ledger that is there (or an empty file, to be filled). Raises Broken or Unavailable."""
    if is_new:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600))
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise Unavailable(f"The ledger {path} cannot be opened: {error}. Are its rights yours?") from None
    try:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA synchronous = NORMAL")
        if not is_new:
            _check_version(connection, path)
    except sqlite3.Error as error:
        connection.close()
        if is_damage(error):
            raise Broken(str(error)) from None
        raise Unavailable(f"The ledger {path} cannot be read: {error}.") from None
    except BaseException:
        connection.close()
        raise
    return connection


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > schema.VERSION:
        raise Unavailable(_NEWER.format(path=path))
    if version < 1 or not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
        raise Broken("it is not a ledger")
    if version < schema.VERSION:
        schema.migrate(connection)


def set_aside(path: Path, inode: int) -> Path:
    """Move a broken ledger away, with what belongs to it; the name it has now. `inode` tells that it is that one."""
    moved = path.with_name(f"{path.name}.broken-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}")
    if not path.exists() or path.stat().st_ino != inode:  # another process was faster
        return max(path.parent.glob(f"{path.name}.broken-*"), default=moved)
    path.replace(moved)
    for suffix in ("-wal", "-shm"):
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.replace(moved.with_name(moved.name + suffix))
    return moved


def publish(draft: Path, path: Path) -> None:
    """Put a finished database in the ledger's place, durably: it is there whole or not at all."""
    descriptor = os.open(draft, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    for suffix in ("-wal", "-shm"):  # of a ledger that somebody took away: they would be replayed into the new one
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
