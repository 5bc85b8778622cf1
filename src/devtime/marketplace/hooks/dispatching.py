"""Hands turns out: whoever has something to do gets one, no user more than a share of them at a time."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import asyncpg

from devtime.kernel.errors import DevTimeError
from devtime.marketplace.hooks.queue import find_ready, tidy_queue
from devtime.marketplace.hooks.turns import Rules, take_turn
from devtime.marketplace.running import Runtime
from devtime.store.database import Database

_LOG = logging.getLogger(__name__)
_POLL_S = 1.0
_BREATH_S = 0.05
_TIDY_S = 5.0
_DRAIN_S = 3.0
_RETRY_S = 2.0

Tell = Callable[[UUID], Awaitable[None]]


class Dispatcher:
    """Works on the queue in one process; any number of processes may. `tell` hears whose log has new lines."""

    def __init__(
        self, database: Database, runtime: Runtime, *, tell: Tell, rules: Rules | None = None, slots: int = 4
    ) -> None:
        self._database = database
        self._runtime = runtime
        self._tell = tell
        self._rules = rules or Rules()
        self._slots = slots
        self._share = max(1, slots // 2)
        self._running: dict[asyncio.Task[None], tuple[UUID, UUID]] = {}
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something may have come in."""
        self._woken.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop; turns under way get some seconds to end, then are left to be begun anew."""
        stop = asyncio.create_task(stopping.wait())
        try:
            tidied_s = 0.0
            while not stopping.is_set():
                try:
                    await self._hand_out()
                    if _now_s() - tidied_s > _TIDY_S:
                        await tidy_queue(self._database)
                        tidied_s = _now_s()
                except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, DevTimeError) as error:
                    _LOG.warning("the queue of hooks cannot be read: %s", type(error).__name__)
                    await asyncio.wait({stop}, timeout=_RETRY_S)
                await self._wait(stop)
        finally:
            stop.cancel()
            await self._drain()

    async def _hand_out(self) -> None:
        self._woken.clear()
        free = self._slots - len(self._running)
        if free <= 0:
            return
        busy = Counter(user_id for user_id, _ in self._running.values())
        under_way = set(self._running.values())
        # More than there is room for: some may be those of users who have their share.
        for user_id, plugin_id in await find_ready(self._database, self._slots * 8):
            if free <= 0:
                return
            if busy[user_id] >= self._share or (user_id, plugin_id) in under_way:
                continue
            busy[user_id] += 1
            free -= 1
            task = asyncio.create_task(self._take(user_id, plugin_id))
            self._running[task] = (user_id, plugin_id)
            task.add_done_callback(self._end)

    async def _take(self, user_id: UUID, plugin_id: UUID) -> None:
        if await take_turn(self._database, self._runtime, self._rules, user_id, plugin_id):
            await self._tell(user_id)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._woken.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("a turn of a plugin failed", exc_info=error)

    async def _wait(self, stop: asyncio.Task[bool]) -> None:
        woken = asyncio.create_task(self._woken.wait())
        await asyncio.wait({woken, stop}, timeout=_POLL_S, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        with suppress(asyncio.CancelledError):
            await woken
        if not stop.done():
            await asyncio.wait({stop}, timeout=_BREATH_S)

    async def _drain(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=_DRAIN_S)
        for task in list(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=_DRAIN_S)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
