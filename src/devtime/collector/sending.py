"""Telling a server what changed in the ledger: batch after batch, each acknowledged before its position is noted.

A batch that was acknowledged twice, because the machine died in between, changes nothing: events are known by key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from devtime.kernel.digests import digest64
from devtime.wire.usage import UsageEvent
from devtime.wire.usage_batch import MachineEvent, event_fields

MOST_A_BATCH = 1_000


class Changed(Protocol):
    """A stretch of the ledger's changes, oldest first; `seq` is the position behind it."""

    @property
    def events(self) -> list[UsageEvent]: ...
    @property
    def withdrawn(self) -> list[int]: ...
    @property
    def seq(self) -> int: ...


class ChangedLedger(Protocol):
    """The part of the ledger that sending needs."""

    def changes(self, after_seq: int, limit: int) -> Changed: ...
    def sync_position(self, server: str) -> int: ...
    def set_sync_position(self, server: str, seq: int) -> None: ...


class Receiver(Protocol):
    """The server, as far as sending is concerned; raises DevTimeError when it does not take a batch."""

    def send_usage(self, batch: bytes) -> int:
        """Answers how many items were refused for good."""
        ...


class Sent(msgspec.Struct, frozen=True):
    """What was sent, and how many items the server would not have."""

    events: int = 0
    withdrawn: int = 0
    refused: int = 0


def name_server(endpoint: str, key: str) -> str:
    """What a server is remembered by: its address and whose key; tells nothing of the key."""
    return f"{endpoint.rstrip('/')} {digest64(b'server', (endpoint, key)):016x}"


def send_changes(
    ledger: ChangedLedger, receiver: Receiver, server: str, machine: str, is_stopping: Callable[[], bool]
) -> Sent:
    """Send everything the server has not acknowledged yet; stops between two batches when asked to."""
    sent = Sent()
    while not is_stopping():
        changed = ledger.changes(ledger.sync_position(server), MOST_A_BATCH)
        if changed.events or changed.withdrawn:
            refused = receiver.send_usage(encode_batch(machine, changed))
            sent = Sent(
                sent.events + len(changed.events), sent.withdrawn + len(changed.withdrawn), sent.refused + refused
            )
        elif changed.seq <= ledger.sync_position(server):
            break
        ledger.set_sync_position(server, changed.seq)
    return sent


def encode_batch(machine: str, changed: Changed) -> bytes:
    """The body of one request."""
    return msgspec.json.encode(
        {
            "machine": machine,
            "events": [event_fields(MachineEvent(machine, event)) for event in changed.events],
            "withdrawn": [str(key) for key in changed.withdrawn],
        }
    )
