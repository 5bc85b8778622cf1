"""Stops a VM when its time is over, from a thread that sleeps until then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Alarm:
    """Calls `ring` once when the armed time is over; never after it was disarmed."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._changed = threading.Condition()
        self._until: float | None = None
        threading.Thread(target=self._watch, name="alarm", daemon=True).start()

    def arm(self, until: float) -> None:
        """Ring at that instant of the monotonic clock."""
        with self._changed:
            self._until = until
            self._changed.notify()

    def disarm(self) -> None:
        """Do not ring."""
        with self._changed:
            self._until = None

    def _watch(self) -> None:
        with self._changed:
            while True:
                left = None if self._until is None else self._until - time.monotonic()
                if left is not None and left <= 0:
                    self._until = None
                    self._ring()
                else:
                    self._changed.wait(left)
