"""Telling a server what probes told: batch after batch, each acknowledged before its position is noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from devtime.collector.limit_outbox import LimitOutbox
from devtime.kernel.errors import NotFound

MOST_A_BATCH = 100


class LimitReceiver(Protocol):
    """The server, as far as limits are concerned; raises DevTimeError when it does not take a batch."""

    def send_limits(self, batch: bytes) -> int:
        """Answers how many items were refused for good."""
        ...


def send_limits(
    outbox: LimitOutbox, receiver: LimitReceiver, server: str, machine: str, is_stopping: Callable[[], bool]
) -> int:
    """Send what the server does not have; answers how many snapshots went. A server of before limits gets none."""
    sent = 0
    while not is_stopping():
        bodies, seq = outbox.after(server, MOST_A_BATCH)
        if not bodies:
            break
        snapshots = [msgspec.Raw(body.encode()) for body in bodies]
        try:
            receiver.send_limits(msgspec.json.encode({"machine": machine, "snapshots": snapshots}))
        except NotFound:
            break
        outbox.acknowledge(server, seq)
        sent += len(bodies)
    return sent
