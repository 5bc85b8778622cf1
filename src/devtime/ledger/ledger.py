"""The ledger: what this machine's agents used, kept after their logs are gone. This is its whole interface."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from devtime.kernel.errors import Unavailable
from devtime.ledger import connection as files
from devtime.ledger import feed
from devtime.ledger.feed import Changes, SkippedPlace
from devtime.ledger.glance import find_grown
from devtime.ledger.locking import refresh_lock
from devtime.ledger.outcome import Refreshed
from devtime.ledger.sums import read_rates, read_sums
from devtime.readers.surroundings import Surroundings
from devtime.wire.rates import Rate
from devtime.wire.usage_sums import AlikeRates, PriceEdges, UsageCell, UsageQuestion

if TYPE_CHECKING:
    from devtime.readers.reader import Reader
    from devtime.wire.usage import UsageEvent


def open_ledger(home: Path) -> Ledger:
    """The ledger of an instance's folder. Nothing is made before the first refresh."""
    return Ledger(home)


class Ledger:
    """Answers from `ledger.db`, and brings it up to date when told to. May be used from several threads in turn."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / files.FILE_NAME
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._lock = threading.RLock()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection | None:
        """The connection to the file that is there now; None where there is none yet."""
        try:
            inode = self._path.stat().st_ino
        except FileNotFoundError:
            self.close()
            return None
        except OSError as error:
            raise Unavailable(f"The ledger {self._path} cannot be reached: {error.strerror}.") from None
        if self._connection is not None and inode != self._inode:
            self.close()
        if self._connection is None:
            self._inode = inode
            self._connection = files.connect(self._path)
        return self._connection

    def refresh(
        self, surroundings: Surroundings, readers: Sequence[Reader] | None = None, *, wait: bool = True
    ) -> Refreshed:
        """Bring the ledger up to date with the logs; with those of all readers unless some are given.

        One process does so at a time. With `wait` the others wait for it, without they return at once. What goes wrong
        is told in the outcome; the ledger still answers from what it has.
        """
        with self._lock:
            outcome = Refreshed()
            try:
                try:
                    self._refresh(surroundings, readers, outcome, wait=wait)
                except (sqlite3.Error, files.Broken) as error:
                    if not files.is_damage(error):
                        raise
                    outcome.set_aside = str(self._set_aside())
                    self._refresh(surroundings, readers, outcome, wait=wait)
            except OSError as error:
                outcome.trouble = f"The ledger in {self._home} could not be written: {error.strerror}."
            except (sqlite3.Error, files.Broken, Unavailable) as error:
                outcome.trouble = f"The ledger {self._path} could not be written: {error}."
            return outcome

    def _set_aside(self) -> Path:
        """Move a damaged ledger away, unless another process did so by now."""
        self.close()
        with refresh_lock(self._home, wait=True):
            return files.set_aside(self._path, self._inode)

    def _refresh(
        self, surroundings: Surroundings, readers: Sequence[Reader] | None, outcome: Refreshed, *, wait: bool
    ) -> None:
        grown = self._find_grown(surroundings, readers)
        if grown == []:
            return
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with refresh_lock(self._home, wait=False) as is_free:
            if is_free:
                self._read_logs(grown, surroundings, readers, outcome)
                return
        outcome.is_other_running = not wait
        if not wait:
            return
        with refresh_lock(self._home, wait=True):
            grown = self._find_grown(surroundings, readers)
            if grown != []:
                self._read_logs(grown, surroundings, readers, outcome)

    def _find_grown(self, surroundings: Surroundings, readers: Sequence[Reader] | None) -> list[int] | None:
        """Which logs must be read on; None where logs must be searched for first."""
        connection = self._open()
        return find_grown(connection, surroundings) if connection is not None and _are_all(readers) else None

    def _read_logs(
        self,
        grown: Sequence[int] | None,
        surroundings: Surroundings,
        readers: Sequence[Reader] | None,
        outcome: Refreshed,
    ) -> None:
        # Only now, and only what is needed: whoever finds little changed does not wait for the rest to be imported.
        connection = self._open()
        if connection is not None and grown is not None:
            from devtime.ledger.refreshing import Refresh

            Refresh(connection, outcome).read_on(grown)
            return
        from devtime.readers.registry import READERS

        readers = READERS if readers is None else readers
        if connection is None:
            from devtime.ledger.building import build
            from devtime.ledger.scanning import search

            scan = search(readers, surroundings)
            build(self._path, scan, surroundings, outcome, may_share=readers is READERS)
            connection = self._open()
            assert connection is not None  # noqa: S101 - it was just made
            if scan.is_settled:
                return
        from devtime.ledger.searching import Search

        Search(connection, outcome, readers).run(surroundings)

    @contextmanager
    def _answering(self) -> Generator[sqlite3.Connection | None]:
        """The connection to answer from. A ledger that proves damaged is set aside: the next refresh makes it anew."""
        with self._lock:
            try:
                yield self._open()
            except (sqlite3.Error, files.Broken) as error:
                if not files.is_damage(error):
                    raise Unavailable(f"The ledger {self._path} cannot be read now: {error}. Try again.") from None
                moved = self._set_aside()
                raise Unavailable(
                    f"The ledger was damaged and is now {moved}. Ask again: it is made anew from the logs."
                ) from None

    def rates(self) -> dict[int, Rate]:
        """Every rate events have, by its id."""
        with self._answering() as connection:
            return read_rates(connection) if connection else {}

    def sums(
        self, question: UsageQuestion, edges: PriceEdges | None = None, alike: AlikeRates | None = None
    ) -> list[UsageCell]:
        """The sums that answer the question."""
        with self._answering() as connection:
            return read_sums(connection, question, edges or {}, alike or {}) if connection else []

    def events(self, question: UsageQuestion, limit: int) -> list[UsageEvent]:
        """The latest events the question is about, the latest first."""
        with self._answering() as connection:
            return feed.read_events(connection, question, limit) if connection else []

    def find_event(self, key: int) -> UsageEvent | None:
        """The event of that key, if there is one."""
        with self._answering() as connection:
            return feed.find_event(connection, key) if connection else None

    def skipped(self, limit: int = 1_000) -> tuple[int, list[SkippedPlace]]:
        """How many places in logs could not be understood, and the first of them."""
        with self._answering() as connection:
            return feed.read_skipped(connection, limit) if connection else (0, [])

    def changes(self, after_seq: int, limit: int) -> Changes:
        """What changed since the position: events that are new or different, keys that are withdrawn."""
        with self._answering() as connection:
            return feed.read_changes(connection, after_seq, limit) if connection else Changes([], [], after_seq)

    def sync_position(self, server: str) -> int:
        """Up to where the server of that name has everything; 0 at first."""
        with self._answering() as connection:
            return feed.sync_position(connection, server) if connection else 0

    def set_sync_position(self, server: str, seq: int) -> None:
        """Note that the server has everything up to there."""
        with self._answering() as connection:
            if connection:
                feed.set_sync_position(connection, server, seq)


def _are_all(readers: Sequence[Reader] | None) -> bool:
    """Whether these are all readers there are: what is known of the last search holds for them only."""
    registry = sys.modules.get("devtime.readers.registry")
    return readers is None or (registry is not None and readers is registry.READERS)
