"""What a question is narrowed to: any combination of names per dimension."""

from __future__ import annotations

from typing import Literal, get_args
from uuid import UUID

import msgspec

from devtime.stats.agents import AGENT_ACTIVITIES, AGENT_TOOLS
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")

Dimension = Literal["project", "language", "tool", "branch", "machine", "editor", "os", "activity_type"]
"""The columns of `contexts` time is broken down by."""

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Names wanted per dimension; an empty tuple wants all. `Unknown` stands for heartbeats that told none.

    `only_agents` keeps what counts as agent-hours.
    """

    project: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    tool: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    machine: tuple[str, ...] = ()
    editor: tuple[str, ...] = ()
    os: tuple[str, ...] = ()
    activity_type: tuple[str, ...] = ()
    only_agents: bool = False

    @property
    def is_empty(self) -> bool:
        """True when nothing is narrowed."""
        return not (self.only_agents or any(self.wanted(dimension) for dimension in DIMENSIONS))

    def wanted(self, dimension: Dimension) -> tuple[str, ...]:
        """The names wanted in one dimension."""
        names: tuple[str, ...] = getattr(self, dimension)
        return names


NO_FILTERS = Filters()


async def fetch_context_ids(database: Database, user_id: UUID, filters: Filters) -> list[int] | None:
    """The contexts that pass the filters; None when nothing is filtered."""
    if filters.is_empty:
        return None
    wanted = [stored_names(filters.wanted(dimension)) for dimension in DIMENSIONS]
    agents = (list(AGENT_TOOLS), list(AGENT_ACTIVITIES)) if filters.only_agents else (None, None)
    rows = await database.fetch(_QUERIES["fetch_context_ids"], user_id, *wanted, *agents)
    return [row[0] for row in rows]


def stored_names(names: tuple[str, ...]) -> list[str] | None:
    """The names as the store spells them; None when all are wanted."""
    if not names:
        return None
    stored = list(names)
    return [*stored, ""] if UNKNOWN in stored else stored
