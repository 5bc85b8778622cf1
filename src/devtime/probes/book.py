"""What is remembered of probes in `probes.db`: grants, last answers, attempts, what was touched, what was logged."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from devtime.kernel.errors import Unavailable
from devtime.plugins.engine import LogLine
from devtime.plugins.kinds.probe.permissions import Permissions
from devtime.plugins.kinds.probe.snapshot import Snapshot
from devtime.plugins.kinds.probe.touches import Act, Touch

_KEPT_LINES = 500
_SCHEMA = """
CREATE TABLE IF NOT EXISTS grants (
  plugin TEXT NOT NULL, digest TEXT NOT NULL, granted TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (plugin, digest)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
  instance TEXT PRIMARY KEY, snapshot TEXT NOT NULL, setting TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempts (
  instance TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, failure TEXT, wait_until_ms INTEGER NOT NULL, setting TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS touches (
  instance TEXT NOT NULL, act TEXT NOT NULL, what TEXT NOT NULL, is_refused INTEGER NOT NULL, count INTEGER NOT NULL,
  first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, PRIMARY KEY (instance, act, what, is_refused)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lines (
  id INTEGER PRIMARY KEY, instance TEXT NOT NULL, at_ms INTEGER NOT NULL, level TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS lines_of_instance ON lines (instance, id);
"""


class Attempt(msgspec.Struct, frozen=True):
    """The last run: when, the whole failed answer if it failed, and until when to leave the server alone."""

    at_ms: int
    failure: Snapshot | None
    wait_until_ms: int
    setting: str


class Seen(msgspec.Struct, frozen=True):
    """Something touched, over all runs."""

    touch: Touch
    first_ms: int
    last_ms: int


class Said(msgspec.Struct, frozen=True):
    """A line of log, and when."""

    at_ms: int
    line: LogLine


class ProbeBook:
    """The file. Several processes may use it at once; each call is a transaction of its own."""

    def __init__(self, home: Path) -> None:
        self._path = home / "probes.db"

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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

    def find_grant(self, plugin: str, digest: str) -> Permissions | None:
        """What was granted to this very content of a plugin; None where nobody was asked yet."""
        with self._open() as connection:
            found = connection.execute("SELECT granted FROM grants WHERE plugin = ? AND digest = ?", (plugin, digest))
            row = found.fetchone()
        return msgspec.json.decode(row[0], type=Permissions) if row else None

    def is_known(self, plugin: str) -> bool:
        """Whether anything was ever granted to a plugin of that id."""
        with self._open() as connection:
            return connection.execute("SELECT 1 FROM grants WHERE plugin = ?", (plugin,)).fetchone() is not None

    def grant(self, plugin: str, digest: str, granted: Permissions, at_ms: int) -> None:
        """Remember an answer; those to other contents of the plugin are dropped."""
        with self._open() as connection:
            connection.execute("DELETE FROM grants WHERE plugin = ?", (plugin,))
            told = msgspec.json.encode(granted, order="deterministic").decode()
            connection.execute("INSERT INTO grants VALUES (?, ?, ?, ?)", (plugin, digest, told, at_ms))

    def forget(self, plugin: str, instances: Sequence[str]) -> bool:
        """Drop grants, answers, touches and log of a plugin; whether there was a grant."""
        with self._open() as connection:
            dropped = connection.execute("DELETE FROM grants WHERE plugin = ?", (plugin,)).rowcount
            for instance in instances:
                for statement in (
                    "DELETE FROM answers WHERE instance = ?",
                    "DELETE FROM attempts WHERE instance = ?",
                    "DELETE FROM touches WHERE instance = ?",
                    "DELETE FROM lines WHERE instance = ?",
                ):
                    connection.execute(statement, (instance,))
        return dropped > 0

    def record(self, snapshot: Snapshot, setting: str, at_ms: int) -> None:
        """Note a run. Its answer replaces the last one only if no line of it is an error."""
        wait_until = at_ms + snapshot.retry_after_s * 1_000 if snapshot.retry_after_s else 0
        kept = msgspec.structs.replace(snapshot, logs=(), touches=())
        told = msgspec.json.encode(kept).decode()
        with self._open() as connection:
            failure = told if snapshot.has_errors else None
            attempt = (snapshot.instance, at_ms, failure, wait_until, setting)
            connection.execute("INSERT OR REPLACE INTO attempts VALUES (?, ?, ?, ?, ?)", attempt)
            if not snapshot.has_errors:
                connection.execute(
                    "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (snapshot.instance, told, setting)
                )
            self._note(connection, snapshot, at_ms)

    def note(self, snapshot: Snapshot, at_ms: int) -> None:
        """Note what a run touched and logged, and nothing else: for a dry run."""
        with self._open() as connection:
            self._note(connection, snapshot, at_ms)

    @staticmethod
    def _note(connection: sqlite3.Connection, snapshot: Snapshot, at_ms: int) -> None:
        connection.executemany(
            "INSERT INTO touches VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (instance, act, what, is_refused) "
            "DO UPDATE SET count = count + excluded.count, last_ms = excluded.last_ms",
            [(snapshot.instance, t.act, t.what, t.is_refused, t.count, at_ms, at_ms) for t in snapshot.touches],
        )
        connection.executemany(
            "INSERT INTO lines (instance, at_ms, level, text) VALUES (?, ?, ?, ?)",
            [(snapshot.instance, at_ms, line.level, line.text) for line in snapshot.logs],
        )
        connection.execute(
            "DELETE FROM lines WHERE instance = ? AND id <= (SELECT id FROM lines WHERE instance = ? "
            "ORDER BY id DESC LIMIT 1 OFFSET ?)",
            (snapshot.instance, snapshot.instance, _KEPT_LINES),
        )

    def find_answer(self, instance: str) -> tuple[Snapshot, str] | None:
        """The last answer without errors, and the setting it was given in."""
        with self._open() as connection:
            found = connection.execute("SELECT snapshot, setting FROM answers WHERE instance = ?", (instance,))
            row = found.fetchone()
        return (msgspec.json.decode(row[0], type=Snapshot), row[1]) if row else None

    def find_attempt(self, instance: str) -> Attempt | None:
        """The last run."""
        with self._open() as connection:
            row = connection.execute(
                "SELECT at_ms, failure, wait_until_ms, setting FROM attempts WHERE instance = ?", (instance,)
            ).fetchone()
        if row is None:
            return None
        return Attempt(row[0], msgspec.json.decode(row[1], type=Snapshot) if row[1] else None, row[2], row[3])

    def seen(self, instance: str) -> list[Seen]:
        """Everything an instance touched, by kind and name."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT act, what, count, is_refused, first_ms, last_ms FROM touches WHERE instance = ? "
                "ORDER BY act, what",
                (instance,),
            ).fetchall()
        return [Seen(Touch(_act(row[0]), row[1], row[2], bool(row[3])), row[4], row[5]) for row in rows]

    def said(self, instance: str, limit: int) -> list[Said]:
        """The last lines of an instance's log, the oldest first."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT at_ms, level, text FROM lines WHERE instance = ? ORDER BY id DESC LIMIT ?", (instance, limit)
            ).fetchall()
        return [Said(row[0], LogLine(row[1], row[2])) for row in reversed(rows)]


def _act(name: str) -> Act:
    return msgspec.convert(name, Act)
