"""Events one by one: what changed since, for sending on, and single ones, for looking at. Reads, but for positions."""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from devtime.ledger.schema import CONTEXT_BITS, COUNTS, LAZY_INDEXES
from devtime.ledger.sums import conditions_of
from devtime.wire.usage_sums import UsageQuestion

if TYPE_CHECKING:
    from devtime.wire.usage import UsageEvent

_COLUMNS = f"""e.seq, e.key, e.rank, e.time_ms, {", ".join(f"e.{name}" for name in COUNTS)}, e.cost_nusd, c.agent,
c.session, c.folder, c.project, c.branch, c.is_sidechain, r.model, r.provider, r.speed, r.tier, r.region,
r.is_model_guessed"""
_TABLES = f"events e JOIN contexts c ON c.id = e.id >> {CONTEXT_BITS} JOIN rates r ON r.id = e.rate"


class Changes(NamedTuple):
    """A stretch of what changed, oldest first. `seq` is the position behind it."""

    events: list[UsageEvent]
    withdrawn: list[int]
    seq: int


class SkippedPlace(NamedTuple):
    """Something in a log that could not be understood: where, and why."""

    path: str
    place: int
    reason: str


def read_changes(connection: sqlite3.Connection, after_seq: int, limit: int) -> Changes:
    """Events and withdrawn keys that are new since the position, `limit` of both at most."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events_by_seq'").fetchone():
        connection.execute(LAZY_INDEXES["events_by_seq"])
    query = f"SELECT {_COLUMNS} FROM {_TABLES} WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
    rows = connection.execute(query, (after_seq, limit)).fetchall()
    query = "SELECT seq, key FROM withdrawn WHERE seq > ? ORDER BY seq LIMIT ?"
    gone = connection.execute(query, (after_seq, limit)).fetchall()
    order = sorted([row[0] for row in rows] + [seq for seq, _ in gone])[:limit]
    last = order[-1] if order else after_seq
    return Changes(
        [_event(row) for row in rows if row[0] <= last],
        [key for seq, key in gone if seq <= last],
        last,
    )


def read_events(connection: sqlite3.Connection, question: UsageQuestion, limit: int) -> list[UsageEvent]:
    """The latest events the question is about, the latest first."""
    conditions, values = conditions_of(connection, question, "e.time_ms / 900000", f"e.id >> {CONTEXT_BITS}", "e.rate")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    query = f"SELECT {_COLUMNS} FROM {_TABLES} {where} ORDER BY e.time_ms DESC, e.key LIMIT ?"
    return [_event(row) for row in connection.execute(query, (*values, limit))]


def find_event(connection: sqlite3.Connection, key: int) -> UsageEvent | None:
    """The event of that key."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM {_TABLES} WHERE e.key = ?", (key,)).fetchone()
    return _event(row) if row else None


def _event(row: tuple[int, ...]) -> UsageEvent:
    from devtime.wire.usage import UsageEvent

    _, key, rank, time_ms, *rest = row
    counts, cost_nusd, names = rest[: len(COUNTS)], rest[len(COUNTS)], rest[len(COUNTS) + 1 :]
    agent, session, folder, project, branch, is_sidechain, model, provider, speed, tier, region, is_guessed = names
    return UsageEvent(
        key=key,
        rank=rank,
        time_ms=time_ms,
        agent=str(agent),
        session=str(session),
        folder=str(folder),
        project=str(project),
        branch=str(branch),
        is_sidechain=bool(is_sidechain),
        model=str(model),
        provider=str(provider),
        speed=str(speed),
        tier=str(tier),
        region=str(region),
        is_model_guessed=bool(is_guessed),
        cost_nusd=cost_nusd,
        **dict(zip(COUNTS, counts, strict=True)),
    )


def read_skipped(connection: sqlite3.Connection, limit: int) -> tuple[int, list[SkippedPlace]]:
    """How many places were skipped in all logs that are there, and the first of them."""
    import os

    (in_logs,) = connection.execute("SELECT coalesce(sum(skipped), 0) FROM files").fetchone()
    (folders,) = connection.execute("SELECT count(*) FROM skipped WHERE file = 0").fetchone()
    query = """SELECT coalesce(f.path, ''), s.place, s.reason FROM skipped s LEFT JOIN files f ON f.id = s.file
    ORDER BY f.path, s.place LIMIT ?"""
    places = [
        SkippedPlace(os.fsdecode(path), place, reason) for path, place, reason in connection.execute(query, (limit,))
    ]
    return in_logs + folders, places


def sync_position(connection: sqlite3.Connection, server: str) -> int:
    """Up to where a server has everything."""
    row = connection.execute("SELECT seq FROM sync WHERE server = ?", (server,)).fetchone()
    return row[0] if row else 0


def set_sync_position(connection: sqlite3.Connection, server: str, seq: int) -> None:
    """Note it, durably."""
    connection.execute("INSERT OR REPLACE INTO sync VALUES (?, ?)", (server, seq))
