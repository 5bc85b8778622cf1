"""Emptying the outbox: batch after batch, each dropped once it was acknowledged. One sender at a time.

A batch acknowledged twice, because the machine died in between, changes nothing: a heartbeat is known by its content.
Facts kept in the outbox for `devtime status`: `sent_ms` and `error`, `error_ms`, `retry_ms`, `rejected`, `rejection`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from devtime.client.heartbeats import Receipt
from devtime.client.outbox import Outbox
from devtime.kernel.clock import now_ms
from devtime.kernel.errors import DevTimeError, Invalid

MOST_A_BATCH = 500


class Receiver(Protocol):
    """The server, as far as sending is concerned; raises DevTimeError when it does not take a batch."""

    def send(self, bodies: Sequence[str]) -> Receipt: ...


def flush(outbox: Outbox, receiver: Receiver, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send all that waits; answers how many were acknowledged. DevTimeError as the receiver's; nothing is lost then."""
    sent, most = 0, MOST_A_BATCH
    while not is_stopping():
        waiting = outbox.peek(most)
        if not waiting.entries:
            break
        bodies = [body for _, body in waiting.entries]
        try:
            receipt = receiver.send(bodies)
        except Invalid as error:
            # The batch as a whole was refused: one of them may be the reason, or all.
            if len(bodies) > 1:
                most = max(1, len(bodies) // 4)
                continue
            _note_rejected(outbox, 1, error.reason)
        else:
            sent += len(bodies) - len(receipt.rejected)
            if receipt.rejected:
                first = receipt.rejected[0]
                _note_rejected(outbox, len(receipt.rejected), f"{first.field}: {first.reason}")
        outbox.drop(waiting.last)
        outbox.note({"sent_ms": str(now_ms())})
        most = MOST_A_BATCH if most == MOST_A_BATCH else min(MOST_A_BATCH, most * 2)
    outbox.note({"error": "", "error_ms": "", "retry_ms": ""})
    return sent


def note_failure(outbox: Outbox, error: DevTimeError, wait_s: float) -> None:
    """Remember why sending failed and when it is tried again."""
    now = now_ms()
    outbox.note({"error": str(error), "error_ms": str(now), "retry_ms": str(now + int(wait_s * 1_000))})


def _note_rejected(outbox: Outbox, count: int, reason: str) -> None:
    before = int(outbox.facts().get("rejected", "0"))
    outbox.note({"rejected": str(before + count), "rejection": reason[:300]})
