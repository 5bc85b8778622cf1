"""The collector as a process: alone in its home, on the logs of whoever runs it, until a signal ends it."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from devtime.client.heartbeats import HeartbeatClient
from devtime.client.session import Client
from devtime.client.usage import UsageClient
from devtime.collector.collecting import Collector, Connection, Place
from devtime.collector.outbox import OutboxSender
from devtime.collector.probe_rounds import ProbeRounds
from devtime.collector.sending import Sent
from devtime.collector.watching import FolderWatch
from devtime.home.config import config_path, read_api
from devtime.home.lock import lock_holder, take_lock
from devtime.kernel.errors import Conflict, Unavailable
from devtime.ledger.ledger import Ledger, open_ledger
from devtime.ledger.names import machine_name
from devtime.readers.registry import READERS
from devtime.readers.surroundings import Surroundings

log = logging.getLogger(__name__)


class Links:
    """The connection that `config.toml` names, made anew when the file changes."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._stamp: tuple[int, int] | None = None
        self._client: Client | None = None
        self._connection: Connection | None = None

    def find(self) -> Connection | None:
        """The server to tell; None while none is named."""
        stamp = _stamp_of(config_path(self._home))
        if stamp != self._stamp:
            self.close()
            self._stamp = stamp
            endpoint, key = read_api(self._home)
            if endpoint and key:
                self._client = Client(endpoint, key)
                self._connection = Connection(endpoint, key, UsageClient(self._client))
        return self._connection

    def find_heartbeats(self) -> HeartbeatClient | None:
        """What takes heartbeats there; None while no server is named."""
        self.find()
        return None if self._client is None else HeartbeatClient(self._client)

    def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()
        self._client = self._connection = None


def collect_once(home: Path) -> Sent:
    """One round now, whether or not a collector runs; answers what was sent."""
    with _collector(home) as (collector, _):
        return collector.collect()


def run_collector(home: Path) -> None:
    """Collect until SIGINT or SIGTERM. Conflict while another collector works in this home."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = take_lock(home / "collector.lock")
    if lock is None:
        raise Conflict(f"a collector runs already (process {lock_holder(home / 'collector.lock')})")
    try:
        with _collector(home) as (collector, surroundings):
            _stop_on_signals(collector.stop)
            watch = FolderWatch(lambda: _folders(surroundings), collector.wake)
            watch.start()
            links = Links(home)
            sender = OutboxSender(home, links.find_heartbeats)
            sender.start()
            rounds = ProbeRounds(home, collector.wake)
            rounds.start()
            try:
                collector.run()
            finally:
                rounds.stop()
                watch.stop()
                sender.stop()
                links.close()
    finally:
        lock.release()


def stop_this() -> None:
    """End the collector of this process as a signal would; any thread may call it."""
    os.kill(os.getpid(), signal.SIGTERM)


def surroundings_here() -> Surroundings:
    """The logs of whoever runs this process."""
    return Surroundings(Path.home(), os.environ, sys.platform)


@contextmanager
def _collector(home: Path) -> Generator[tuple[Collector, Surroundings]]:
    surroundings = surroundings_here()
    links = Links(home)
    ledger = open_ledger(home)
    try:
        yield (
            Collector(Place(home, machine_name()), ledger, _refreshing(ledger, surroundings), links.find),
            surroundings,
        )
    finally:
        links.close()
        ledger.close()


def _refreshing(ledger: Ledger, surroundings: Surroundings) -> Callable[[], int]:
    def refresh() -> int:
        outcome = ledger.refresh(surroundings)
        if outcome.set_aside:
            log.warning("the ledger was broken; it was put aside as %s and made anew", outcome.set_aside)
        if outcome.trouble:
            raise Unavailable(outcome.trouble)
        return outcome.events

    return refresh


def _folders(surroundings: Surroundings) -> list[Path]:
    return [root for reader in READERS for root in reader.find_roots(surroundings)]


def _stop_on_signals(stop: Callable[[], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop())


def _stamp_of(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_ino)
