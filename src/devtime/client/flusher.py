"""`python -m devtime.client.flusher HOME`: sends what hooks queued when no collector runs, then ends.

It waits a moment for more, and gives up after some minutes without a server; the next hook starts another.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from devtime.client.flushing import flush, note_failure
from devtime.client.heartbeats import HeartbeatClient
from devtime.client.outbox import Outbox, open_outbox
from devtime.client.patience import Patience
from devtime.client.session import Client
from devtime.home.config import read_api
from devtime.home.lock import take_lock
from devtime.kernel.errors import DevTimeError, TooMany

LOCK = "flusher.lock"
_MORE_S = 2.0
_LINGER_S = 10.0
_GIVE_UP_S = 240.0


def start_flusher(home: Path) -> None:
    """Start one in the background, on its own."""
    subprocess.Popen(
        [sys.executable, "-m", "devtime.client.flusher", str(home)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )


def send_once(home: Path) -> int:
    """Send all that waits, now; answers how many went. DevTimeError says why not, and is noted."""
    with open_outbox(str(home)) as outbox:
        return _send(outbox, home, Patience())


def run_flusher(home: Path) -> None:
    """Send until nothing came for some seconds, or the server could not be reached for minutes."""
    lock = take_lock(home / LOCK)
    if lock is None:
        return
    patience, began = Patience(), time.monotonic()
    try:
        with open_outbox(str(home)) as outbox:
            quiet_since = time.monotonic()
            while time.monotonic() - quiet_since < _LINGER_S:
                time.sleep(_MORE_S)
                if not outbox.count():
                    continue
                try:
                    _send(outbox, home, patience)
                except DevTimeError:
                    if time.monotonic() - began > _GIVE_UP_S:
                        return
                    retry_ms = int(outbox.facts().get("retry_ms", "0"))
                    time.sleep(max(0.0, min(_GIVE_UP_S, retry_ms / 1_000 - time.time())))
                quiet_since = time.monotonic()
    finally:
        lock.release()


def _send(outbox: Outbox, home: Path, patience: Patience) -> int:
    try:
        endpoint, key = read_api(home)
        with Client(endpoint, key) as client:
            sent = flush(outbox, HeartbeatClient(client))
    except DevTimeError as error:
        note_failure(outbox, error, patience.after_failure(error.retry_after_s if isinstance(error, TooMany) else 0.0))
        raise
    patience.after_success()
    return sent


if __name__ == "__main__":
    os.umask(0o077)
    with contextlib.suppress(DevTimeError):
        run_flusher(Path(sys.argv[1]))
