"""A refresh that searches first: new logs, logs that are gone, and everything that changed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence

from devtime.ledger.glance import Stamp
from devtime.ledger.logs import Log
from devtime.ledger.outcome import Refreshed
from devtime.ledger.refreshing import Refresh
from devtime.ledger.scanning import FoundLog, Scan, scan_text, search
from devtime.readers.reader import Reader, Skipped, Surroundings


class Search(Refresh):
    """One refresh of a ledger that exists, from the logs of these readers."""

    def __init__(self, connection: sqlite3.Connection, outcome: Refreshed, readers: Sequence[Reader]) -> None:
        super().__init__(connection, outcome)
        self._readers = {(reader.agent, reader.shape): reader for reader in readers}
        self._logs.fetch_all()
        self._by_path = {log.path: log for log in self._logs.values()}
        self._next_file = max(self._logs, default=0) + 1

    def run(self, surroundings: Surroundings) -> None:
        """Search and read; once more if folders were changing just then."""
        for _ in range(2):
            scan = search(list(self._readers.values()), surroundings)
            with self._transaction():
                self._bring_in(scan, scan_text(scan, surroundings))
            if scan.is_settled:
                break

    def _reader_of(self, log: Log) -> Reader | None:
        return self._readers.get((log.agent, log.shape))

    def _bring_in(self, scan: Scan, told: str) -> None:
        self._outcome.logs = len(scan.logs)
        self._note_missing(scan)
        for found in scan.logs:
            log = self._log_of(found)
            if _is_changed(log, found.stamp):
                self._read(found.reader, log)
        self._reread()
        self._connection.execute("DELETE FROM folders")
        self._connection.executemany("INSERT INTO folders VALUES (?, ?)", scan.folders.items())
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('scan', ?)", (told,))
        self._note_skipped(0, [Skipped(0, f"{reason}: {os.fsdecode(path)}") for path, reason in scan.troubles])

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
        agents = {agent for agent, _ in self._readers}
        there = {found.path for found in scan.logs}
        for log in self._logs.values():
            if log.agent in agents and log.path not in there and not log.is_gone:
                log.is_gone = True
                self._connection.execute("UPDATE files SET is_gone = 1 WHERE id = ?", (log.id,))


def _is_changed(log: Log, stamp: Stamp) -> bool:
    return log.is_trouble or log.size != stamp.size or log.mtime_ns != stamp.mtime_ns or log.inode != stamp.inode
