"""Writing heartbeats: one user's batch in one statement, credits and slots kept exact by the neighbour update."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from devtime.activity.credit import Beat, Changes, insert_beats
from devtime.activity.dictionary import Gathering, Known, References, ensure_entries, lane_id_of
from devtime.activity.privacy import is_excluded, veil
from devtime.activity.settings import ActivitySettings, lock_user, settings_from_json
from devtime.kernel.clock import MINUTE_MS
from devtime.kernel.errors import Conflict, NotFound
from devtime.store.database import Database, Executor
from devtime.store.sqlfile import load
from devtime.wire.heartbeat import IDLE, Heartbeat

_QUERIES = load("devtime.activity")

_ATTEMPTS = 4
_FEW = 20
_BREAK_MS = 15 * MINUTE_MS

Outcome = Literal["new", "duplicate", "excluded"]


class Recorded(msgspec.Struct):
    """What became of a batch: an outcome per heartbeat, in the order given."""

    outcomes: list[Outcome]

    @property
    def inserted(self) -> int:
        """How many were new."""
        return self.outcomes.count("new")

    @property
    def duplicates(self) -> int:
        """How many were there already."""
        return self.outcomes.count("duplicate")


class Line(msgspec.Struct):
    """A heartbeat on its way to becoming a row."""

    heartbeat: Heartbeat
    beat: Beat
    references: References


class _Attempt(msgspec.Struct):
    """What came of one attempt; `learn` is to be called once it is committed."""

    recorded: Recorded
    learn: Callable[[], None] = lambda: None


async def record_heartbeats(
    database: Database, user_id: UUID, heartbeats: Sequence[Heartbeat], known: Known, witness: str = ""
) -> Recorded:
    """Record a batch of one user; it is durable on return. Raises NotFound for a deleted account.

    Duplicates, whether within the batch or of earlier ones, change nothing. Nothing is locked between looking and
    writing: a write does nothing if the user's revision has changed since, and is worked out anew. After some attempts
    in vain it is done under the user's lock. `witness` is a statement that runs as a part of the one that writes, and
    sees `guard (revision)`, the user ($1), and the times ($3) and identities ($4) of what is new.
    """
    for _ in range(_ATTEMPTS):
        attempt = await _attempt(database, user_id, heartbeats, known, witness)
        if attempt is not None:
            attempt.learn()
            return attempt.recorded
    async with database.transaction() as connection:
        await lock_user(connection, user_id)
        attempt = await _attempt(connection, user_id, heartbeats, known, witness)
    if attempt is None:
        raise Conflict("the account changed while heartbeats were recorded; send them again")
    attempt.learn()
    return attempt.recorded


async def _attempt(
    store: Executor, user_id: UUID, heartbeats: Sequence[Heartbeat], known: Known, witness: str
) -> _Attempt | None:
    settings, existing = await _look(store, user_id, heartbeats)
    gathering = Gathering()
    if settings.keeps_everything or len(heartbeats) <= _FEW:
        outcomes, lines = prepare_lines(heartbeats, settings, gathering)
    else:
        # A user's patterns may take milliseconds for each path; others are to be served meanwhile.
        outcomes, lines = await asyncio.to_thread(prepare_lines, heartbeats, settings, gathering)
    for key in existing.keys() & lines.keys():
        del lines[key]
    fresh_keys = set(lines)
    for index, heartbeat in enumerate(heartbeats):
        if outcomes[index] == "new" and (heartbeat.time_ms, heartbeat.identity) not in fresh_keys:
            outcomes[index] = "duplicate"
    if not lines:
        return _Attempt(Recorded(outcomes))
    fresh = list(lines.values())
    changes = insert_beats(existing.values(), [line.beat for line in fresh], settings.timeout_ms)
    try:
        learn = await ensure_entries(store, user_id, gathering, known.of(user_id, settings.epoch))
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("this account no longer exists") from None
    is_written = await write_lines(store, user_id, settings.revision, fresh, changes, witness)
    return _Attempt(Recorded(outcomes), learn) if is_written else None


def prepare_lines(
    heartbeats: Sequence[Heartbeat], settings: ActivitySettings, gathering: Gathering
) -> tuple[list[Outcome], dict[tuple[int, int], Line]]:
    """What each heartbeat is as far as its batch tells, and by time and identity what of it may become rows."""
    outcomes: list[Outcome] = []
    lines: dict[tuple[int, int], Line] = {}
    keeps_everything = settings.keeps_everything
    for heartbeat in heartbeats:
        key = (heartbeat.time_ms, heartbeat.identity)
        if key in lines:
            outcomes.append("duplicate")
            continue
        kept = heartbeat
        if not keeps_everything:
            if is_excluded(heartbeat, settings):
                outcomes.append("excluded")
                continue
            kept = veil(heartbeat, settings)
        references = gathering.refer(kept)
        beat = Beat(
            time_ms=kept.time_ms,
            identity=kept.identity,
            lane_id=references.lane_id,
            context_id=references.context_id,
            cap_ms=0 if kept.activity_type == IDLE else kept.duration_ms,
            is_fresh=True,
        )
        lines[key] = Line(kept, beat, references)
        outcomes.append("new")
    return outcomes, lines


async def _look(
    store: Executor, user_id: UUID, heartbeats: Sequence[Heartbeat]
) -> tuple[ActivitySettings, dict[tuple[int, int], Beat]]:
    """The user's settings and the beats around the heartbeats, all as of one instant."""
    windows = _windows(heartbeats)
    lanes = sorted({(lane_id_of(heartbeat), window) for heartbeat, window in windows})
    streams = sorted({window for _, window in windows})
    rows = await store.fetch(
        _QUERIES["fetch_neighbourhood"],
        user_id,
        [first for first, _ in streams],
        [last for _, last in streams],
        [lane_id for lane_id, _ in lanes],
        [first for _, (first, _) in lanes],
        [last for _, (_, last) in lanes],
    )
    settings: ActivitySettings | None = None
    found: dict[tuple[int, int], Beat] = {}
    for row in rows:
        told, time_ms, identity, lane_id, context_id, cap_ms, lane_ms, active_ms = row
        if told is not None:
            settings = settings_from_json(told)
            continue
        found[time_ms, identity] = Beat(
            time_ms=time_ms,
            identity=identity,
            lane_id=lane_id,
            context_id=context_id,
            cap_ms=cap_ms,
            lane_ms=lane_ms,
            active_ms=active_ms,
        )
    if settings is None:
        raise NotFound("this account no longer exists")
    return settings, found


