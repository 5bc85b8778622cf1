"""The instance that is measured: a home of its own, embedded PostgreSQL with everything durable, a server process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import psutil

from devtime.accounts.keys import create_key
from devtime.accounts.sessions import create_session
from devtime.activity.verifying import Verdict, verify_activity
from devtime.server.credentials import cookie_name
from devtime.store.database import Database
from devtime.store.embedded import Running, start
from devtime.store.migrate import migrate

_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Visitor:
    """An account as a client meets it: its API key and the cookie of a signed-in browser."""

    user_id: UUID
    key: str
    cookie: str


@contextmanager
def running_store(home: Path) -> Generator[Running]:
    """The embedded PostgreSQL of the home, as `devtime up` would run it, migrated."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with start(home) as postgres:
        asyncio.run(migrate(postgres.address.dsn()))
        yield postgres


@contextmanager
def running_server(home: Path, port: int) -> Generator[psutil.Process]:
    """`devtime serve` on the home, one worker, no rate limits; yields once it answers."""
    environment = {
        **os.environ,
        "DEVTIME_HOME": str(home),
        "DEVTIME_SINGLE_PER_MINUTE": "0",
        "DEVTIME_BULK_PER_MINUTE": "0",
    }
    command = [Path(sys.executable).with_name("devtime"), "serve", "--port", str(port)]
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/api/health", process)
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def meet(dsn: str, user_ids: Sequence[UUID]) -> list[Visitor]:
    """Keys and cookies for the accounts."""
    return asyncio.run(_meet(dsn, user_ids))


def check_totals(dsn: str, visitors: Sequence[Visitor], heartbeats: int) -> None:
    """Stop if the store does not hold what was acknowledged, exactly, or does not prove right."""
    asyncio.run(_check_totals(dsn, visitors, heartbeats))


def memory_mb(process: psutil.Process) -> tuple[float, int]:
    """Proportional set size of a process and all its children, and how many processes that are."""
    family = [process, *process.children(recursive=True)]
    return sum(one.memory_full_info().pss for one in family) / 1_000_000, len(family)


async def _meet(dsn: str, user_ids: Sequence[UUID]) -> list[Visitor]:
    database = await Database.open(dsn, largest=1)
    try:
        return [await _meet_one(database, user_id) for user_id in user_ids]
    finally:
        await database.close()


async def _check_totals(dsn: str, visitors: Sequence[Visitor], heartbeats: int) -> None:
    database = await Database.open(dsn, largest=1)
    try:
        verdicts: list[Verdict] = []
        for visitor in visitors:
            async with database.transaction() as connection:
                verdicts.append(await verify_activity(connection, visitor.user_id))
    finally:
        await database.close()
    stored = sum(verdict.heartbeats for verdict in verdicts)
    if stored != heartbeats or any(verdict.problems for verdict in verdicts):
        raise SystemExit(f"{heartbeats} were acknowledged, {stored} are stored; {[v.problems for v in verdicts]}")


async def _meet_one(database: Database, user_id: UUID) -> Visitor:
    key = await create_key(database, user_id, "bench")
    cookie = await create_session(database, user_id, "bench")
    return Visitor(user_id, key.secret, f"{cookie_name(is_secure=False)}={cookie}")


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(address, timeout=1.0, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start; see serve.log in its home")
