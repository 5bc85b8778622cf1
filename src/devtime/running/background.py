"""The thread beside the server: does the scheduled work and keeps the embedded PostgreSQL alive."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress

from devtime.activity.ingest import Ingest
from devtime.kernel.clock import now_ms
from devtime.kernel.settings import Settings
from devtime.store.database import Database
from devtime.store.embedded import Running
from devtime.worker.loop import Work, run_tasks
from devtime.worker.plugins import SLOTS, run_plugins
from devtime.worker.schedule import TASKS

log = logging.getLogger(__name__)

_WATCH_S = 0.2
_PATIENCE_S = 10.0
_CONNECTIONS = len(TASKS) + 4 + SLOTS
"""Each running task holds one for its lock and needs others: with fewer, tasks could wait for each other for ever."""


class Background:
    """Runs until stopped; one per machine is enough, more do no harm."""

    def __init__(self, settings: Settings, dsn: str, postgres: Running | None) -> None:
        """`postgres` is the embedded server when this process owns it."""
        self._settings = settings
        self._dsn = dsn
        self._postgres = postgres
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="devtime-background", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End what runs, and wait for it."""
        if self._loop is not None and self._stopping is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        keeper = asyncio.create_task(self._keep_postgres(self._stopping))
        database = Database(self._dsn, smallest=0, largest=_CONNECTIONS)
        await database.connect()
        work = Work(
            settings=self._settings,
            database=database,
            ingest=Ingest(database),
            clock=now_ms,
            built_in=self._postgres.address if self._postgres else None,
            is_stopping=self._stopping.is_set,
        )
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(run_tasks(work, TASKS, self._stopping))
                group.create_task(run_plugins(work, self._dsn, self._stopping))
        finally:
            await keeper
            await database.close()

    async def _keep_postgres(self, stopping: asyncio.Event) -> None:
        # The server dies with the thread that started it, so it is restarted here, where the thread lives on.
        while self._postgres is not None and not stopping.is_set():
            try:
                self._postgres.revive()
            except Exception:
                log.exception("PostgreSQL could not be started again; trying once more")
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), _WATCH_S)
