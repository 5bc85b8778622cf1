"""Scheduled work on the house itself: expired access, and the nightly dump."""

from __future__ import annotations

import asyncio
import logging

from devtime.accounts.expiry import delete_expired
from devtime.accounts.members import delete_due
from devtime.alerts.limit_watch import forget_alerts
from devtime.limits.history import forget_history
from devtime.marketplace.counting import recount
from devtime.store.backup import backup, backup_name, rotate_backups
from devtime.store.embedded.folder import Folder
from devtime.store.embedded.logfile import trim_log
from devtime.worker.loop import Work

log = logging.getLogger(__name__)

_DATE_LENGTH = len("2025-01-15")


async def forget_expired(work: Work) -> None:
    """Delete expired sessions, invitations and one-time links."""
    await delete_expired(work.database)


async def delete_accounts(work: Work) -> None:
    """Delete the accounts that plugins deleted a week ago, unless that was undone."""
    deleted = await delete_due(work.database, work.clock())
    if deleted:
        log.info("deleted %s accounts that plugins had deleted a week before", deleted)


async def recount_store(work: Work) -> None:
    """Count installs and ratings anew where deleted accounts took theirs along."""
    await recount(work.database)


async def back_up(work: Work) -> None:
    """Dump the built-in database into `$DEVTIME_HOME/backups` unless today's dump is there, and drop old ones."""
    if work.built_in is None or work.settings.backups < 1:
        return
    folder = work.settings.home / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = backup_name(work.clock)
    today = name[:_DATE_LENGTH]
    if any(path.name.startswith(today) for path in folder.iterdir()):
        return
    size = await asyncio.to_thread(backup, work.built_in, folder / name)
    rotate_backups(folder, work.settings.backups)
    log.info("backed up the database: %s, %s bytes", name, size)


async def forget_limits(work: Work) -> None:
    """Delete the past of limits, and their alerts, that is older than it is kept."""
    await forget_history(work.database, work.clock())
    await forget_alerts(work.database, work.clock())


async def trim_database_log(work: Work) -> None:
    """Keep the log of the built-in database short."""
    if work.built_in is not None:
        await asyncio.to_thread(trim_log, Folder(work.settings.home / "postgres").log)
