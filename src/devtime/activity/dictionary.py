"""The dictionaries of one user: contexts, lanes, files and clients that heartbeats share.

Ids are digests of the content: writing needs no lookup, and two processes agree without talking. What is known to be
stored already is remembered per user and forgotten when the user's epoch changes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal, get_args
from uuid import UUID

import msgspec

from devtime.kernel.digests import digest64
from devtime.store.database import Executor
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import Heartbeat

_QUERIES = load("devtime.activity")
_USERS_REMEMBERED = 512
_ENTRIES_REMEMBERED = 20_000

Entry = tuple[str, ...]
Kind = Literal["contexts", "lanes", "files", "clients"]
"""The table."""

KINDS: tuple[Kind, ...] = get_args(Kind)


class References(msgspec.Struct, frozen=True, gc=False):
    """The ids one heartbeat row refers to."""

    lane_id: int
    context_id: int
    file_id: int | None
    client_id: int | None


# Not more: an entry may be a path of 4,096 letters of four bytes each.
@lru_cache(maxsize=8_192)
def entry_id(kind: Kind, entry: Entry) -> int:
    """The id of an entry: the same for the same content, everywhere."""
    return digest64(kind.encode(), entry)


def context_entry(beat: Heartbeat) -> Entry:
    """The columns of `contexts`, in their order."""
    return (
        beat.tool,
        beat.project,
        beat.language,
        beat.branch,
        beat.activity_type,
        beat.editor,
        beat.os,
        beat.machine,
    )


def lane_entry(beat: Heartbeat) -> Entry:
    """The columns of `lanes`: an AI session is a lane of its own."""
    return (beat.tool, beat.machine, beat.session)


def lane_id_of(beat: Heartbeat) -> int:
    """The id of its lane, which no privacy rule touches."""
    return entry_id("lanes", lane_entry(beat))


class Gathering:
    """The entries a batch of heartbeats needs."""

    def __init__(self) -> None:
        self.entries: dict[Kind, dict[int, Entry]] = {kind: {} for kind in KINDS}

    def refer(self, beat: Heartbeat) -> References:
        """Note what the heartbeat needs, and answer the ids."""
        return References(
            lane_id=self._note("lanes", lane_entry(beat)),
            context_id=self._note("contexts", context_entry(beat)),
            file_id=self._note("files", (beat.file,)) if beat.file else None,
            client_id=self._note("clients", (beat.user_agent,)) if beat.user_agent else None,
        )

    def _note(self, kind: Kind, entry: Entry) -> int:
        number = entry_id(kind, entry)
        self.entries[kind][number] = entry
        return number


class Known:
    """What this process knows to be stored, per user and epoch."""

    def __init__(self) -> None:
        self._by_user: OrderedDict[UUID, tuple[int, set[int]]] = OrderedDict()

    def of(self, user_id: UUID, epoch: int) -> set[int]:
        """Ids known for the user at this epoch (a live set)."""
        held = self._by_user.get(user_id)
        if held is None or held[0] != epoch or len(held[1]) > _ENTRIES_REMEMBERED:
            held = (epoch, set[int]())
            self._by_user[user_id] = held
        self._by_user.move_to_end(user_id)
        if len(self._by_user) > _USERS_REMEMBERED:
            self._by_user.popitem(last=False)
        return held[1]


async def ensure_entries(store: Executor, user_id: UUID, gathering: Gathering, known: set[int]) -> Callable[[], None]:
    """Store the entries not known yet; answers what to call once it is committed that heartbeats refer to them.

    In the order of their ids, so that writers of the same entries never wait for each other in a circle.
    """
    learned: list[int] = []
    for kind, entries in gathering.entries.items():
        missing = {number: entries[number] for number in sorted(entries) if number not in known}
        if missing:
            await store_entries(store, user_id, kind, missing)
            learned += missing
    return lambda: known.update(learned)


async def store_entries(store: Executor, user_id: UUID, kind: Kind, entries: Mapping[int, Entry]) -> None:
    """Store these entries (one at least) by their ids; those that are there already stay."""
    columns = [list(column) for column in zip(*entries.values(), strict=True)]
    await store.execute(_QUERIES[f"ensure_{kind}"], user_id, list(entries), *columns)