def _windows(heartbeats: Sequence[Heartbeat]) -> list[tuple[Heartbeat, tuple[int, int]]]:
    """Each heartbeat with the window it falls in: a run of heartbeats with no long break between them."""
    ordered = sorted(heartbeats, key=lambda beat: beat.time_ms)
    edges = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(ordered)) if b.time_ms - a.time_ms > _BREAK_MS)]
    result: list[tuple[Heartbeat, tuple[int, int]]] = []
    for start, end in zip(edges, [*edges[1:], len(ordered)], strict=True):
        run = ordered[start:end]
        window = (run[0].time_ms, run[-1].time_ms)
        result += [(beat, window) for beat in run]
    return result


async def write_lines(
    store: Executor, user_id: UUID, revision: int, fresh: list[Line], changes: Changes, witness: str = ""
) -> bool:
    """Store new rows, corrected neighbours and sums; False, and nothing is, if the user is at another revision."""
    beats = [line.beat for line in fresh]
    heartbeats = [line.heartbeat for line in fresh]
    is_written: bool = await store.fetchval(
        _statement(witness),
        user_id,
        revision,
        [beat.time_ms for beat in beats],
        [beat.identity for beat in beats],
        [beat.lane_id for beat in beats],
        [beat.context_id for beat in beats],
        [line.references.file_id for line in fresh],
        [line.references.client_id for line in fresh],
        [beat.cap_ms for beat in beats],
        [beat.lane_ms for beat in beats],
        [beat.active_ms for beat in beats],
        [heartbeat.is_write for heartbeat in heartbeats],
        [heartbeat.tokens_in for heartbeat in heartbeats],
        [heartbeat.tokens_out for heartbeat in heartbeats],
        [_extra(heartbeat) for heartbeat in heartbeats],
        *_columns(((beat.time_ms, beat.identity, beat.lane_ms, beat.active_ms) for beat in changes.changed), 4),
        *_columns(
            (
                (slot, context_id, delta.lane_ms, delta.active_ms, delta.heartbeats)
                for (slot, context_id), delta in sorted(changes.deltas.items())
            ),
            5,
        ),
    )
    return is_written


@cache
def _statement(witness: str) -> str:
    statement = _QUERIES["write_changes"]
    return statement.replace("/* witness */", f", witness AS ({witness})") if witness else statement


def _extra(heartbeat: Heartbeat) -> dict[str, Any] | None:
    extra = heartbeat.extra
    if heartbeat.activity_type == IDLE and heartbeat.duration_ms is not None:
        extra = {**extra, "idle_duration_ms": heartbeat.duration_ms}
    return extra or None


def _columns(rows: Iterable[tuple[object, ...]], width: int) -> list[list[object]]:
    columns: list[list[object]] = [[] for _ in range(width)]
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return columns
