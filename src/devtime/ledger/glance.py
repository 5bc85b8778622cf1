"""Whether logs changed since the last refresh. This answers most calls, and imports no reader to do so."""

from __future__ import annotations

import json
import os
import sqlite3
import time

from devtime.readers.surroundings import Surroundings

_TRUSTED_S = 600
"""After so long the folders are searched anew even if nothing tells that they changed."""

ABSENT = -1
"""The time of a folder that is not there."""


class Stamp:
    """How a file is now: what tells that it changed."""

    __slots__ = ("inode", "mtime_ns", "size")

    def __init__(self, size: int, mtime_ns: int, inode: int) -> None:
        self.size = size
        self.mtime_ns = mtime_ns
        self.inode = inode


def find_grown(connection: sqlite3.Connection, surroundings: Surroundings) -> list[int] | None:
    """The ids of the logs that changed where they lie; none if every folder and log is as the last refresh left it.

    None where that cannot be told without a search: a folder changed, a log is gone or another one has its name.
    """
    row = connection.execute("SELECT value FROM meta WHERE name = 'scan'").fetchone()
    if row is None:
        return None
    known = json.loads(row[0])
    if known["home"] != str(surroundings.home) or known["platform"] != surroundings.platform:
        return None
    if not 0 <= time.time() - known["at"] < _TRUSTED_S:
        return None
    if any(surroundings.environment.get(name) != value for name, value in known["variables"].items()):
        return None
    return _grown_files(connection) if _are_folders_unchanged(connection) else None


def _are_folders_unchanged(connection: sqlite3.Connection) -> bool:
    ask = os.stat
    for path, mtime_ns in connection.execute("SELECT path, mtime_ns FROM folders"):
        try:
            if ask(path).st_mtime_ns != mtime_ns:
                return False
        except OSError:
            if mtime_ns != ABSENT:
                return False
    return True


def _grown_files(connection: sqlite3.Connection) -> list[int] | None:
    ask = os.stat
    grown: list[int] = []
    query = "SELECT id, path, size, mtime_ns, inode, shape, is_trouble FROM files WHERE is_gone = 0"
    for id, path, size, mtime_ns, inode, shape, is_trouble in connection.execute(query):
        try:
            now = ask(path)
        except OSError:
            return None
        if now.st_ino != inode or (is_trouble and os.access(path, os.R_OK)):
            return None
        if shape == "database":
            stamp = stamp_of(path, now, shape)
            is_same = stamp.size == size and stamp.mtime_ns == mtime_ns
        else:
            is_same = now.st_size == size and now.st_mtime_ns == mtime_ns
        if not is_same:
            grown.append(id)
    return grown


def stamp_of(path: bytes, now: os.stat_result, shape: str) -> Stamp:
    """The stamp of a file; a database's is that of its write-ahead log too."""
    size, mtime_ns = now.st_size, now.st_mtime_ns
    if shape == "database":
        try:
            ahead = os.stat(path + b"-wal")  # noqa: PTH116 - bytes
        except OSError:
            pass
        else:
            size += ahead.st_size
            mtime_ns = max(mtime_ns, ahead.st_mtime_ns)
    return Stamp(size, mtime_ns, now.st_ino)
