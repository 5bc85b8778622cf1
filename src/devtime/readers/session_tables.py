"""Agents that keep one row a session in a table `sessions`: reading it, whatever columns this version of it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from devtime.readers.databases import Database
from devtime.readers.fields import Unreadable
from devtime.readers.reader import Piece, Reading, Skipped
from devtime.wire.usage import UsageEvent


def read_sessions(
    piece: Piece,
    needed: Sequence[str],
    other: Sequence[str],
    event_of: Callable[[Mapping[str, object]], UsageEvent | None],
) -> Reading:
    """An event for each session that tells one. Nothing without the `needed` columns; `other` ones may be missing."""
    reading = Reading(events=[], skipped=[])
    try:
        with Database(piece.file.path) as database:
            there = database.columns("sessions")
            if there.issuperset(needed):
                columns = [*needed, *(name for name in other if name in there)]
                _read_rows(database, columns, event_of, reading)
    except Unreadable as error:
        reading.skipped.append(Skipped(0, str(error)))
    return reading


def _read_rows(
    database: Database,
    columns: list[str],
    event_of: Callable[[Mapping[str, object]], UsageEvent | None],
    reading: Reading,
) -> None:
    # The names are ours: none comes from the database.
    query = f"SELECT rowid, {', '.join(columns)} FROM sessions"  # noqa: S608
    for number, *values in database.rows(query):
        try:
            event = event_of(dict(zip(columns, values, strict=True)))
        except Unreadable as error:
            reading.skipped.append(Skipped(number if type(number) is int else 0, str(error)))
        else:
            reading.events += [event] if event else []
