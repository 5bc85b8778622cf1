"""The collector's second hand: what editors and hooks queued goes out some seconds after it came."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from devtime.client.flushing import Receiver, flush, note_failure
from devtime.client.outbox import FILE, Outbox, open_outbox
from devtime.client.patience import Patience
from devtime.kernel.errors import DevTimeError, TooMany

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 3.0
_LONGEST_S = 30.0
"""A look at least so often, though nothing seems to have changed: a clock may stand still."""


class OutboxSender:
    """Looks whether the queue's files changed, and sends. A thread of its own: sending usage may take minutes."""

    def __init__(self, home: Path, connect: Callable[[], Receiver | None]) -> None:
        self._home = home
        self._connect = connect
        self._stopping = threading.Event()
        self._patience = Patience()
        self._thread = threading.Thread(target=self._run, name="devtime-outbox", daemon=True)
        self._seen: tuple[int, ...] = ()
        self._looked_at = 0.0
        self._again_at = 0.0
        self._complaint = ""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch that is on its way."""
        self._stopping.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(_LOOK_EVERY_S)

    def look(self) -> int:
        """Send if something new may wait and it is time; answers how many heartbeats went."""
        now = time.monotonic()
        seen = self._stamps()
        if not seen or now < self._again_at or (seen == self._seen and now - self._looked_at < _LONGEST_S):
            return 0
        self._looked_at = now
        try:
            with open_outbox(str(self._home)) as outbox:
                sent = self._send(outbox)
        except DevTimeError as error:
            if str(error) != self._complaint:
                log.warning("heartbeats wait: %s (nothing is lost)", error)
                self._complaint = str(error)
            return 0
        self._seen = self._stamps()
        return sent

    def _send(self, outbox: Outbox) -> int:
        receiver = self._connect()
        if receiver is None or not outbox.count():
            return 0
        try:
            sent = flush(outbox, receiver, self._stopping.is_set)
        except DevTimeError as error:
            wait_s = self._patience.after_failure(error.retry_after_s if isinstance(error, TooMany) else 0.0)
            self._again_at = time.monotonic() + wait_s
            note_failure(outbox, error, wait_s)
            raise
        self._patience.after_success()
        self._again_at, self._complaint = 0.0, ""
        log.info("%s heartbeats sent", f"{sent:,}")
        return sent

    def _stamps(self) -> tuple[int, ...]:
        stamps: list[int] = []
        for name in (FILE, f"{FILE}-wal"):
            try:
                status = (self._home / name).stat()
            except OSError:
                continue
            stamps += (status.st_mtime_ns, status.st_size, status.st_ino)
        return tuple(stamps)
