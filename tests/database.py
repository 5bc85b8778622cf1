"""The PostgreSQL of one test run, shared by its processes: made when first asked for, gone when the run ends or dies.

A keeper process owns the server. It waits for a lock of pytest's main process, which every kind of end releases.
`DEVTIME_TEST_PG` (the address of a superuser) names a server to use instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path

from devtime.store.address import Address, parse_address
from devtime.store.migrate import migrate
from devtime.store.roles import connected, quote_name

RUN_VARIABLE = "DEVTIME_TEST_RUN"
SERVER_VARIABLE = "DEVTIME_TEST_PG"

# A test's data need not survive anything; a server that people use runs with none of these.
_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "max_wal_size": "1GB",
}
_ROOMY_BYTES = 2 * 1024**3
_PATIENCE_S = 60.0


def begin_run() -> Path:
    """Make the run's folder; call in pytest's main process, before it starts others."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOMY_BYTES
    run = Path(tempfile.mkdtemp(prefix="devtime-tests-", dir=memory if roomy else None))
    os.environ[RUN_VARIABLE] = str(run)
    _held.append(_lock(run / "alive"))
    return run


def end_run(run: Path) -> None:
    """Let the keeper go and wait until it has cleared up; without a keeper, clear up here."""
    if SERVER_VARIABLE in os.environ:
        with contextlib.suppress(FileNotFoundError):
            asyncio.run(_drop(_superuser(run), (run / "template").read_text()))
    while _held:
        os.close(_held.pop())
    deadline = time.monotonic() + _PATIENCE_S
    while (run / "keeper").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    shutil.rmtree(run, ignore_errors=True)


class TestServer:
    """The run's server, as one test process sees it: makes and drops databases."""

    __test__ = False

    def __init__(self, superuser: Address, core: Address, template: str) -> None:
        self.superuser = superuser
        self._core = core
        self._template = template
        self._made = 0

    async def create_database(self, *, is_migrated: bool = True) -> Address:
        """A fresh database, migrated unless said otherwise, as its owner sees it."""
        self._made += 1
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        name = f"test_{worker}_{os.getpid()}_{self._made}"
        await _create(self.superuser, name, self._core.user, self._template if is_migrated else "template0")
        return self._core.with_database(name)

    async def drop_database(self, address: Address) -> None:
        """Drop a database, whoever is still connected to it."""
        await _drop(self.superuser, address.database)


def find_server() -> TestServer:
    """The run's server, started now if this is the first test that asks."""
    run = Path(os.environ[RUN_VARIABLE])
    with _locked(run / "lock"):
        if SERVER_VARIABLE not in os.environ and not (run / "server.json").exists():
            _start_keeper(run)
        superuser, core = _superuser(run), _core(run)
        if not (run / "template").exists():
            name = f"test_template_{os.getpid()}_{run.name[-8:]}"
            asyncio.run(_create_template(superuser, core, name))
            (run / "template").write_text(name)
    return TestServer(superuser, core, (run / "template").read_text())


def _superuser(run: Path) -> Address:
    if SERVER_VARIABLE in os.environ:
        return parse_address(os.environ[SERVER_VARIABLE])
    return Address(**json.loads((run / "server.json").read_text())["superuser"])


def _core(run: Path) -> Address:
    if SERVER_VARIABLE in os.environ:
        return parse_address(os.environ[SERVER_VARIABLE])
    return Address(**json.loads((run / "server.json").read_text())["core"])


async def _create_template(superuser: Address, core: Address, name: str) -> None:
    await _create(superuser, name, core.user, "template0")
    await migrate(core.with_database(name).dsn())


async def _create(superuser: Address, name: str, owner: str, template: str) -> None:
    words = f"OWNER {quote_name(owner)} TEMPLATE {quote_name(template)} STRATEGY file_copy"
    async with connected(superuser) as connection:
        await connection.execute(f"CREATE DATABASE {quote_name(name)} {words}")
        await connection.execute(f"ALTER DATABASE {quote_name(name)} SET search_path = devtime")


async def _drop(superuser: Address, name: str) -> None:
    async with connected(superuser) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {quote_name(name)} WITH (FORCE)")


def _start_keeper(run: Path) -> None:
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(run)],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while not (run / "server.json").exists():
        if keeper.poll() is not None:
            raise RuntimeError(f"the test PostgreSQL did not start (exit {keeper.returncode})")
        time.sleep(0.01)


def _keep(run: Path) -> None:
    """The keeper's whole life."""
    from devtime.store.embedded import start

    (run / "keeper").write_text(str(os.getpid()))
    try:
        with start(run / "home", _FAST) as running:
            told = {"superuser": asdict(running.superuser), "core": asdict(running.address)}
            partial = run / "server.partial"
            partial.touch(0o600)
            partial.write_text(json.dumps(told))
            partial.replace(run / "server.json")
            os.close(_lock(run / "alive"))
    finally:
        shutil.rmtree(run, ignore_errors=True)


def _lock(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


@contextlib.contextmanager
def _locked(file: Path) -> Generator[None]:
    descriptor = _lock(file)
    try:
        yield
    finally:
        os.close(descriptor)


_held: list[int] = []

if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
