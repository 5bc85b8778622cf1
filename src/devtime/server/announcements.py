"""The one connection of a process that listens for what other processes announce, and keeps itself alive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import asyncpg

ACCESS = "devtime_access"
"""The id of a user whose rights, keys or sessions changed."""
ACTIVITY = "devtime_activity"
"""The id of a user with new heartbeats."""
PLUGINS = "devtime_plugins"
"""The id of a user whose plugins wrote into their log."""

_CHECK_S = 10.0
_RETRY_S = (0.2, 1.0, 3.0)
_LOG = logging.getLogger("devtime.server")

Listener = Callable[[str], None]


class Announcements:
    """Hears PostgreSQL's notifications. After every gap `on_gap` is called: something may have been missed."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._listeners: dict[str, list[Listener]] = {}
        self._on_gap: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._is_listening = False

    @property
    def is_listening(self) -> bool:
        """False while announcements may be missed."""
        return self._is_listening

    def on(self, channel: str, listener: Listener) -> None:
        """Call the listener with the payload of each announcement; to be set before `start`."""
        self._listeners.setdefault(channel, []).append(listener)

    def on_gap(self, forget: Callable[[], None]) -> None:
        """Call it when the connection is lost and when it is back: whatever is remembered may be out of date."""
        self._on_gap.append(forget)

    async def start(self) -> None:
        """Begin to listen; returns once announcements are heard, or at once when the database is away."""
        try:
            connection = await self._connect()
        except (OSError, asyncpg.PostgresError):
            connection = None
        self._task = asyncio.create_task(self._keep(connection))

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _keep(self, connection: Any) -> None:
        tries = 0
        try:
            while True:
                try:
                    connection = connection or await self._connect()
                    tries = 0
                    await self._watch(connection)
                except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                    _LOG.warning("announcements of other processes are not heard: %s", type(error).__name__)
                self._is_listening = False
                self._tell_gap()
                _terminate(connection)
                connection = None
                await asyncio.sleep(_RETRY_S[min(tries, len(_RETRY_S) - 1)])
                tries += 1
        finally:
            self._is_listening = False
            _terminate(connection)

    async def _connect(self) -> Any:
        connection = await cast("Any", asyncpg).connect(self._dsn, timeout=10)
        for channel in self._listeners:
            await connection.add_listener(channel, self._hear)
        self._is_listening = True
        self._tell_gap()
        return connection

    async def _watch(self, connection: Any) -> None:
        """Return or raise when the connection is gone: one that died silently is found by asking it now and then."""
        gone = asyncio.Event()

        def note(_connection: object) -> None:
            gone.set()

        connection.add_termination_listener(note)
        while not connection.is_closed() and not gone.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(gone.wait(), _CHECK_S)
                return
            await connection.execute("SELECT 1", timeout=5)

    def _hear(self, _connection: object, _pid: int, channel: str, payload: str) -> None:
        for listener in self._listeners.get(channel, ()):
            listener(payload)

    def _tell_gap(self) -> None:
        for forget in self._on_gap:
            forget()


def _terminate(connection: Any) -> None:
    if connection is not None and not connection.is_closed():
        connection.terminate()
