"""Scheduled work on recorded time."""

from __future__ import annotations

import logging
from uuid import UUID

from devtime.activity.deleting import enforce_retention
from devtime.activity.import_jobs import forget_imports
from devtime.activity.imports import run_imports
from devtime.activity.rebuilding import find_unsettled, rebuild_activity
from devtime.server.usage_rules import lock_usage
from devtime.store.database import Connection
from devtime.usage.deleting import delete_usage
from devtime.usage.importing import UsageImport
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
    usage = UsageImport(work.database, lock_usage)
    await run_imports(work.database, work.ingest, work.clock, work.is_stopping, usage)


async def forget_uploads(work: Work) -> None:
    """Forget imports that ended long ago, and files no import knows any more."""
    await forget_imports(work.database, work.settings.home, work.clock())


async def apply_retention(work: Work) -> None:
    """Delete what is older than its user wants to keep."""
    deleted = await enforce_retention(work.database, work.clock(), _delete_old_usage)
    if deleted:
        log.info("retention deleted %s heartbeats and AI responses", deleted)


async def _delete_old_usage(connection: Connection, user_id: UUID, end_ms: int) -> int:
    return await delete_usage(connection, user_id, end_ms=end_ms)
