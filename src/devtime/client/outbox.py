"""Heartbeats that wait to be sent: a SQLite file any number of editors, hooks and senders share.

What was put in is durable, and leaves only once a server acknowledged it. Nothing here knows HTTP, and nothing here
is slow to import: a hook puts one heartbeat in while an agent waits.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Generator, Iterable, Mapping
from typing import NamedTuple

from devtime.kernel.errors import Unavailable

FILE = "outbox.db"
MOST_WAITING = 2_000_000
"""Of the newest so many are kept: years of one developer; a runaway client must not fill the disk."""
_BUSY_S = 20.0
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS heartbeats (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
"""


class Waiting(NamedTuple):
    """Heartbeats of a stretch of the queue, oldest first, each its place and JSON text."""

    entries: list[tuple[int, str]]

    @property
    def last(self) -> int:
        """The place of the last one; 0 if there is none."""
        return self.entries[-1][0] if self.entries else 0


class Outbox:
    """One process's hold on the queue."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, bodies: Iterable[str]) -> None:
        """Keep heartbeats, each a JSON object; durable on return."""
        with _told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._connection.executemany("INSERT INTO heartbeats (body) VALUES (?)", ((body,) for body in bodies))
                self._connection.execute(
                    "DELETE FROM heartbeats WHERE id <= (SELECT max(id) FROM heartbeats) - ?", (MOST_WAITING,)
                )
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.execute("COMMIT")

    def peek(self, limit: int) -> Waiting:
        """The oldest that wait, up to so many."""
        with _told():
            rows = self._connection.execute("SELECT id, body FROM heartbeats ORDER BY id LIMIT ?", (limit,))
            return Waiting(rows.fetchall())

    def drop(self, last: int) -> None:
        """Forget everything up to a place: a server has it."""
        with _told():
            self._connection.execute("DELETE FROM heartbeats WHERE id <= ?", (last,))

    def count(self) -> int:
        """How many wait."""
        with _told():
            (count,) = self._connection.execute("SELECT count(*) FROM heartbeats").fetchone()
            return int(count)

    def facts(self) -> dict[str, str]:
        """What senders noted: see `flushing`."""
        with _told():
            return dict(self._connection.execute("SELECT name, value FROM facts").fetchall())

    def note(self, facts: Mapping[str, str]) -> None:
        """Note facts; an empty one is forgotten."""
        with _told():
            self._connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", list(facts.items()))
            self._connection.execute("DELETE FROM facts WHERE value = ''")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@contextlib.contextmanager
def open_outbox(home: str) -> Generator[Outbox]:
    """The queue of a home, made if it is not there. A broken file is put aside and begun anew.

    Unavailable when it cannot be used: a full disk, a folder that cannot be written.
    """
    path = f"{home}/{FILE}"
    try:
        os.makedirs(home, mode=0o700, exist_ok=True)  # noqa: PTH103 - importing pathlib takes time
        with _told():
            connection = _connect(path)
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from None
    outbox = Outbox(connection)
    try:
        yield outbox
    finally:
        outbox.close()


def _connect(path: str) -> sqlite3.Connection:
    connection = _opened(path)
    if connection is not None:
        return connection
    # Nobody else makes or replaces the file meanwhile, and another may just have done it.
    with _alone(f"{path}.lock"):
        connection = _opened(path)
        if connection is not None:
            return connection
        if os.path.getsize(path):  # noqa: PTH202 - importing pathlib takes time
            _set_aside(path)
        return _made(path)


def _opened(path: str) -> sqlite3.Connection | None:
    """The queue that is there; None when there is none yet, or it is broken."""
    if not os.path.exists(path):  # noqa: PTH110
        # Heartbeats name files: the queue is its owner's only.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return None
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version:
            connection.execute("SELECT count(*) FROM (SELECT 1 FROM heartbeats LIMIT 1)")
            return connection
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _DAMAGE:
            connection.close()
            raise
    connection.close()
    return None


def _made(path: str) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def _alone(path: str) -> Generator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _set_aside(path: str) -> None:
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.replace(path + end, f"{path}.broken-{stamp}{end}")  # noqa: PTH105


@contextlib.contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unavailable(f"the queue of heartbeats cannot be used: {error}") from None
