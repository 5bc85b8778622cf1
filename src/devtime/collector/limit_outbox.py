"""What probes told on this machine, in `limits.db`: kept as its history, and until each server has it."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import msgspec

from devtime.kernel.clock import DAY_MS
from devtime.kernel.errors import Unavailable

KEPT_MS = 90 * DAY_MS
MOST_ROWS = 50_000
"""Beyond either the oldest go, sent or not: a limit of months ago helps nobody."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS told (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, at_ms INTEGER NOT NULL, body TEXT NOT NULL,
  UNIQUE (source, at_ms)
);
CREATE TABLE IF NOT EXISTS sync (server TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
"""


class Snapshot(msgspec.Struct, frozen=True):
    """What one attempt of a source told, as the server takes it."""

    source: str
    at_ms: int
    body: str


class LimitOutbox:
    """The file. Each call is a transaction of its own; several processes may use it."""

    def __init__(self, home: Path) -> None:
        self._path = home / "limits.db"

    def add(self, snapshots: Iterable[Snapshot]) -> int:
        """Remember what is new; answers how many were."""
        added = 0
        with self._open() as connection:
            for each in snapshots:
                row = (each.source, each.at_ms, each.body)
                found = connection.execute("INSERT OR IGNORE INTO told (source, at_ms, body) VALUES (?, ?, ?)", row)
                added += found.rowcount
            (newest,) = connection.execute("SELECT max(at_ms) FROM told").fetchone()
            (last,) = connection.execute("SELECT max(seq) FROM told").fetchone()
            if newest is not None:
                bounds = (newest - KEPT_MS, last - MOST_ROWS)
                connection.execute("DELETE FROM told WHERE at_ms < ? OR seq <= ?", bounds)
        return added

    def after(self, server: str, most: int) -> tuple[list[str], int]:
        """What a server does not have yet, oldest first, and the position behind it."""
        if not self._path.exists():
            return [], 0
        with self._open() as connection:
            rows = connection.execute(
                "SELECT seq, body FROM told WHERE seq > coalesce((SELECT seq FROM sync WHERE server = ?), 0) "
                "ORDER BY seq LIMIT ?",
                (server, most),
            ).fetchall()
        return [body for _, body in rows], rows[-1][0] if rows else 0

    def acknowledge(self, server: str, seq: int) -> None:
        """The server has everything up to the position."""
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO sync VALUES (?, ?)", (server, seq))

    def history(self, source: str) -> list[Snapshot]:
        """Everything a source told, oldest first."""
        if not self._path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute("SELECT source, at_ms, body FROM told WHERE source = ? ORDER BY at_ms", (source,))
            return [Snapshot(*row) for row in rows]

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        try:
            self._path.touch(mode=0o600)
            connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
            try:
                connection.executescript(_SCHEMA)
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(f"{self._path} cannot be used: {error}. If it is damaged, move it away.") from None
