"""A machine's batches survive kill -9 of whoever writes them: what was acknowledged is there, and sums are right."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from devtime.accounts.users import create_user
from devtime.activity.settings import lock_user
from devtime.store.address import Address
from devtime.store.database import Database
from devtime.usage.sums import verify_usage

_WRITER = """
import asyncio, sys
from random import Random
from uuid import UUID
from devtime.server.usage_rules import lock_usage
from devtime.store.database import Database
from devtime.usage.recording import MachineKey, record_events
from devtime.wire.usage import UsageEvent
from devtime.wire.usage_batch import MachineEvent

async def write(dsn, user_id, seed):
    random = Random(seed)
    database = await Database.open(dsn, largest=2)
    for number in range(1_000_000):
        keys = [random.randrange(3_000) for _ in range(60)]
        told = [
            MachineEvent(f"m{seed}", UsageEvent(
                key=key, rank=number, agent="claude", model="m", session=f"s{key % 5}",
                time_ms=1_774_742_400_000 + random.randrange(20_000_000), output_tokens=random.randrange(1_000),
            ))
            for key in keys
        ]
        withdrawn = [MachineKey(f"m{seed}", random.randrange(3_000, 6_000))]
        told.append(MachineEvent(f"m{seed}", UsageEvent(
            key=10_000 + seed * 1_000_000 + number, agent="codex", model="m", session="s", time_ms=1_774_742_400_000,
        )))
        await record_events(database, user_id, told, lock_usage, withdrawn)
        print(10_000 + seed * 1_000_000 + number, flush=True)

asyncio.run(write(sys.argv[1], UUID(sys.argv[2]), int(sys.argv[3])))
"""


def _start(dsn: str, user_id: UUID, seed: int) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", _WRITER, dsn, str(user_id), str(seed)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, cwd=Path(__file__).parent)


def _kill(writer: subprocess.Popen[bytes], lines: int) -> set[int]:
    """Kill it after it has acknowledged so many batches; answers the marks of all it has acknowledged."""
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline() for _ in range(lines)]
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate()
    return {int(line) for line in (*acknowledged, *rest.splitlines(keepends=True)) if line.endswith(b"\n")}


@pytest.mark.slow
async def test_killed_writers_lose_nothing_they_acknowledged_and_leave_right_sums(database_address: Address) -> None:
    database = await Database.open(database_address.dsn(), largest=2)
    async with database.transaction() as connection:
        user = await create_user(connection, "ada")
    acknowledged: set[int] = set()
    for turn in range(3):
        writers = [_start(database_address.dsn(), user.id, 2 * turn + place) for place in (0, 1)]
        killed = await asyncio.gather(*(asyncio.to_thread(_kill, writer, 7 + 5 * turn) for writer in writers))
        acknowledged |= set().union(*killed)
        async with database.transaction() as connection:
            await lock_user(connection, user.id)
            verdict = await verify_usage(connection, user.id)
        assert verdict.problems == []
    stored = {row[0] for row in await database.fetch("SELECT key FROM usage_events WHERE key >= 10000")}
    assert len(acknowledged) >= 2 * (7 + 12 + 17)
    assert acknowledged <= stored
    await database.close()
