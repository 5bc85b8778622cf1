"""Remembered answers: what was summed of days gone by is not summed again, until one of those days changes.

A remembered answer holds for the slots before `upto`. A refresh that touches an earlier slot forgets it (`forget`), so
what is answered is always what the slots say.
"""

# ruff: noqa: S608 -- the SQL put together here is made of constants of this package

from __future__ import annotations

import marshal
import sqlite3
import time
from collections.abc import Sequence

from devtime.kernel.digests import blake2b
from devtime.kernel.slots import SLOTS_PER_DAY

WORTH_S = 0.004
"""Sums of days gone by that took longer are remembered."""

LIVE_S = 0.004
"""When summing the days since takes longer, the answer is remembered anew, up to a later day."""

_MOST_ANSWERS = 32
_DIGEST_BYTES = 16

Row = tuple[int, ...]


def sum_slots(
    connection: sqlite3.Connection, columns: str, conditions: Sequence[str], values: Sequence[str | int], groups: str
) -> list[Row]:
    """Rows of sums over `slots s`, of days gone by from memory. A group may come twice: once from there, once anew.

    Must be called outside of a transaction: it reads in one of its own.
    """
    connection.execute("BEGIN")
    try:
        question = blake2b(repr((columns, conditions, values, groups)).encode(), digest_size=16).digest()
        known = _recall(connection, question)
        (seq,) = connection.execute("SELECT coalesce(max(value), 0) FROM meta WHERE name = 'seq'").fetchone()
        (last,) = connection.execute("SELECT coalesce(max(slot), 0) FROM slots").fetchone()
        begin = time.perf_counter()
        upto = known[0] if known else (last // SLOTS_PER_DAY - 1) * SLOTS_PER_DAY
        live = _ask(connection, columns, [*conditions, "s.slot >= ?"], [*values, upto], groups)
        is_long = time.perf_counter() - begin > LIVE_S
        begin = time.perf_counter()
        if known and not is_long:
            return known[1] + live
        if known:
            upto = (last // SLOTS_PER_DAY - 1) * SLOTS_PER_DAY
            live = _ask(connection, columns, [*conditions, "s.slot >= ?"], [*values, upto], groups)
        past = _ask(connection, columns, [*conditions, "s.slot < ?"], [*values, upto], groups)
        is_long = time.perf_counter() - begin > WORTH_S
    finally:
        connection.execute("COMMIT")
    if is_long:
        _remember(connection, question, upto, past, seq)
    return past + live


def _recall(connection: sqlite3.Connection, question: bytes) -> tuple[int, list[Row]] | None:
    """Up to which slot the answer is known, and its rows. What a failing disk altered is not known."""
    known = connection.execute("SELECT upto, rows FROM answers WHERE question = ?", (question,)).fetchone()
    if known is None or known[1][:_DIGEST_BYTES] != _digest(known[1][_DIGEST_BYTES:]):
        return None
    return known[0], marshal.loads(known[1][_DIGEST_BYTES:])  # noqa: S302 - as this program wrote it


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=_DIGEST_BYTES).digest()


def _ask(
    connection: sqlite3.Connection, columns: str, conditions: Sequence[str], values: Sequence[str | int], groups: str
) -> list[Row]:
    query = f"SELECT {columns} FROM slots s WHERE {' AND '.join(conditions)} GROUP BY {groups}"
    return connection.execute(query, values).fetchall()


def _remember(connection: sqlite3.Connection, question: bytes, upto: int, rows: list[Row], seq: int) -> None:
    """Unless something changed meanwhile, or the ledger cannot be written now: then it is summed again next time."""
    text = marshal.dumps(rows)
    is_same = "(SELECT coalesce(max(value), 0) FROM meta WHERE name = 'seq') = ?"
    (wait_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute(
            f"DELETE FROM answers WHERE (SELECT count(*) FROM answers) >= {_MOST_ANSWERS}",
        )
        connection.execute(
            f"INSERT OR REPLACE INTO answers SELECT ?, ?, ? WHERE {is_same}",
            (question, upto, _digest(text) + text, seq),
        )
    except sqlite3.OperationalError:
        pass
    finally:
        connection.execute(f"PRAGMA busy_timeout = {wait_ms}")


def forget(connection: sqlite3.Connection, slot: int) -> None:
    """Forget every answer that the slot is part of."""
    connection.execute("DELETE FROM answers WHERE upto > ?", (slot,))
