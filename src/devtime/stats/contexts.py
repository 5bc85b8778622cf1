"""What the context ids in a tally stand for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

import msgspec

from devtime.stats.filters import Dimension
from devtime.store.database import Database
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import UNKNOWN

_QUERIES = load("devtime.stats")
_USERS_REMEMBERED = 256


class Context(msgspec.Struct, frozen=True, gc=False):
    """One row of `contexts`, with `Unknown` for what is absent."""

    tool: str
    project: str
    language: str
    branch: str
    activity_type: str
    editor: str
    os: str
    machine: str

    def name(self, dimension: Dimension) -> str:
        """The name in one dimension."""
        name: str = getattr(self, dimension)
        return name


class ContextBook:
    """Contexts by id, remembered per user: an id is a digest of the content, so a row changes only with the epoch."""

    def __init__(self) -> None:
        self._by_user: OrderedDict[UUID, tuple[int, dict[int, Context]]] = OrderedDict()

    async def lookup(self, database: Database, user_id: UUID, epoch: int, ids: Iterable[int]) -> dict[int, Context]:
        """A mapping that holds at least the ids asked for."""
        held = self._by_user.get(user_id)
        if held is None or held[0] != epoch:
            held = (epoch, dict[int, Context]())
            self._by_user[user_id] = held
        self._by_user.move_to_end(user_id)
        if len(self._by_user) > _USERS_REMEMBERED:
            self._by_user.popitem(last=False)
        known = held[1]
        missing = [number for number in ids if number not in known]
        if missing:
            for row in await database.fetch(_QUERIES["fetch_contexts"], user_id, missing):
                number, *names = row
                known[number] = Context(*(name or UNKNOWN for name in names))
        return known
