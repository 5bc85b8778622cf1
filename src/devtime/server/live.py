"""Who is to be told of new activity: one's own open pages, in whichever process they are connected."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Literal
from uuid import UUID
from weakref import WeakSet

import asyncpg

from devtime.kernel.errors import TooMany
from devtime.server.announcements import ACCESS, ACTIVITY, PLUGINS, Announcements
from devtime.store.database import Database

Signal = Literal["activity", "plugins", "quiet"]

MOST_SUBSCRIPTIONS = 16
"""Pages one user may have open on one process."""

_PAUSE_S = 0.5
_QUIET_S = 15.0
_NOTIFY = "SELECT pg_notify(channel, user_id) FROM unnest($1::text[], $2::text[]) AS told (channel, user_id)"
_LOG = logging.getLogger("devtime.server")


class Subscription:
    """An open page's ear: an async iterator of signals, at most two a second, `quiet` after 15 s of nothing."""

    def __init__(self, quiet_s: float) -> None:
        self._quiet_s = quiet_s
        self._rung = asyncio.Event()
        self._signals_due: set[Signal] = set()
        self._is_closed = False

    def __aiter__(self) -> AsyncIterator[Signal]:
        return self._signals()

    def ring(self, signal: Signal = "activity") -> None:
        """There is something new: activity, or lines in the log of plugins."""
        self._signals_due.add(signal)
        self._rung.set()

    def close(self) -> None:
        """End the iteration."""
        self._is_closed = True
        self._rung.set()

    async def _signals(self) -> AsyncIterator[Signal]:
        while not self._is_closed:
            try:
                await asyncio.wait_for(self._rung.wait(), self._quiet_s)
            except TimeoutError:
                yield "quiet"
                continue
            self._rung.clear()
            if self._is_closed:
                return
            due, self._signals_due = sorted(self._signals_due), set()
            for signal in due:
                yield signal
            await asyncio.sleep(_PAUSE_S)


class Live:
    """Carries "this user has new activity" from whoever recorded it to that user's open pages."""

    def __init__(self, database: Database, announcements: Announcements, *, quiet_s: float = _QUIET_S) -> None:
        self._database = database
        self._quiet_s = quiet_s
        self._subscriptions: dict[UUID, WeakSet[Subscription]] = {}
        self._waiting: set[tuple[str, UUID]] = set()
        self._telling: asyncio.Task[None] | None = None
        self._is_closed = False
        announcements.on(ACTIVITY, self._hear)
        announcements.on(PLUGINS, lambda user_id: self._hear(user_id, "plugins"))
        announcements.on(ACCESS, lambda user_id: self.hang_up(UUID(user_id)))
        announcements.on_gap(self._ring_all)

    def publish(self, user_id: UUID) -> None:
        """Say that the user has new activity; told to all processes within half a second, twice a second at most."""
        self._announce(ACTIVITY, user_id)

    def publish_plugins(self, user_id: UUID) -> None:
        """Say that the user's plugins wrote into their log; as `publish`."""
        self._announce(PLUGINS, user_id)

    def _announce(self, channel: str, user_id: UUID) -> None:
        self._waiting.add((channel, user_id))
        if self._telling is None and not self._is_closed:
            self._telling = asyncio.create_task(self._tell())

    def subscribe(self, user_id: UUID) -> Subscription:
        """Hear of the user's own activity until closed or dropped; TooMany when too many pages are open."""
        mine = self._subscriptions.setdefault(user_id, WeakSet())
        if len(mine) >= MOST_SUBSCRIPTIONS:
            raise TooMany("too many open pages of this account", 30)
        subscription = Subscription(self._quiet_s)
        mine.add(subscription)
        return subscription

    def events(self, user_id: UUID) -> AsyncGenerator[bytes]:
        """The body of a server-sent event stream: `activity`, `plugins`, and comments that keep the line open."""
        subscription = self.subscribe(user_id)

        async def stream() -> AsyncGenerator[bytes]:
            try:
                yield b": connected\nretry: 2000\n\n"
                async for signal in subscription:
                    yield b": quiet\n\n" if signal == "quiet" else b"event: %b\ndata: {}\n\n" % signal.encode()
            finally:
                self._drop(user_id, subscription)

        return stream()

    def hang_up(self, user_id: UUID) -> None:
        """End the user's streams, so that whoever holds one must show again who they are."""
        for subscription in self._subscriptions.pop(user_id, ()):
            subscription.close()

    async def close(self) -> None:
        """End every stream and tell nobody any more."""
        self._is_closed = True
        for user_id in list(self._subscriptions):
            self.hang_up(user_id)
        if self._telling is not None:
            self._telling.cancel()
            with suppress(asyncio.CancelledError):
                await self._telling

    def _hear(self, payload: str, signal: Signal = "activity") -> None:
        for subscription in self._subscriptions.get(UUID(payload), ()):
            subscription.ring(signal)

    def _ring_all(self) -> None:
        """Something may have been missed."""
        for mine in self._subscriptions.values():
            for subscription in mine:
                subscription.ring()

    def _drop(self, user_id: UUID, subscription: Subscription) -> None:
        mine = self._subscriptions.get(user_id)
        if mine is not None:
            mine.discard(subscription)
            if not mine:
                del self._subscriptions[user_id]

    async def _tell(self) -> None:
        """One statement for all who wait, then a pause in which the next gather."""
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, set()
                await self._notify([channel for channel, _ in waiting], [str(user_id) for _, user_id in waiting])
                await asyncio.sleep(_PAUSE_S)
        finally:
            self._telling = None

    async def _notify(self, channels: list[str], users: list[str]) -> None:
        try:
            await self._database.execute(_NOTIFY, channels, users)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _LOG.warning("new activity could not be announced: %s", type(error).__name__)
