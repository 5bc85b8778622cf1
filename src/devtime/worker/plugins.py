"""Hooks of plugins: the queue worked on in this process, beside the scheduled tasks, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
from uuid import UUID

from devtime.marketplace.hooks.dispatching import Dispatcher
from devtime.marketplace.hooks.queue import enqueue_missing
from devtime.plugins.engine.pool import Pool
from devtime.server.announcements import ACTIVITY, PLUGINS, Announcements
from devtime.server.plugin_runtime import ProcessRuntime
from devtime.store.database import Database
from devtime.worker.loop import Work

SLOTS = 4
"""Turns at a time."""

_NICENESS = 10
"""Hooks wait for nobody, so requests go first."""
_RETRY_S = 5.0
_NOTIFY = "SELECT pg_notify($1, $2)"
_LOG = logging.getLogger(__name__)


async def run_plugins(work: Work, dsn: str, stopping: asyncio.Event) -> None:
    """Work on the queue; whatever goes wrong, it is begun again, and nothing else is harmed."""
    while not stopping.is_set():
        try:
            await _work_on_queue(work, dsn, stopping)
        except Exception:
            _LOG.exception("the queue of hooks failed; it is worked on again in %s s", _RETRY_S)
            await asyncio.wait({asyncio.create_task(stopping.wait())}, timeout=_RETRY_S)


async def find_missing(work: Work) -> None:
    """Plugins that were installed without being put into the queue."""
    await enqueue_missing(work.database)


async def _work_on_queue(work: Work, dsn: str, stopping: asyncio.Event) -> None:
    workers = max(1, min(SLOTS, os.cpu_count() or 2))
    pool = Pool(work.settings.home / "engine", workers=workers, niceness=_NICENESS)
    runtime = ProcessRuntime(work.settings, dsn, work.database, pool)
    dispatcher = Dispatcher(work.database, runtime, tell=lambda user_id: _tell(work.database, user_id), slots=SLOTS)
    announcements = Announcements(dsn)
    announcements.on(ACTIVITY, lambda _: dispatcher.wake())
    announcements.on_gap(dispatcher.wake)
    await announcements.start()
    try:
        await dispatcher.run(stopping)
    finally:
        await announcements.close()
        await runtime.close()


async def _tell(database: Database, user_id: UUID) -> None:
    await database.execute(_NOTIFY, PLUGINS, str(user_id))
