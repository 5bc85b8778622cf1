"""What one sender makes long keeps nobody else waiting: it is done bit by bit, or beside the loop that serves all."""

from __future__ import annotations

import asyncio
import threading
from time import perf_counter

import pytest

from devtime.activity import privacy
from devtime.activity.choosing import PrivacyChoice, choose_privacy
from devtime.api.intake import read_items
from devtime.kernel.errors import Invalid
from devtime.store.address import Address
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.origin import Origin
from trial import opened_trial


async def test_items_that_take_long_to_read_let_others_in_between() -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def read(_item: object, _origin: Origin) -> Heartbeat:
        end = perf_counter() + 0.03
        while perf_counter() < end:
            pass
        raise Invalid("", "took long")

    counting = asyncio.create_task(count_turns())
    await read_items([{}] * 10, read, Origin("", "", 0))
    counting.cancel()
    assert turns >= 9


async def test_patterns_are_compared_with_many_paths_beside_the_loop(
    database_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()

    def note_thread(name: str, pattern: str) -> bool:
        threads.add(threading.get_ident())
        return False

    beats = [Heartbeat(time_ms=1_700_000_000_000 + place, identity=place, tool="x", file="a") for place in range(50)]
    async with opened_trial(database_address) as trial:
        life = await trial.begin()
        monkeypatch.setattr(privacy, "matches", note_thread)
        for apply_to_past in (False, True):
            async with trial.database.transaction() as connection:
                choice = PrivacyChoice(exclude_file_patterns=("*.env",))
                await choose_privacy(connection, life.user_id, choice, apply_to_past=apply_to_past)
            if not apply_to_past:
                await trial.ways_in[0].record(life.user_id, beats)
    assert threads
    assert threading.get_ident() not in threads
