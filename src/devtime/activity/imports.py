"""Working on imports: the file of a job, or any other, read and recorded with progress; resumed where it was left.

A process that dies leaves its import running; another takes it up at the last chunk that was noted. Rows recorded
after that note are met again as duplicates, so nothing is lost and nothing counts twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from devtime.activity.archive import Archive, open_archive, restore_counting, restore_privacy
from devtime.activity.import_jobs import (
    MOST_ATTEMPTS,
    ImportJob,
    claim_import,
    end_import,
    note_progress,
    release_import,
)
from devtime.activity.importers.items import json_lines
from devtime.activity.importers.sniff import read_file
from devtime.activity.importing import MOST_REASONS, MoreRows, Progress, Reason, record_rows
from devtime.activity.ingest import Ingest
from devtime.kernel.clock import Clock
from devtime.kernel.errors import Invalid, NotFound
from devtime.store.database import Database

_NOTED_EVERY_S = 1.0
_AT_A_TIME = 2
_LOG = logging.getLogger(__name__)


def _never() -> bool:
    return False


async def run_imports(
    database: Database,
    ingest: Ingest,
    clock: Clock,
    is_stopping: Callable[[], bool] = _never,
    more: MoreRows | None = None,
) -> None:
    """Work on all imports that wait, two at a time; returns when none is left, or soon once it is to stop.

    Those that come in meanwhile are taken too. Trouble with one is raised once the others are done. `more` records
    what archives hold besides heartbeats.
    """
    running: set[asyncio.Task[None]] = set()
    troubles: list[BaseException] = []
    try:
        while True:
            while len(running) < _AT_A_TIME and not is_stopping() and (job := await claim_import(database, clock())):
                running.add(asyncio.create_task(run_import(database, ingest, job, clock, is_stopping, more)))
            if not running:
                break
            ended, running = await asyncio.wait(running, timeout=_NOTED_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
            troubles += [trouble for task in ended if (trouble := task.exception())]
    finally:
        for task in running:
            task.cancel()
    if troubles:
        raise troubles[0]


async def run_import(
    database: Database,
    ingest: Ingest,
    job: ImportJob,
    clock: Clock,
    is_stopping: Callable[[], bool] = _never,
    more: MoreRows | None = None,
) -> None:
    """Work on one claimed import to its end, until it is deleted, or until it is to stop: then it waits again.

    Trouble with the database is the caller's.
    """
    if job.attempts > MOST_ATTEMPTS:
        await end_import(database, job, clock(), f"given up: begun {MOST_ATTEMPTS} times, it never came to an end")
        return
    noting = asyncio.create_task(_note_regularly(database, job, clock))
    try:
        error = await _work(database, ingest, job, clock, is_stopping, more)
    except NotFound:
        return
    finally:
        noting.cancel()
        with suppress(asyncio.CancelledError):
            await noting
    if error is None:
        return
    await end_import(database, job, clock(), error)
    told = (job.id, job.progress.read, job.progress.inserted, error or "done")
    _LOG.info("import %s: %s rows read, %s inserted, %s", *told)


async def import_file(
    database: Database,
    ingest: Ingest,
    user_id: UUID,
    file: BinaryIO,
    *,
    received_ms: int,
    kind: str = "",
    progress: Progress | None = None,
    may_choose: bool = True,
    more: MoreRows | None = None,
) -> AsyncGenerator[Progress]:
    """Record what a seekable file holds, whatever its format; yields after each chunk.

    Rows that tell no time happened at `received_ms`. `progress` resumes: its `read` rows are passed over.
    An archive of an account brings its settings along to a new one, if whoever sent it `may_choose` them; `more`
    records what else it holds.
    """
    progress = progress or Progress()
    archive = await asyncio.to_thread(open_archive, file)
    if archive is not None and may_choose and progress.read == 0 and not progress.restores_settings:
        progress.restores_settings = await _restore_counting(database, user_id, archive)
        yield progress
    source, kind = (file, kind) if archive is None else (archive.heartbeats, "")
    rows = await asyncio.to_thread(read_file, source, received_ms, progress.read, kind)
    async for _ in record_rows(ingest, user_id, rows, progress):
        progress.bytes_read = min(file.tell(), progress.bytes_total)
        yield progress
    if archive is not None and more is not None:
        async for _ in _record_more(archive, user_id, more, received_ms, progress):
            yield progress
    if archive is not None and progress.restores_settings:
        async with database.transaction() as connection:
            await restore_privacy(connection, user_id, archive.settings)


async def _record_more(
    archive: Archive, user_id: UUID, more: MoreRows, received_ms: int, progress: Progress
) -> AsyncGenerator[None]:
    file = await asyncio.to_thread(archive.open_more, more.name)
    if file is None:
        return
    async for part in more.record(user_id, json_lines(file), received_ms, progress.read_more):
        progress.read_more += part.read
        progress.inserted += part.inserted
        progress.duplicates += part.duplicates
        progress.excluded += part.excluded
        progress.rejected += len(part.problems)
        room = max(0, MOST_REASONS - len(progress.reasons))
        progress.reasons += [Reason(place, why.field, why.reason) for place, why in part.problems[:room]]
        yield


async def _work(
    database: Database,
    ingest: Ingest,
    job: ImportJob,
    clock: Clock,
    is_stopping: Callable[[], bool],
    more: MoreRows | None,
) -> str | None:
    """Import the job's file; answers what went wrong (`""`: nothing), None when the job is not to be ended now."""
    try:
        file = await asyncio.to_thread(Path(job.path).open, "rb")
    except OSError:
        return "the uploaded file is gone; upload it again"
    chunks = import_file(
        database,
        ingest,
        job.user_id,
        file,
        received_ms=job.created_ms,
        kind=job.kind,
        progress=job.progress,
        may_choose=job.may_choose,
        more=more,
    )
    with file:
        try:
            async with aclosing(chunks):
                async for _ in chunks:
                    if not await note_progress(database, job, clock()):
                        return None
                    if is_stopping():
                        await release_import(database, job)
                        return None
        except Invalid as problem:
            return str(problem)
    job.progress.bytes_read = job.progress.bytes_total
    return f"no row could be read; the first: {job.progress.reasons[0].reason}" if job.progress.is_fruitless else ""


async def _note_regularly(database: Database, job: ImportJob, clock: Clock) -> None:
    """Show that the import is alive, also while a chunk takes long."""
    is_there = True
    while is_there:
        await asyncio.sleep(_NOTED_EVERY_S)
        is_there = await note_progress(database, job, clock())


async def _restore_counting(database: Database, user_id: UUID, archive: Archive) -> bool:
    async with database.transaction() as connection:
        return await restore_counting(connection, user_id, archive.settings)
