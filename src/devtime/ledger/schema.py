"""The tables of the ledger and their versions. Nothing else in the package creates or alters one."""

from __future__ import annotations

import sqlite3

VERSION = 2
"""What `PRAGMA user_version` says of a ledger this program wrote."""

CONTEXT_BITS = 24
"""An event's id is its context's id, shifted by so many bits, plus a number: a context's events lie together."""

COUNTS = (
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "extra_tokens",
    "reasoning_tokens",
    "web_searches",
)
"""The columns that are summed, in the order of `events`, `slots` and `TokenSums`."""

EVENT_COLUMNS = ("id", "key", "rank", "file", "time_ms", "rate", "seq", *COUNTS, "cost_nusd")
SLOT_COLUMNS = ("slot", "context", "rate", "events", *COUNTS, "logged_nusd", "first_ms", "last_ms")

_COUNTS_SQL = ", ".join(f"{name} INTEGER NOT NULL" for name in COUNTS)

TABLES = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """CREATE TABLE rates (id INTEGER PRIMARY KEY, rate_id INTEGER NOT NULL, agent TEXT NOT NULL, model TEXT NOT NULL,
    provider TEXT NOT NULL, speed TEXT NOT NULL, tier TEXT NOT NULL, region TEXT NOT NULL,
    prompt_class INTEGER NOT NULL, is_cost_logged INTEGER NOT NULL, is_model_guessed INTEGER NOT NULL)""",
    """CREATE TABLE contexts (id INTEGER PRIMARY KEY, agent TEXT NOT NULL, session TEXT NOT NULL, folder TEXT NOT NULL,
    project TEXT NOT NULL, branch TEXT NOT NULL, machine TEXT NOT NULL, is_sidechain INTEGER NOT NULL)""",
    # A file without a log behind it any more has is_gone; trouble says that it could not be opened.
    """CREATE TABLE files (id INTEGER PRIMARY KEY, agent TEXT NOT NULL, shape TEXT NOT NULL, path BLOB NOT NULL UNIQUE,
    relative BLOB NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,
    position INTEGER NOT NULL, head BLOB NOT NULL, edge BLOB NOT NULL, tail BLOB NOT NULL, memory BLOB NOT NULL,
    is_in_long_line INTEGER NOT NULL, is_gone INTEGER NOT NULL, is_trouble INTEGER NOT NULL,
    skipped INTEGER NOT NULL)""",
    "CREATE TABLE folders (path BLOB PRIMARY KEY, mtime_ns INTEGER NOT NULL) WITHOUT ROWID",
    f"""CREATE TABLE events (id INTEGER PRIMARY KEY, key INTEGER NOT NULL, rank INTEGER NOT NULL, file INTEGER NOT NULL,
    time_ms INTEGER NOT NULL, rate INTEGER NOT NULL, seq INTEGER NOT NULL, {_COUNTS_SQL}, cost_nusd INTEGER)""",
    # Which other files tell an event of `events` as well.
    "CREATE TABLE echoes (key INTEGER NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (key, file)) WITHOUT ROWID",
    f"""CREATE TABLE slots (slot INTEGER NOT NULL, context INTEGER NOT NULL, rate INTEGER NOT NULL,
    events INTEGER NOT NULL, {_COUNTS_SQL}, logged_nusd INTEGER NOT NULL, first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL, PRIMARY KEY (slot, context, rate)) WITHOUT ROWID""",
    "CREATE TABLE withdrawn (key INTEGER PRIMARY KEY, seq INTEGER NOT NULL)",
    """CREATE TABLE skipped (file INTEGER NOT NULL, place INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (file, place, reason)) WITHOUT ROWID""",
    "CREATE TABLE sync (server TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
)
INDEXES = (
    "CREATE INDEX contexts_by_session ON contexts (session)",
    "CREATE UNIQUE INDEX events_by_key ON events (key)",
)

LAZY_INDEXES = {
    "events_by_seq": "CREATE INDEX IF NOT EXISTS events_by_seq ON events (seq)",
    "events_by_file": "CREATE INDEX IF NOT EXISTS events_by_file ON events (file)",
}
"""Made when they are first needed: a first reading is not kept waiting for what it may never need."""

ROLL_UP = f"""
    SELECT time_ms / 900000 AS slot, id >> {CONTEXT_BITS} AS context, rate, count(*),
    {", ".join(f"sum({name})" for name in COUNTS)}, coalesce(sum(cost_nusd), 0), min(time_ms), max(time_ms)
"""
"""Events into rows of `slots`: FROM must follow, and a GROUP BY 2, 3, 1."""


_ANSWERS = "CREATE TABLE answers (question BLOB PRIMARY KEY, upto INTEGER NOT NULL, rows BLOB NOT NULL)"

_STEPS: dict[int, tuple[str, ...]] = {1: (_ANSWERS,)}
"""What makes a ledger of a version one of the next."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a ledger of an older program up to this one's version: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for step in range(version, VERSION):
            for statement in _STEPS[step]:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def create(connection: sqlite3.Connection) -> None:
    """Make every table in an empty database, without the indexes."""
    for statement in (*TABLES, _ANSWERS):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def create_indexes(connection: sqlite3.Connection) -> None:
    """Make the indexes that every ledger has."""
    for statement in INDEXES:
        connection.execute(statement)
