"""A refresh: read what is new, bring it in, all or nothing at any moment. Runs under the lock."""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from devtime.ledger.glance import Stamp, stamp_of
from devtime.ledger.logs import FILE_MARKS, MOST_SKIPPED, Log, is_anew, open_log, read_log
from devtime.ledger.merging import Merger, Said
from devtime.ledger.names import Names
from devtime.ledger.outcome import Refreshed
from devtime.readers.one import find_reader
from devtime.readers.reader import Reader, Reading, Skipped

_COMMIT_BYTES = 64 << 20
"""So much is read before what came of it is committed."""

_FILES_SQL = f"INSERT OR REPLACE INTO files VALUES ({FILE_MARKS})"


class Logs(dict[int, Log]):
    """The logs the ledger knows, each fetched when it is first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, id: int) -> Log:
        log = self.find(id)
        if log is None:
            raise KeyError(id)
        return log

    def find(self, id: int) -> Log | None:
        """The log of that id, if there is one."""
        row = self._connection.execute("SELECT * FROM files WHERE id = ?", (id,)).fetchone()
        if row is not None:
            self[id] = Log.of_row(row)
        return self.get(id)

    def fetch_all(self) -> None:
        """Fetch all at once."""
        self.update((row[0], Log.of_row(row)) for row in self._connection.execute("SELECT * FROM files"))


class Refresh:
    """One refresh of a ledger that exists, of logs that are known. `searching` has the one that finds new logs."""

    def __init__(self, connection: sqlite3.Connection, outcome: Refreshed) -> None:
        self._connection = connection
        self._outcome = outcome
        self._logs = Logs(connection)
        self._uncommitted = 0

    def read_on(self, ids: Iterable[int]) -> None:
        """Read on in these logs, and nowhere else."""
        with self._transaction():
            for id in ids:
                # A ledger that was made anew meanwhile numbers otherwise, and has read everything.
                log = self._logs.find(id)
                reader = self._reader_of(log) if log else None
                if log and reader:
                    self._read(reader, log)
            self._reread()

    def _reader_of(self, log: Log) -> Reader | None:
        return find_reader(log.agent, log.shape)

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._begin()
        try:
            yield
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
        while self._merger.to_reread:
            log = self._logs[self._merger.to_reread.pop()]
            reader = self._reader_of(log)
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
