"""What survives when the server, its owner or everything is killed without warning; `fsync` is on."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from devtime.store.embedded import attach, start
from devtime.store.embedded.processes import is_running, postgres_processes_in
from embedded_owner import ENVIRONMENT, Owner, owner_process

KILLS = 20
WRITERS = 4


@pytest.mark.slow
def test_killing_the_server_with_all_its_children_loses_no_acknowledged_row(home: Path) -> None:
    data = home / "postgres" / "data"
    acknowledged: set[int] = set()
    with start(home) as running:
        asyncio.run(execute(running.address.dsn(), "CREATE TABLE rows (n bigint PRIMARY KEY)"))
        for _ in range(KILLS):
            before = len(acknowledged)
            asyncio.run(write_until(running.address.dsn(), acknowledged, lambda: kill_all(data)))
            assert len(acknowledged) > before, "there was no load to lose"
            wait_until(lambda: not running.is_alive())
            assert running.revive()
            assert acknowledged <= asyncio.run(rows(running.address.dsn()))


@pytest.mark.slow
def test_killing_the_owner_stops_the_server_and_loses_no_acknowledged_row(home: Path) -> None:
    data = home / "postgres" / "data"
    acknowledged: set[int] = set()
    for attempt in range(3):
        with owner_process(home) as owner:
            if attempt == 0:
                asyncio.run(execute(owner.dsn, "CREATE TABLE rows (n bigint PRIMARY KEY)"))
            assert acknowledged <= asyncio.run(rows(owner.dsn))
            asyncio.run(write_until(owner.dsn, acknowledged, owner.kill))
            wait_until(lambda: postgres_processes_in(data) == [])
    with start(home) as running:
        assert running.is_owner
        assert acknowledged <= asyncio.run(rows(running.address.dsn()))


def test_a_new_owner_takes_over_while_the_old_ones_server_is_still_stopping(home: Path) -> None:
    with owner_process(home) as owner:
        asyncio.run(execute(owner.dsn, "CREATE TABLE rows (n bigint PRIMARY KEY)"))
        acknowledged: set[int] = set()
        asyncio.run(write_until(owner.dsn, acknowledged, owner.kill))
        with start(home) as running:
            assert running.is_owner
            assert not is_running(owner.server_pid)
            assert acknowledged <= asyncio.run(rows(running.address.dsn()))


def test_killing_everything_at_once_loses_no_acknowledged_row(home: Path) -> None:
    data = home / "postgres" / "data"
    acknowledged: set[int] = set()

    def kill(owner: Owner) -> None:
        kill_all(data)
        owner.kill()

    with owner_process(home) as owner:
        asyncio.run(execute(owner.dsn, "CREATE TABLE rows (n bigint PRIMARY KEY)"))
        asyncio.run(write_until(owner.dsn, acknowledged, lambda: kill(owner)))
    assert attach(home) is None
    with start(home) as running:
        assert acknowledged <= asyncio.run(rows(running.address.dsn()))


def test_a_backend_left_without_its_server_is_ended_before_the_next_start(home: Path) -> None:
    data = home / "postgres" / "data"
    with start(home) as running:

        async def leave_one_busy() -> None:
            connection = await asyncpg.connect(running.address.dsn())
            busy = asyncio.create_task(connection.execute("SELECT count(*) FROM generate_series(1, 20000000000)"))
            await asyncio.sleep(0.2)
            os.kill(running.pid, signal.SIGKILL)
            await asyncio.sleep(0.2)
            assert len(postgres_processes_in(data)) >= 1, "nothing was left behind to deal with"
            assert running.revive()
            with pytest.raises((asyncpg.PostgresError, OSError)):
                await busy

        asyncio.run(leave_one_busy())
        assert asyncio.run(fetchval(running.address.dsn(), "SELECT 1")) == 1


def test_a_pid_file_that_names_a_living_stranger_is_no_obstacle(home: Path) -> None:
    data = home / "postgres" / "data"
    with a_process(["sleep", "60"], data) as stranger:
        leave_pid_file(data, stranger.pid)
        with start(home) as running:
            assert asyncio.run(fetchval(running.address.dsn(), "SELECT 1")) == 1
        assert stranger.poll() is None, "the stranger was ended"


def test_a_pid_file_that_names_a_zombie_is_no_obstacle(home: Path) -> None:
    data = home / "postgres" / "data"
    with a_process(["true"], data) as zombie:
        wait_until(lambda: not is_running(zombie.pid))
        assert Path(f"/proc/{zombie.pid}").exists(), "it was reaped"
        leave_pid_file(data, zombie.pid)
        with start(home) as running:
            assert asyncio.run(fetchval(running.address.dsn(), "SELECT 1")) == 1


def test_a_stranger_working_in_the_data_folder_is_not_ended(home: Path) -> None:
    data = home / "postgres" / "data"
    with a_process(["sleep", "60"], data, cwd=data) as stranger:
        leave_pid_file(data, stranger.pid)
        with start(home):
            assert stranger.poll() is None


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to make a pid namespace")
def test_it_works_as_process_one_of_a_container(home: Path) -> None:
    before = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
    acknowledged: set[int] = set()
    for attempt in range(2):
        # The same process numbers come again each time, as they do when a container is started again.
        with owner_process(home, before=before) as owner:
            assert owner.is_owner
            assert owner.server_pid < 100
            if attempt == 0:
                asyncio.run(execute(owner.dsn, "CREATE TABLE rows (n bigint PRIMARY KEY)"))
            assert acknowledged <= asyncio.run(rows(owner.dsn))
            asyncio.run(write_until(owner.dsn, acknowledged, owner.kill))
            wait_until(lambda: postgres_processes_in(home / "postgres" / "data") == [])
            assert (home / "postgres" / "data" / "postmaster.pid").exists()


def test_children_of_the_owner_do_not_keep_the_lock(home: Path) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from devtime.store.embedded import start\n"
        "running = start(Path(sys.argv[1]))\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os.close(1); time.sleep(60); os._exit(0)\n"
        "print(child, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    result = subprocess.run([sys.executable, "-c", script, home], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    child = int(result.stdout)
    try:
        assert is_running(child)
        with start(home) as running:
            assert running.is_owner
    finally:
        os.kill(child, signal.SIGKILL)


async def write_until(dsn: str, acknowledged: set[int], kill: Callable[[], None]) -> None:
    """Write rows over several connections, kill in the middle; a row counts once its commit was answered."""
    numbers = iter(range(max(acknowledged, default=0) + 100_000, 1 << 40))

    is_under_load = asyncio.Event()
    enough = len(acknowledged) + 50

    async def write() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            for number in numbers:
                await connection.execute("INSERT INTO rows VALUES ($1)", number)
                acknowledged.add(number)
                if len(acknowledged) >= enough:
                    is_under_load.set()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
            return
        finally:
            connection.terminate()

    writers = [asyncio.create_task(write()) for _ in range(WRITERS)]
    await is_under_load.wait()
    kill()
    await asyncio.gather(*writers)


async def rows(dsn: str) -> set[int]:
    connection = await asyncpg.connect(dsn)
    try:
        return {row["n"] for row in await connection.fetch("SELECT n FROM rows")}
    finally:
        await connection.close()


async def execute(dsn: str, statement: str) -> None:
    await fetchval(dsn, statement)


async def fetchval(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def kill_all(data: Path) -> None:
    """SIGKILL the server and all its children."""
    for pid in postgres_processes_in(data):
        os.kill(pid, signal.SIGKILL)


def leave_pid_file(data: Path, pid: int) -> None:
    """What a server that was killed leaves, naming `pid`."""
    owner = data.stat().st_uid
    file = data / "postmaster.pid"
    file.write_text(f"{pid}\n{data}\n1700000000\n5432\n{data}\n\n 1 1\nready   \n")
    os.chown(file, owner, owner)


@contextmanager
def a_process(command: list[str], data: Path, cwd: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the server's user that has nothing to do with it."""
    uid = data.stat().st_uid if os.geteuid() == 0 else None
    process = subprocess.Popen(command, user=uid, cwd=cwd or "/")
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something that must come about; the test run's own limit ends a wait in vain."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
