"""The collector's loop: read what is new, send it, remember how long was coded today; then wait until a log grows."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from devtime.client.patience import Patience
from devtime.collector.limit_outbox import LimitOutbox
from devtime.collector.limit_sending import send_limits
from devtime.collector.sending import ChangedLedger, Sent, name_server, send_changes
from devtime.collector.today import remember_today
from devtime.kernel.errors import DevTimeError, TooMany

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 60.0
_TODAY_EVERY_S = 60.0


class Server(Protocol):
    """A server the collector tells what it read."""

    def send_usage(self, batch: bytes) -> int: ...
    def send_limits(self, batch: bytes) -> int: ...
    def fetch_today_seconds(self) -> float: ...


class Place(msgspec.Struct, frozen=True):
    """Where the collector works: its home, and the machine's name."""

    home: Path
    machine: str


class Connection(msgspec.Struct, frozen=True):
    """A server's address and key, and what speaks with it."""

    endpoint: str
    key: str
    server: Server


class Collector:
    """Runs until stopped. `refresh` reads new log lines into the ledger; `connect` answers the server, if any."""

    def __init__(
        self,
        place: Place,
        ledger: ChangedLedger,
        refresh: Callable[[], int],
        connect: Callable[[], Connection | None],
    ) -> None:
        self._place = place
        self._ledger = ledger
        self._refresh = refresh
        self._connect = connect
        self._waking = threading.Event()
        self._stopping = threading.Event()
        self._outbox = LimitOutbox(place.home)
        self._patience = Patience()
        self._send_again_at = 0.0
        self._today_again_at = 0.0
        self._complaint = ""

    def wake(self) -> None:
        """Look at once: something changed. Any thread may call it."""
        self._waking.set()

    def stop(self) -> None:
        """End soon, after the batch that is on its way. Any thread, and a signal's handler, may call it."""
        self._stopping.set()
        self._waking.set()

    def run(self) -> None:
        """Collect until stopped."""
        while not self._stopping.is_set():
            self._waking.clear()
            self.collect()
            self._waking.wait(self._until_next())

    def collect(self) -> Sent:
        """One round: read, send, remember. What goes wrong is told once and tried again later."""
        try:
            read = self._refresh()
            if read:
                log.info("%s new events", f"{read:,}")
        except DevTimeError as error:
            self._complain(str(error))
        return self._tell_server()

    def _tell_server(self) -> Sent:
        now = time.monotonic()
        connection = self._connect()
        if connection is None or now < self._send_again_at:
            return Sent()
        try:
            name = name_server(connection.endpoint, connection.key)
            sent = send_changes(self._ledger, connection.server, name, self._place.machine, self._stopping.is_set)
            limits = send_limits(self._outbox, connection.server, name, self._place.machine, self._stopping.is_set)
            if now >= self._today_again_at:
                remember_today(self._place.home, connection.server.fetch_today_seconds())
                self._today_again_at = now + _TODAY_EVERY_S
        except DevTimeError as error:
            wait_s = self._patience.after_failure(error.retry_after_s if isinstance(error, TooMany) else 0.0)
            self._send_again_at = time.monotonic() + wait_s
            self._complain(f"{connection.endpoint}: {error} (tried again in {wait_s:.0f} s; nothing is lost)")
            return Sent()
        self._patience.after_success()
        self._send_again_at = 0.0
        self._complaint = ""
        if sent.events or sent.withdrawn:
            log.info("%s events sent to %s", f"{sent.events:,}", connection.endpoint)
        if limits:
            log.info("limits of %s snapshots sent to %s", limits, connection.endpoint)
        if sent.refused:
            log.warning("%s refused %s items; they stay in the ledger", connection.endpoint, f"{sent.refused:,}")
        return sent

    def _until_next(self) -> float:
        retry_s = self._send_again_at - time.monotonic() if self._send_again_at else _LOOK_EVERY_S
        return min(_LOOK_EVERY_S, max(0.05, retry_s))

    def _complain(self, what: str) -> None:
        # The time of the next attempt differs each time; the trouble is the same.
        trouble = what.partition(" (tried again")[0]
        if trouble != self._complaint:
            log.warning("%s", what)
            self._complaint = trouble
