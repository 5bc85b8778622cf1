"""What a plugin is still to be told of: heartbeats one by one, or together when too many wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from devtime.plugins.kinds.lifecycle import Beat
from devtime.store.database import Database, Row
from devtime.store.sqlfile import load

_QUERIES = load("devtime.marketplace.hooks", "queue.sql")
_AT_ONCE = 5_000
_LOOKED_AT = 200
"""Of more that wait, the newest so many are read: a year sent at once must not be read once for every plugin."""


class Pending(msgspec.Struct, frozen=True):
    """A heartbeat to be told (None: it is gone meanwhile), and the position once it was: an event, and how many
    heartbeats of the next. None: the position stays.
    """

    beat: Beat | None
    after: tuple[int, int] | None


class Backlog(msgspec.Struct, frozen=True):
    """What is next, in order; `coalesced` tells how many heartbeats these stand for when they were put together."""

    pending: list[Pending]
    coalesced: int = 0


async def fetch_backlog(database: Database, user_id: UUID, cursor: int, done: int, *, most: int) -> Backlog:
    """What comes after the position. More than `most` heartbeats become one a project, which tells how many it was."""
    events = await database.fetch(_QUERIES["fetch_events"], user_id, cursor, _AT_ONCE)
    keys = [
        (event["revision"], time_ms, identity, place)
        for event in events
        for place, (time_ms, identity) in enumerate(zip(event["times"], event["identities"], strict=True))
    ][done:]
    if not keys:
        return Backlog([Pending(None, (events[-1]["revision"], 0))] if events else [])
    waiting, keys = len(keys), keys if len(keys) <= most else keys[-_LOOKED_AT:]
    found = await _fetch_beats(database, user_id, [(time_ms, identity) for _, time_ms, identity, _ in keys])
    sizes = {event["revision"]: len(event["times"]) for event in events}
    if waiting > most:
        beats = [found[time_ms, identity] for _, time_ms, identity, _ in keys if (time_ms, identity) in found]
        return Backlog(_together(beats, most, events[-1]["revision"], waiting - len(keys)), waiting)
    pending: list[Pending] = []
    for revision, time_ms, identity, place in keys:
        is_last = place + 1 == sizes[revision]
        after = (revision, 0) if is_last else (_before(events, revision, cursor), place + 1)
        pending.append(Pending(found.get((time_ms, identity)), after))
    return Backlog(pending)


def _before(events: Sequence[Row], revision: int, cursor: int) -> int:
    """The event before that one."""
    return max((event["revision"] for event in events if event["revision"] < revision), default=cursor)


def _together(beats: Sequence[Beat], most: int, revision: int, unread: int) -> list[Pending]:
    """The newest heartbeat of each project, those told last that are newest; the position moves with the last only.

    What was too much to be read is in the count of the last.
    """
    projects: dict[str, list[Beat]] = {}
    for beat in beats:
        projects.setdefault(beat.project, []).append(beat)
    newest = sorted((_fold(group) for group in projects.values()), key=lambda beat: beat.time)[-most:]
    if not newest:
        return [Pending(None, (revision, 0))]
    last = msgspec.structs.replace(newest[-1], count=newest[-1].count + unread)
    return [*(Pending(beat, None) for beat in newest[:-1]), Pending(last, (revision, 0))]


def _fold(group: Sequence[Beat]) -> Beat:
    last = max(group, key=lambda beat: beat.time)
    return msgspec.structs.replace(last, count=len(group), duration=sum(beat.duration for beat in group))


async def _fetch_beats(
    database: Database, user_id: UUID, keys: Sequence[tuple[int, int]]
) -> Mapping[tuple[int, int], Beat]:
    ids = {_id_of(time_ms, identity): (time_ms, identity) for time_ms, identity in keys}
    times = sorted({time_ms for time_ms, _ in keys})
    rows = await database.fetch(_QUERIES["fetch_beats"], user_id, times, list(ids))
    return {ids[row["id"]]: _beat(row) for row in rows}


def _id_of(time_ms: int, identity: int) -> UUID:
    """The id plugins know a heartbeat by: its instant and its identity."""
    return UUID(int=((time_ms & (2**64 - 1)) << 64) | (identity & (2**64 - 1)))


def _beat(row: Row) -> Beat:
    return Beat(
        project=row["project"] or "",
        language=row["language"] or "",
        file=row["file"] or "",
        editor=row["editor"] or "",
        branch=row["branch"] or "",
        os=row["os"] or "",
        machine=row["machine"] or "",
        duration=row["duration_seconds"],
        time=row["recorded_at"] // 1_000 if row["recorded_at"] % 1_000 == 0 else row["recorded_at"] / 1_000,
        is_write=row["is_write"],
        activity_type=row["activity_type"] or "coding",
    )
