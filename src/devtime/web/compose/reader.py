"""Who looks, and through what: handed to every function that composes a view."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from devtime.stats.tally import Tallies
from devtime.stats.usage_costs import AskCards
from devtime.store.database import Database


@dataclass(frozen=True, slots=True)
class Reader:
    """One user's eyes on the store at one instant. `week_start`: 0 = Sunday … 6 = Saturday."""

    database: Database
    tallies: Tallies
    ask_cards: AskCards
    user_id: UUID
    zone: str
    week_start: int
    now_ms: int
