"""Bringing events into a ledger that has some already: which of two with one key counts, and the sums it changes.

The rule: larger rank, then the log that sorts first, then what comes first in it. It is a total order, so the outcome
does not depend on what was read when. What a log no longer says is withdrawn unless another one says it.
"""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from devtime.kernel.slots import SLOT_MS
from devtime.ledger.answers import forget
from devtime.ledger.names import EventRow, Names
from devtime.ledger.schema import CONTEXT_BITS, COUNTS, EVENT_COLUMNS, LAZY_INDEXES, ROLL_UP, SLOT_COLUMNS
from devtime.wire.text import clean

if TYPE_CHECKING:
    from devtime.ledger.logs import Log
    from devtime.wire.usage import UsageEvent

_MOST_ASKED = 500

_INSERT = f"INSERT INTO events VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"
_INSERT_SLOT = f"INSERT INTO {{}}.slots VALUES ({', '.join('?' * len(SLOT_COLUMNS))})"
_FIND = f"SELECT key, id, rank, file, time_ms, rate, {', '.join(COUNTS)}, cost_nusd FROM events WHERE key IN "

_Stored = tuple[int, ...]
"""id, rank, file, time_ms, rate, the counts, cost_nusd."""


def best_of(events: Iterable[UsageEvent]) -> dict[int, UsageEvent]:
    """The events by key; of several the one of largest rank, of those the first."""
    best: dict[int, UsageEvent] = {}
    for event in events:
        known = best.get(event.key)
        if known is None or event.rank > known.rank:
            best[event.key] = event
    return best


class Said:
    """What a log that is read anew has said so far."""

    __slots__ = ("keys", "sessions")

    def __init__(self) -> None:
        self.keys: set[int] = set()
        self.sessions: set[str] = set()


