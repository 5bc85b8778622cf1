"""The ledger: what this machine's agents used, kept after their logs are gone. This is its whole interface."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from devtime.kernel.errors import Unavailable
from devtime.ledger import connection as files
from devtime.ledger.locking import refresh_lock
from devtime.ledger.outcome import Refreshed
from devtime.ledger.scanning import is_unchanged
from devtime.ledger.sums import read_rates, read_sums
from devtime.readers.surroundings import Surroundings
from devtime.wire.rates import Rate
from devtime.wire.usage_sums import PriceEdges, UsageCell, UsageQuestion

if TYPE_CHECKING:
    from devtime.readers.reader import Reader


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
            self._connection = files.connect(self._path)
            self._inode = inode
        return self._connection

    def refresh(
        self, surroundings: Surroundings, readers: Sequence[Reader] | None = None, *, wait: bool = True
    ) -> Refreshed:
        """Bring the ledger up to date with the logs; with those of all readers unless some are given.

        One process does so at a time. With `wait` the others wait for it, without they return at once.
        """
        with self._lock:
            outcome = Refreshed()
            try:
                self._refresh(surroundings, readers, outcome, wait=wait)
            except OSError as error:
                outcome.trouble = f"The ledger in {self._home} could not be written: {error.strerror}."
            except sqlite3.Error as error:
                outcome.trouble = f"The ledger {self._path} could not be written: {error}."
            return outcome

    def _refresh(
        self, surroundings: Surroundings, readers: Sequence[Reader] | None, outcome: Refreshed, *, wait: bool
    ) -> None:
        connection = self._open()
        if connection is not None and readers is None and is_unchanged(connection, surroundings):
            return
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with refresh_lock(self._home, wait=wait) as is_mine:
            outcome.is_other_running = not is_mine
            if not is_mine:
                return
            connection = self._open()
            if connection is not None and readers is None and is_unchanged(connection, surroundings):
                return
            self._read_logs(connection, surroundings, readers, outcome)

    def _read_logs(
        self,
        connection: sqlite3.Connection | None,
        surroundings: Surroundings,
        readers: Sequence[Reader] | None,
        outcome: Refreshed,
    ) -> None:
        # Only now: whoever finds nothing changed does not wait for these to be imported.
        from devtime.ledger.building import build
        from devtime.ledger.refreshing import Refresh
        from devtime.readers.registry import READERS

        readers = READERS if readers is None else readers
        if connection is None:
            build(self._path)
            connection = self._open()
            assert connection is not None  # noqa: S101 - it was just made
        Refresh(connection, readers, surroundings, outcome).run()

    def rates(self) -> dict[int, Rate]:
        """Every rate events have, by its id."""
        with self._lock:
            connection = self._open()
            return read_rates(connection) if connection else {}

    def sums(self, question: UsageQuestion, edges: PriceEdges | None = None) -> list[UsageCell]:
        """The sums that answer the question."""
        with self._lock:
            connection = self._open()
            return read_sums(connection, question, edges or {}) if connection else []
