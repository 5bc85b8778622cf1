"""Scheduled work on recorded time."""

from __future__ import annotations

import logging

from devtime.activity.deleting import enforce_retention
from devtime.activity.import_jobs import forget_imports
from devtime.activity.imports import run_imports
from devtime.activity.rebuilding import find_unsettled, rebuild_activity
from devtime.worker.loop import Work

log = logging.getLogger(__name__)


async def settle_timeouts(work: Work) -> None:
    """Rebuild credits and slots of every user whose chosen timeout is not the one they are built with."""
    for user_id in await find_unsettled(work.database):
        async with work.database.transaction() as connection:
            await rebuild_activity(connection, user_id)
        log.info("rebuilt the time of user %s for another timeout", user_id)


async def work_on_imports(work: Work) -> None:
    """Read and record uploaded files; takes up what a dead process left."""
    await run_imports(work.database, work.ingest, work.clock, work.is_stopping)


async def forget_uploads(work: Work) -> None:
    """Forget imports that ended long ago, and files no import knows any more."""
    await forget_imports(work.database, work.settings.home, work.clock())


async def apply_retention(work: Work) -> None:
    """Delete what is older than its user wants to keep."""
    deleted = await enforce_retention(work.database, work.clock())
    if deleted:
        log.info("retention deleted %s heartbeats", deleted)
