"""Group commit: requests of one user that wait together are written at once, in the order they came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from devtime.activity.dictionary import Known
from devtime.activity.recording import Outcome, Recorded, record_heartbeats
from devtime.store.database import Database
from devtime.wire.heartbeat import Heartbeat

_MOST_AT_ONCE = 2_000


class _Waiting(msgspec.Struct):
    heartbeats: Sequence[Heartbeat]
    is_import: bool
    answer: asyncio.Future[Recorded]


class Ingest:
    """The one way heartbeats get into the store. `record` answers only what is committed."""

    def __init__(
        self,
        database: Database,
        *,
        writers: int = 4,
        announce: Callable[[UUID], None] = lambda _: None,
        witness: str = "",
    ) -> None:
        """`writers`: how many users are written at the same time; `announce` is called after each commit.

        `witness` is run in the statement that writes, as `record_heartbeats` says, but for imports.
        """
        self._database = database
        self._announce = announce
        self._witness = witness
        self._known = Known()
        self._queues: dict[UUID, list[_Waiting]] = {}
        self._writers = asyncio.Semaphore(writers)
        self._tasks: set[asyncio.Task[None]] = set()

    async def record(self, user_id: UUID, heartbeats: Sequence[Heartbeat], *, is_import: bool = False) -> Recorded:
        """Record the heartbeats of one user; returns once they are durable. An import is history, not news."""
        outcomes: list[Outcome] = []
        for start in range(0, len(heartbeats), _MOST_AT_ONCE):
            part = heartbeats[start : start + _MOST_AT_ONCE]
            outcomes += (await self._enqueue(user_id, part, is_import)).outcomes
        return Recorded(outcomes)

    async def drain(self) -> None:
        """Wait until everything that was accepted is written."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _enqueue(self, user_id: UUID, heartbeats: Sequence[Heartbeat], is_import: bool) -> asyncio.Future[Recorded]:
        answer: asyncio.Future[Recorded] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(heartbeats, is_import, answer)
        queue = self._queues.get(user_id)
        if queue is not None:
            queue.append(waiting)
        else:
            self._queues[user_id] = [waiting]
            task = asyncio.create_task(self._write_queue(user_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return answer

    async def _write_queue(self, user_id: UUID) -> None:
        while self._queues[user_id]:
            async with self._writers:
                group = _take(self._queues[user_id])
                await self._write_group(user_id, group)
        del self._queues[user_id]

    async def _write_group(self, user_id: UUID, group: list[_Waiting]) -> None:
        try:
            heartbeats = [beat for waiting in group for beat in waiting.heartbeats]
            witness = "" if group[0].is_import else self._witness
            recorded = await record_heartbeats(self._database, user_id, heartbeats, self._known, witness)
        except Exception as error:
            if len(group) == 1:
                _fail(group[0], error)
                return
            for waiting in group:
                await self._write_group(user_id, [waiting])
            return
        position = 0
        for waiting in group:
            share = recorded.outcomes[position : position + len(waiting.heartbeats)]
            position += len(waiting.heartbeats)
            if not waiting.answer.done():
                waiting.answer.set_result(Recorded(share))
        self._announce(user_id)


def _take(queue: list[_Waiting]) -> list[_Waiting]:
    """Remove from the queue as many requests as are written at once, one at least, imports by themselves."""
    count, size = 0, 0
    for waiting in queue:
        size += len(waiting.heartbeats)
        if count and (size > _MOST_AT_ONCE or waiting.is_import != queue[0].is_import):
            break
        count += 1
    group = queue[:count]
    del queue[:count]
    return group


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)
