"""A refresh: search, read what is new, bring it in, all or nothing at any moment. Runs under the lock."""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence

from devtime.ledger.logs import FILE_MARKS, MOST_SKIPPED, Log, is_anew, open_log, read_log
from devtime.ledger.merging import Merger, Said
from devtime.ledger.names import Names
from devtime.ledger.outcome import Refreshed
from devtime.ledger.scanning import FoundLog, Scan, Stamp, scan_text, search, stamp_of
from devtime.readers.reader import Reader, Reading, Skipped, Surroundings

_COMMIT_BYTES = 64 << 20
"""So much is read before what came of it is committed."""

_FILES_SQL = f"INSERT OR REPLACE INTO files VALUES ({FILE_MARKS})"


class Refresh:
    """One refresh of a ledger that exists."""

    def __init__(
        self, connection: sqlite3.Connection, readers: Sequence[Reader], surroundings: Surroundings, outcome: Refreshed
    ) -> None:
        self._connection = connection
        self._readers = readers
        self._surroundings = surroundings
        self._outcome = outcome
        self._logs = {row[0]: Log.of_row(row) for row in connection.execute("SELECT * FROM files")}
        self._by_path = {log.path: log for log in self._logs.values()}
        self._next_file = max(self._logs, default=0) + 1
        self._uncommitted = 0

    def run(self) -> None:
        """Search and read; once more if folders were changing just then."""
        for _ in range(2):
            scan = search(self._readers, self._surroundings)
            self._bring_in(scan)
            if scan.is_settled:
                break

    def _bring_in(self, scan: Scan) -> None:
        self._outcome.logs = len(scan.logs)
        self._begin()
        try:
            self._note_missing(scan)
            for found in scan.logs:
                log = self._log_of(found)
                if _is_changed(log, found.stamp):
                    self._read(found.reader, log)
            self._reread()
            self._connection.execute("DELETE FROM folders")
            self._connection.executemany("INSERT INTO folders VALUES (?, ?)", scan.folders.items())
            note = ("scan", scan_text(scan, self._surroundings))
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", note)
            self._note_skipped(0, [Skipped(0, f"{reason}: {os.fsdecode(path)}") for path, reason in scan.troubles])
            self._commit()
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._merger = Merger(self._connection, Names(stored=self._connection), self._logs)

    def _commit(self) -> None:
        self._merger.settle()
        self._connection.execute("COMMIT")
        self._outcome.events += self._merger.changed
        self._merger.changed = 0
        self._uncommitted = 0

    def _log_of(self, found: FoundLog) -> Log:
        log = self._by_path.get(found.path)
        if log is None:
            log = Log(self._next_file, found.reader.agent, found.reader.shape, found.path, found.relative)
            self._next_file += 1
            self._logs[log.id] = self._by_path[log.path] = log
        log.is_gone = False
        return log

    def _note_missing(self, scan: Scan) -> None:
        """Logs that are gone keep what they told."""
        agents = {reader.agent for reader in self._readers}
        there = {found.path for found in scan.logs}
        for log in self._logs.values():
            if log.agent in agents and log.path not in there and not log.is_gone:
                log.is_gone = True
                self._connection.execute("UPDATE files SET is_gone = 1 WHERE id = ?", (log.id,))

    def _read(self, reader: Reader, log: Log) -> None:
        try:
            descriptor = open_log(log)
        except OSError as error:
            log.is_trouble = True
            self._store(log, [Skipped(0, f"the file cannot be opened: {error.strerror}")])
            return
        try:
            stamp = stamp_of(log.path, os.fstat(descriptor), log.shape)
            self._read_open(reader, log, descriptor, stamp)
        except OSError as error:
            log.is_trouble = True
            self._store(log, [Skipped(0, f"the file cannot be read: {error.strerror}")])
        finally:
            os.close(descriptor)

    def _read_open(self, reader: Reader, log: Log, descriptor: int, stamp: Stamp) -> None:
        is_whole = log.shape != "lines" and log.size >= 0
        said: Said | None = None
        if is_whole or is_anew(log, stamp, descriptor):
            said = Said()
        if said is not None or not stamp.size:
            self._connection.execute("DELETE FROM skipped WHERE file = ?", (log.id,))
            log.rewind()
            log.skipped = 0
        skipped: list[Skipped] = []
        before = log.position
        for reading in read_log(reader.read, log, descriptor, stamp):
            log.skipped += len(reading.skipped)
            skipped += reading.skipped[: MOST_SKIPPED - len(skipped)]
            assert isinstance(reading, Reading)  # noqa: S101 - asked for so
            self._merger.merge(log, reading.events, said)
        if said is not None and _is_whole(log, said, skipped):
            self._merger.withdraw_unsaid(log, said)
        log.is_trouble = False
        self._outcome.read += 1
        self._outcome.read_bytes += stamp.size - before
        self._store(log, skipped)
        self._uncommitted += stamp.size - before
        if self._uncommitted > _COMMIT_BYTES:
            self._commit()
            self._connection.execute("BEGIN IMMEDIATE")

    def _store(self, log: Log, skipped: list[Skipped]) -> None:
        self._connection.execute(_FILES_SQL, log.row())
        self._note_skipped(log.id, skipped)

    def _note_skipped(self, file: int, skipped: list[Skipped]) -> None:
        if not file:
            self._connection.execute("DELETE FROM skipped WHERE file = 0")
        (known,) = self._connection.execute("SELECT count(*) FROM skipped WHERE file = ?", (file,)).fetchone()
        rows = [(file, place.offset, place.reason) for place in skipped[: max(0, MOST_SKIPPED - known)]]
        self._connection.executemany("INSERT OR IGNORE INTO skipped VALUES (?, ?, ?)", rows)
        self._outcome.skipped += len(skipped)

    def _reread(self) -> None:
        """Read logs again whose words about an event were lost against another log that took its own back."""
        readers = {(reader.agent, reader.shape): reader for reader in self._readers}
        while self._merger.to_reread:
            log = self._logs[self._merger.to_reread.pop()]
            reader = readers.get((log.agent, log.shape))
            if reader is None:
                continue
            log.rewind()
            log.size = -1
            self._read(reader, log)


def _is_whole(log: Log, said: Said, skipped: list[Skipped]) -> bool:
    """Whether what was read is all the log says. A document that says nothing and has a fault is half written; a
    database with one may have been left half way. Neither takes anything back yet."""
    if log.shape == "lines" or not skipped:
        return True
    return log.shape == "document" and bool(said.keys)


def _is_changed(log: Log, stamp: Stamp) -> bool:
    return log.is_trouble or log.size != stamp.size or log.mtime_ns != stamp.mtime_ns or log.inode != stamp.inode
