"""Heartbeats as they were sent, and all the time spent on one file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from devtime.activity.dictionary import entry_id
from devtime.activity.privacy import veil_path
from devtime.activity.settings import fetch_settings
from devtime.stats.ranges import TimeRange
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.stats")


class SentHeartbeat(msgspec.Struct, frozen=True):
    """One row of `list_sent_heartbeats`; absent text is `""`, save `file`. `extra` holds what no column does."""

    time_ms: int
    identity: int
    project: str
    language: str
    branch: str
    activity_type: str
    machine: str
    file: str | None
    session: str
    client_id: int | None
    is_write: bool
    tokens_in: int | None
    tokens_out: int | None
    extra: dict[str, Any] | None
    created_ms: int


async def fetch_sent_heartbeats(database: Database, user_id: UUID, span: TimeRange) -> list[SentHeartbeat]:
    """The heartbeats of a range, oldest first."""
    rows = await database.fetch(_QUERIES["list_sent_heartbeats"], user_id, span.start_ms, span.end_ms)
    return [SentHeartbeat(*row) for row in rows]


async def fetch_file_ms(database: Database, user_id: UUID, path: str) -> int:
    """All wall-clock time spent on the file, whichever way its path is kept."""
    settings = await fetch_settings(database, user_id)
    kept = veil_path(path, settings.file_privacy, settings.privacy_salt)
    length_ms: int = await database.fetchval(_QUERIES["sum_file"], user_id, entry_id("files", (kept,)))
    return length_ms if kept else 0
