"""The loop of the worker: each task on its own clock, one process at a time, a failure told and tried again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from zlib import crc32

import msgspec

from devtime.activity.ingest import Ingest
from devtime.kernel.clock import Clock
from devtime.kernel.settings import Settings
from devtime.store.address import Address
from devtime.store.database import Database

log = logging.getLogger(__name__)

_LOCK_SPACE = 0x6474_776B
"""First half of the advisory locks that keep a task to one process."""


class Work(msgspec.Struct, frozen=True):
    """What tasks are handed. `built_in` is the embedded server's address, None when `DATABASE_URL` is used.

    A task that takes long asks `is_stopping` and ends soon after it answers True.
    """

    settings: Settings
    database: Database
    ingest: Ingest
    clock: Clock
    built_in: Address | None
    is_stopping: Callable[[], bool]


class Task(msgspec.Struct, frozen=True):
    """One line of the schedule: what it is for, what to run, every how many seconds, and how long after the start."""

    name: str
    description: str
    run: Callable[[Work], Awaitable[None]]
    period_s: float
    first_after_s: float = 0


async def run_tasks(work: Work, tasks: Sequence[Task], stopping: asyncio.Event) -> None:
    """Run every task at its period until told to stop; a running task is given the time to end."""
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(_repeat(work, task, stopping), name=task.name)


async def _repeat(work: Work, task: Task, stopping: asyncio.Event) -> None:
    await _sleep(task.first_after_s, stopping)
    while not stopping.is_set():
        try:
            await _run_once(work, task)
        except Exception:
            log.exception("the task %s failed; it runs again in %s s", task.name, task.period_s)
        await _sleep(task.period_s, stopping)


async def _sleep(seconds: float, stopping: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


async def _run_once(work: Work, task: Task) -> None:
    """Run the task unless another process is at it."""
    number = crc32(task.name.encode()) - 2**31
    async with work.database.acquire() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", _LOCK_SPACE, number):
            return
        try:
            await task.run(work)
        finally:
            await connection.fetchval("SELECT pg_advisory_unlock($1, $2)", _LOCK_SPACE, number)
