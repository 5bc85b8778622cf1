"""Clearing away what has run out: sessions, one-time links, invitations. Nothing here changes who may enter."""

from __future__ import annotations

from devtime.kernel.clock import DAY_MS, now_ms
from devtime.store.database import Database
from devtime.store.sqlfile import load

_QUERIES = load("devtime.accounts")


async def delete_expired(database: Database) -> None:
    """Delete what ran out more than a day ago."""
    before = now_ms() - DAY_MS
    for query in ("delete_expired_sessions", "delete_expired_login_links", "delete_expired_invitations"):
        await database.execute(_QUERIES[query], before)