class Merger:
    """Brings events in, inside a transaction of the caller's. `settle` must end it: the sums are wrong before."""

    def __init__(self, connection: sqlite3.Connection, names: Names, logs: Mapping[int, Log]) -> None:
        self._connection = connection
        self._names = names
        self._logs = logs
        self._touched: dict[int, set[tuple[int, int]]] = {}
        (self._seq,) = connection.execute(
            "SELECT max(coalesce((SELECT value FROM meta WHERE name = 'seq'), 0))"
        ).fetchone()
        self.changed = 0
        self.to_reread: set[int] = set()
        """Logs that tell events which another log told better until now."""

    def merge(self, log: Log, events: Iterable[UsageEvent], said: Said | None = None) -> None:
        """Bring in what a log says. `said` (a log read anew): what it said so far; its word now replaces its own."""
        best = best_of(events)
        keys = list(best)
        for begin in range(0, len(keys), _MOST_ASKED):
            self._merge_some(log, {key: best[key] for key in keys[begin : begin + _MOST_ASKED]}, said)
        if said is not None:
            said.keys.update(keys)
            said.sessions.update(clean(event.session, "session") for event in best.values())

    def _merge_some(self, log: Log, events: dict[int, UsageEvent], said: Said | None) -> None:
        marks = ", ".join("?" * len(events))
        stored = {row[0]: row[1:] for row in self._connection.execute(f"{_FIND}({marks})", list(events))}
        for key, event in events.items():
            known = stored.get(key)
            if known is None:
                self._insert(log, event)
            elif known[2] == log.id:
                if said is not None and key not in said.keys:
                    self._revise(log, event, known)
                elif event.rank > known[1]:
                    self._replace(log, event, known)
            elif self._beats(log, event, known):
                self._replace(log, event, known)
                self._connection.execute("INSERT OR IGNORE INTO echoes VALUES (?, ?)", (key, known[2]))
                self._connection.execute("DELETE FROM echoes WHERE key = ? AND file = ?", (key, log.id))
            else:
                self._connection.execute("INSERT OR IGNORE INTO echoes VALUES (?, ?)", (key, log.id))

    def _beats(self, log: Log, event: UsageEvent, known: _Stored) -> bool:
        if event.rank != known[1]:
            return event.rank > known[1]
        return log.order < self._logs[known[2]].order

    def _insert(self, log: Log, event: UsageEvent) -> None:
        self._seq += 1
        self._add(self._names.row(event, log.id, self._seq))

    def _add(self, row: EventRow) -> None:
        id, key, _, _, time_ms, rate, *_ = cast("Sequence[int]", row)
        self.changed += 1
        self._connection.execute(_INSERT, row)
        self._connection.execute("DELETE FROM withdrawn WHERE key = ?", (key,))
        self._touch(id, time_ms, rate)

    def _revise(self, log: Log, event: UsageEvent, known: _Stored) -> None:
        """A log read anew tells its own event: nothing happens if it is the same."""
        row = self._names.row(event, log.id, self._seq + 1)
        same = row[2:6] == known[1:5] and row[7:] == known[5:]
        if same and cast("int", row[0]) >> CONTEXT_BITS == known[0] >> CONTEXT_BITS:
            return
        self._seq += 1
        self._remove(known)
        self._add(row)
        if event.rank < known[1]:
            self._ask_others(event.key)

    def _replace(self, log: Log, event: UsageEvent, known: _Stored) -> None:
        self._remove(known)
        self._insert(log, event)

    def _remove(self, known: _Stored) -> None:
        self._connection.execute("DELETE FROM events WHERE id = ?", (known[0],))
        self._touch(known[0], known[3], known[4])

    def _touch(self, id: int, time_ms: int, rate: int) -> None:
        self._touched.setdefault(id >> CONTEXT_BITS, set()).add((time_ms // SLOT_MS, rate))

    def withdraw_unsaid(self, log: Log, said: Said) -> None:
        """After a log was read anew: withdraw what only it said and no longer says.

        A session that is wholly gone from an agent's database was deleted like a log, and stays like one.
        """
        self._connection.execute(LAZY_INDEXES["events_by_file"])
        echoed = [key for (key,) in self._connection.execute("SELECT key FROM echoes WHERE file = ?", (log.id,))]
        gone = [(key, log.id) for key in echoed if key not in said.keys]
        self._connection.executemany("DELETE FROM echoes WHERE key = ? AND file = ?", gone)
        query = f"""SELECT c.session, e.key, e.id, e.rank, e.file, e.time_ms, e.rate FROM events e
        JOIN contexts c ON c.id = e.id >> {CONTEXT_BITS} WHERE e.file = ?"""
        for session, key, *known in self._connection.execute(query, (log.id,)).fetchall():
            if key not in said.keys and (log.shape != "database" or session in said.sessions):
                self._hand_over(key, tuple(known))

    def _hand_over(self, key: int, known: _Stored) -> None:
        """Withdraw an event, or leave it to a log that says it too."""
        others = [file for (file,) in self._connection.execute("SELECT file FROM echoes WHERE key = ?", (key,))]
        there = [file for file in others if not self._logs[file].is_gone]
        if others and not there:
            # Its words are lost with the log, what they told is not.
            heir = min(others, key=lambda file: self._logs[file].order)
            self._connection.execute("UPDATE events SET file = ? WHERE id = ?", (heir, known[0]))
            self._connection.execute("DELETE FROM echoes WHERE key = ? AND file = ?", (key, heir))
            return
        self._remove(known)
        self._seq += 1
        self.changed += 1
        self._connection.execute("INSERT OR REPLACE INTO withdrawn VALUES (?, ?)", (key, self._seq))
        self._connection.execute("DELETE FROM echoes WHERE key = ?", (key,))
        self.to_reread.update(there)

    def _ask_others(self, key: int) -> None:
        query = "SELECT file FROM echoes WHERE key = ?"
        others = [file for (file,) in self._connection.execute(query, (key,))]
        self.to_reread.update(file for file in others if not self._logs[file].is_gone)

    def settle(self) -> None:
        """Store new names, and sum up anew whatever changed."""
        self._names.write(self._connection)
        if self._touched:
            forget(self._connection, min(slot for places in self._touched.values() for slot, _ in places))
        for context, places in self._touched.items():
            roll_up(self._connection, context, places)
        self._touched.clear()
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('seq', ?)", (self._seq,))


def roll_up(connection: sqlite3.Connection, context: int, places: set[tuple[int, int]], database: str = "main") -> None:
    """Sum the events of one context up anew in those (slot, rate)."""
    slots = [slot for slot, _ in places]
    first_ms, end_ms = min(slots) * SLOT_MS, (max(slots) + 1) * SLOT_MS
    span = (context << CONTEXT_BITS, (context + 1 << CONTEXT_BITS) - 1, first_ms, end_ms)
    query = (
        f"{ROLL_UP} FROM {database}.events WHERE id BETWEEN ? AND ? AND time_ms >= ? AND time_ms < ? GROUP BY 2, 3, 1"
    )
    rows = [row for row in connection.execute(query, span) if (row[0], row[2]) in places]
    gone = [(slot, context, rate) for slot, rate in places]
    connection.executemany(f"DELETE FROM {database}.slots WHERE slot = ? AND context = ? AND rate = ?", gone)
    connection.executemany(_INSERT_SLOT.format(database), rows)
