"""Sending in batches: each position is noted after its batch was taken, and never before."""

from __future__ import annotations

import msgspec
import pytest

from devtime.client.patience import Patience
from devtime.collector.sending import MOST_A_BATCH, name_server, send_changes
from devtime.kernel.errors import Unavailable
from devtime.wire.usage import UsageEvent
from devtime.wire.usage_batch import decode_usage_batch, read_usage_event

NOW_MS = 1_780_000_000_000


class Stretch(msgspec.Struct):
    """Changes up to a position."""

    events: list[UsageEvent]
    withdrawn: list[int]
    seq: int


class Shelf:
    """A ledger of so many events, of which each third was withdrawn."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.positions: dict[str, int] = {}

    def changes(self, after_seq: int, limit: int) -> Stretch:
        keys = range(after_seq + 1, min(self.count, after_seq + limit) + 1)
        return Stretch(
            [event(key) for key in keys if key % 3], [key for key in keys if not key % 3], max(keys, default=after_seq)
        )

    def sync_position(self, server: str) -> int:
        return self.positions.get(server, 0)

    def set_sync_position(self, server: str, seq: int) -> None:
        self.positions[server] = seq


class Door:
    """A server that takes so many batches, then is gone."""

    def __init__(self, patience: int = 1_000) -> None:
        self.patience = patience
        self.keys: list[int] = []
        self.withdrawn: list[str] = []
        self.cwds: set[str] = set()

    def send_usage(self, batch: bytes) -> int:
        if not self.patience:
            raise Unavailable("gone")
        self.patience -= 1
        told = decode_usage_batch(batch)
        assert told.machine == "desk"
        read = [read_usage_event(item, NOW_MS) for item in told.events]
        self.keys += [one.key for one in read]
        self.cwds |= {one.cwd for one in read}
        self.withdrawn += [str(key) for key in told.withdrawn]
        return 0


def event(key: int) -> UsageEvent:
    """An event whose working directory must not leave the machine."""
    return UsageEvent(
        key=key, rank=1 << 61, agent="claude", time_ms=NOW_MS, session="s", model="m", cwd="/home/someone/secret"
    )


def test_everything_is_sent_once_and_in_order() -> None:
    shelf, door = Shelf(2 * MOST_A_BATCH + 7), Door()
    sent = send_changes(shelf, door, "here", "desk", lambda: False)
    assert door.keys == [key for key in range(1, shelf.count + 1) if key % 3]
    assert door.withdrawn == [str(key) for key in range(1, shelf.count + 1) if not key % 3]
    assert (sent.events, sent.withdrawn) == (len(door.keys), len(door.withdrawn))
    assert send_changes(shelf, door, "here", "desk", lambda: False).events == 0


def test_the_working_directory_stays_on_the_machine() -> None:
    door = Door()
    send_changes(Shelf(10), door, "here", "desk", lambda: False)
    assert door.cwds == {""}


def test_a_batch_that_was_not_taken_is_sent_again() -> None:
    shelf = Shelf(3 * MOST_A_BATCH)
    first = Door(patience=1)
    with pytest.raises(Unavailable):
        send_changes(shelf, first, "here", "desk", lambda: False)
    second = Door()
    send_changes(shelf, second, "here", "desk", lambda: False)
    assert first.keys + second.keys == [key for key in range(1, shelf.count + 1) if key % 3]


def test_each_server_has_a_position_of_its_own() -> None:
    shelf, one, other = Shelf(20), Door(), Door()
    send_changes(shelf, one, name_server("http://a", "k"), "desk", lambda: False)
    send_changes(shelf, other, name_server("http://a/", "l"), "desk", lambda: False)
    assert one.keys == other.keys
    assert "secret" not in name_server("http://a", "secret")


def test_it_stops_between_two_batches() -> None:
    shelf, door = Shelf(5 * MOST_A_BATCH), Door()
    send_changes(shelf, door, "here", "desk", lambda: bool(door.keys))
    assert 0 < len(door.keys) < MOST_A_BATCH


def test_patience_grows_to_five_minutes_and_begins_anew() -> None:
    patience = Patience()
    waits = [patience.after_failure() for _ in range(12)]
    assert waits[0] < 3
    assert 200 < waits[-1] < 400
    assert patience.after_failure(at_least_s=900) >= 900
    patience.after_success()
    assert patience.after_failure() < 3
