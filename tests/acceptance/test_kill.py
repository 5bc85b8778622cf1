"""`kill -9` of the server, of PostgreSQL, of everything, under load: nothing acknowledged is lost or counted twice."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import psutil
import pytest

from devtime.activity.verifying import verify_activity
from devtime.store.database import Database
from devtime.store.embedded import find
from stubborn import Senders, Up

_ROUNDS = 5
_LOAD_S = 0.6

Victims = Callable[[Up], list[psutil.Process]]


def _server(up: Up) -> list[psutil.Process]:
    """The process that answers; its parent starts another."""
    return [process for process in up.family() if "--multiprocessing-fork" in _words(process)]


def _postmaster(up: Up) -> list[psutil.Process]:
    """PostgreSQL's first process, whose children end with it."""
    running = find(up.home)
    return [] if running is None else [psutil.Process(running.pid)]


def _main(up: Up) -> list[psutil.Process]:
    """`devtime up` itself, which takes server and database along."""
    return up.family()[:1]


def _everything(up: Up) -> list[psutil.Process]:
    """All of it at the same time."""
    return up.family()


_KILLS: tuple[Victims, ...] = (_server, _postmaster, _main, _everything)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """A running DevTime with everything durable, on a home of its own."""
    running = Up(tmp_path / "home")
    running.start()
    yield running
    running.stop()


@pytest.mark.slow
def test_twenty_kills_under_load_lose_nothing_acknowledged_and_count_nothing_twice(up: Up) -> None:
    senders = Senders(up)
    seconds = asyncio.run(_kill_under_load(up, senders))
    for victims, taken in seconds.items():
        print(f"{victims}: ready after {median(taken):.2f} s (median), {max(taken):.2f} s (longest)")
    print(f"{senders.acknowledged} heartbeats acknowledged, {senders.resent} batches sent again, {senders.refused}")
    assert sum(map(len, seconds.values())) == 20
    assert senders.resent > 0
    assert senders.refused <= {503}
    stored, problems = asyncio.run(_look(up))
    assert stored == senders.acknowledged > 1_000
    assert problems == []


async def _kill_under_load(up: Up, senders: Senders) -> dict[str, list[float]]:
    sending = asyncio.create_task(senders.send_until_told())
    seconds: dict[str, list[float]] = {victims.__name__: [] for victims in _KILLS}
    for _ in range(_ROUNDS):
        for victims in _KILLS:
            await asyncio.sleep(_LOAD_S)
            await senders.flowing()
            seconds[victims.__name__].append(await asyncio.to_thread(_kill_and_wait, up, victims))
    senders.stop()
    await sending
    return seconds


def _kill_and_wait(up: Up, victims: Victims) -> float:
    """Seconds until it records again, started by itself where it does so, else by hand."""
    chosen = victims(up)
    assert chosen
    up.kill(chosen)
    began = time.monotonic()
    if not up.is_running():
        return up.start()
    psutil.wait_procs(chosen, timeout=30)
    return up.wait(began)


async def _look(up: Up) -> tuple[int, list[str]]:
    running = find(up.home)
    assert running is not None
    database = await Database.open(running.address.dsn(), largest=1)
    try:
        async with database.transaction() as connection:
            owner = await connection.fetchval("SELECT id FROM users WHERE role = 'owner'")
            verdict = await verify_activity(connection, owner)
        return verdict.heartbeats, verdict.problems
    finally:
        await database.close()


def _words(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.cmdline()
    return []
