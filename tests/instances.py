"""A running DevTime, used from outside: the real `devtime up` on a database of this test run, and people who use it."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx

from database import TestServer
from devtime.accounts.keys import KeyScope, create_key
from devtime.accounts.passwords import Passwords
from devtime.accounts.sessions import create_session
from devtime.accounts.users import Role, create_user
from devtime.store.address import Address
from devtime.store.database import Database
from engine_forms import lend_engine

PASSWORD = "correct horse battery"

_PATIENCE_S = 60.0
_BATCH = 500
_numbers = count(1)

T = TypeVar("T")


@dataclass(frozen=True)
class Resident:
    """Someone with an account: the name, a key that may do everything, and a browser's session."""

    id: UUID
    name: str
    key: str
    session: str
    zone: str


class Instance:
    """One running `devtime up`: where it is, what it printed, and its database."""

    def __init__(self, home: Path, database: Address, log: Path, process: subprocess.Popen[bytes]) -> None:
        self.home = home
        self.log = log
        self.process = process
        self._database = database
        told = self._wait()
        self.address = _find(r"is running at (\S+)", told)
        self.owner_name = _find(r"Sign in as (\S+)", told)
        self.owner_link = _find(r"(\S+/welcome\?token=\S+)", told)
        self.key = _find(r"X-API-Key: (\w+)", told)

    def _wait(self) -> str:
        deadline = time.monotonic() + _PATIENCE_S
        while "Ctrl+C stops it" not in (told := self.log.read_text()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"devtime up did not start:\n{told}")
            time.sleep(0.02)
        return told

    def settle(self, name: str = "", *, zone: str = "UTC", role: Role = "member", password: str = "") -> Resident:
        """A new account; names that are not given are made up."""
        name = name or f"user-{os.getpid()}-{next(_numbers)}"

        async def make(database: Database) -> Resident:
            hashed = await Passwords().hash(password) if password else None
            async with database.transaction() as connection:
                user = await create_user(connection, name, role=role, timezone=zone, password_hash=hashed)
            key = await create_key(database, user.id, "tests", "full")
            session = await create_session(database, user.id, "a browser")
            return Resident(user.id, name, key.secret, session, zone)

        return self.reach(make)

    def make_key(self, resident: Resident, scope: KeyScope) -> str:
        """Another key of theirs."""

        async def make(database: Database) -> str:
            return (await create_key(database, resident.id, scope, scope)).secret

        return self.reach(make)

    def reach(self, work: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
        """Do something with the database."""

        async def run() -> T:
            database = await Database.open(self._database.dsn(), largest=2)
            try:
                return await work(database)
            finally:
                await database.close()

        return _run_aside(run())

    def client(self, resident: Resident | None = None) -> httpx.Client:
        """An HTTP client that shows the resident's key, if any."""
        headers = {"Authorization": f"Bearer {resident.key}"} if resident else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=30.0, trust_env=False)

    def send(self, resident: Resident, items: Sequence[dict[str, Any]]) -> None:
        """Heartbeats in DevTime's own dialect, as a client sends them."""
        with self.client(resident) as client:
            for start in range(0, len(items), _BATCH):
                answer = client.post("/api/heartbeat/batch", json=items[start : start + _BATCH])
                assert answer.status_code == 200, answer.text
                assert not answer.json()["rejected"], answer.text

    def complaints(self) -> str:
        """What the server logged that nobody should have to read."""
        said = self.log.read_text()
        at = re.search(r"Traceback|ERROR|CRITICAL", said)
        return said[at.start() :][:4_000] if at else ""


@contextmanager
def run_instance(database: Address, folder: Path, **environment: str) -> Generator[Instance]:
    """`devtime up` on a migrated database, with a home of its own; stopped as Ctrl+C does."""
    home, log = folder / "home", folder / "devtime.log"
    lend_engine(home)
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DEVTIME_")},
        "DATABASE_URL": database.dsn(),
        "DEVTIME_HOME": str(home),
        "DEVTIME_SINGLE_PER_MINUTE": "0",
        "DEVTIME_BULK_PER_MINUTE": "0",
        "DEVTIME_COLLECT": "false",
        "NO_COLOR": "1",
        "TZ": "UTC",
        **environment,
    }
    program = Path(sys.executable).with_name("devtime")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "up", "--port", "0"], env=variables, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield Instance(home, database, log, process)
        finally:
            _stop(process)


@contextmanager
def run_fresh(server: TestServer, folder: Path) -> Generator[Instance]:
    """A DevTime on an empty database of its own."""
    address = asyncio.run(server.create_database())
    try:
        with run_instance(address, folder) as running:
            yield running
    finally:
        asyncio.run(server.drop_database(address))


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()


def afternoon_zone() -> str:
    """A time zone where it is between three and four in the afternoon: no test of today meets midnight there."""
    behind = datetime.now(UTC).hour - 15
    behind += 24 if behind < -12 else 0
    return f"Etc/GMT{behind:+d}" if behind else "Etc/GMT"


def _run_aside(coroutine: Coroutine[Any, Any, T]) -> T:
    # Playwright keeps an event loop running in the tests' thread.
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, coroutine).result()


def _find(pattern: str, told: str) -> str:
    found = re.search(pattern, told)
    if found is None:
        raise RuntimeError(f"devtime up did not print {pattern}:\n{told}")
    return found[1]
