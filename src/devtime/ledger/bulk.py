"""Filling an empty database with logs, without indexes and without looking back: a first reading, or a share of one."""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import os
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from devtime.ledger import schema
from devtime.ledger.connection import connect
from devtime.ledger.glance import stamp_of
from devtime.ledger.logs import FILE_MARKS, MOST_SKIPPED, Log, open_log, read_log
from devtime.ledger.names import EventRow, Names
from devtime.readers.reader import Numbers, Reader, Skipped, Sorted
from devtime.wire.rates import PROMPT_EDGES
from devtime.wire.usage import UsageEvent

_INSERT = f"INSERT INTO events VALUES ({', '.join('?' * len(schema.EVENT_COLUMNS))})"
_NUMBERS = ("key", "rank", "time_ms", *schema.COUNTS, "cost_nusd")
_INSERT_NUMBERS = f"""INSERT INTO events (id, file, rate, seq, {", ".join(_NUMBERS)})
VALUES (?, ?, ?, ?, {", ".join("?" * len(_NUMBERS))})"""
_CACHE_KIB = 16_384

RANGE_BITS = 32
"""Each process numbers contexts, rates and changes in a range of its own."""


class Bulk:
    """One database being filled. `logs` are all there are, by id: of two that say the same, one sorts first."""

    def __init__(self, path: Path, share: int, logs: Mapping[int, Log]) -> None:
        self.connection = connect(path, is_new=True)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self.connection.execute("BEGIN")
        schema.create(self.connection)
        self._names = Names(first=(share << RANGE_BITS) + 1)
        self._logs = logs
        self.seq = share << RANGE_BITS
        self.ids: dict[int, int] = {}
        """Key to id of every event."""
        self.read = self.read_bytes = self.skipped = 0

    def take(self, reader: Reader, log: Log) -> None:
        """Read a log and store what it says."""
        skipped: list[Skipped] = []
        try:
            descriptor = open_log(log)
            try:
                stamp = stamp_of(log.path, os.fstat(descriptor), log.shape)
                for reading in read_log(reader.read_sorted or reader.read, log, descriptor, stamp):
                    log.skipped += len(reading.skipped)
                    skipped += reading.skipped[: MOST_SKIPPED - len(skipped)]
                    if isinstance(reading, Sorted):
                        self._add_sorted(log, reading.kinds)
                    else:
                        self._add(log, reading.events)
            finally:
                os.close(descriptor)
            self.read += 1
            self.read_bytes += stamp.size
        except OSError as error:
            log.is_trouble = True
            skipped.append(Skipped(0, f"the file cannot be read: {error.strerror}"))
        self.skipped += len(skipped)
        self.connection.execute(f"INSERT INTO files VALUES ({FILE_MARKS})", log.row())
        places = [(log.id, place.offset, place.reason) for place in skipped]
        self.connection.executemany("INSERT OR IGNORE INTO skipped VALUES (?, ?, ?)", places)

    def _add(self, log: Log, events: Iterable[UsageEvent]) -> None:
        rows: dict[int, EventRow] = {}
        ids, row_of, seq = self.ids, self._names.row, self.seq
        for event in events:
            key = event.key
            if key in rows:
                if event.rank <= cast("int", rows[key][2]):
                    continue
            elif key in ids and not self._make_way(log, key, event.rank):
                continue
            seq += 1
            row = row_of(event, log.id, seq)
            rows[key] = row
            ids[key] = cast("int", row[0])
        self.seq = seq
        self.connection.executemany(_INSERT, rows.values())

    def _add_sorted(self, log: Log, kinds: Iterable[tuple[UsageEvent, list[Numbers]]]) -> None:
        """The same for events sorted by kind, of which no two have one key."""
        rows: list[tuple[int | None, ...]] = []
        ids, names, seq, file = self.ids, self._names, self.seq, log.id
        for example, many in kinds:
            rates: dict[int, int] = {}
            id = 0
            for numbers in many:
                key, rank, _, given, _, read, write, write_1h, _, _, _, cost_nusd = numbers
                prompt = given + read + write + write_1h
                length = bisect_left(PROMPT_EDGES, prompt)
                rate = rates.get(length)
                if rate is None:
                    context, rate = names.kind(example, prompt, is_cost_logged=cost_nusd is not None)
                    id = id or names.take_ids(context, len(many))
                    rates[length] = rate
                if key in ids and not self._make_way(log, key, rank):
                    continue
                seq += 1
                rows.append((id, file, rate, seq) + numbers)  # noqa: RUF005 - unpacking takes longer
                ids[key] = id
                id += 1
        self.seq = seq
        self.connection.executemany(_INSERT_NUMBERS, rows)

    def _make_way(self, log: Log, key: int, new_rank: int) -> bool:
        """Whether an event counts rather than the one of its key that is stored, which is taken out then."""
        id = self.ids[key]
        query = "SELECT rank, file FROM events WHERE id = ?"
        rank, file = self.connection.execute(query, (id,)).fetchone()
        if file == log.id:
            is_better = new_rank > rank
        else:
            is_better = (-new_rank, log.order) < (-rank, self._logs[file].order)
            self.echo(key, file if is_better else log.id)
        if is_better:
            self.connection.execute("DELETE FROM events WHERE id = ?", (id,))
        return is_better

    def echo(self, key: int, file: int) -> None:
        """Note that a file tells an event too, which counts as another file tells it."""
        self.connection.execute("INSERT OR IGNORE INTO echoes VALUES (?, ?)", (key, file))

    def sum_up(self) -> None:
        """Store the names and the sums of all that was taken."""
        self._names.write(self.connection)
        self.connection.execute(f"INSERT INTO slots {schema.ROLL_UP} FROM events GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")

    def close(self) -> None:
        """Let go of the file. What was not committed is lost."""
        self.connection.close()


def open_share(connection: sqlite3.Connection, path: Path) -> None:
    """Make another process's database readable as `share`."""
    connection.execute("ATTACH DATABASE ? AS share", (str(path),))
