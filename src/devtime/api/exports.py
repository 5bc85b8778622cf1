"""What the exports of two dialects share: which heartbeats are asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator

from devtime.activity.exporting import Stored, read_pages
from devtime.api.spans import read_edge
from devtime.server.identity import Identity
from devtime.server.parts import Parts


def read_asked_pages(
    parts: Parts, identity: Identity, start: str | None, end: str | None
) -> AsyncIterator[list[Stored]]:
    """One's own heartbeats from `start` to `end`, dates (both included) or instants; without one, no bound there."""
    start_ms = read_edge(start, "start", identity.timezone) if start else None
    end_ms = read_edge(end, "end", identity.timezone, is_end=True) if end else None
    return read_pages(parts.database, identity.user_id, start_ms, end_ms)
