"""Starting, sharing and stopping the embedded server."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import asyncpg
import pytest

from devtime.kernel.errors import Unavailable
from devtime.store.embedded import attach, start
from devtime.store.embedded.processes import is_running, postgres_processes_in
from embedded_owner import hear, launch, owner_process


def test_the_first_start_makes_a_database_to_work_in(tmp_path: Path) -> None:
    with start(tmp_path / "new" / "home") as running:
        assert running.is_owner
        row = fetchrow(running.address.dsn(), "SELECT current_user, current_database(), current_schema()")
        assert tuple(row) == ("devtime", "devtime", "devtime")
        superuser = fetchrow(running.superuser.dsn(), "SELECT current_user, current_setting('is_superuser')")
        assert tuple(superuser) == ("postgres", "on")


def test_what_was_written_is_there_after_a_restart(home: Path) -> None:
    with start(home) as running:
        execute(running.address.dsn(), "CREATE TABLE kept AS SELECT 42 AS n")
    with start(home) as running:
        assert fetchrow(running.address.dsn(), "SELECT n FROM kept")["n"] == 42


def test_stopping_leaves_no_process_and_no_address(home: Path) -> None:
    running = start(home)
    assert attach(home) == running.address
    running.stop()
    running.stop()
    assert not is_running(running.pid)
    assert postgres_processes_in(home / "postgres" / "data") == []
    assert attach(home) is None


def test_attaching_starts_nothing(tmp_path: Path) -> None:
    assert attach(tmp_path / "nowhere") is None
    assert list(tmp_path.iterdir()) == []


def test_another_process_attaches_and_does_not_stop_the_server(home: Path) -> None:
    with owner_process(home) as owner:
        assert owner.is_owner
        with start(home) as running:
            assert not running.is_owner
            assert running.pid == owner.server_pid
            assert running.address.dsn() == owner.dsn == attach(home).dsn()
            assert running.is_alive()
            assert not running.revive()
        assert fetchrow(owner.dsn, "SELECT 1 AS one")["one"] == 1
    assert attach(home) is None


def test_of_many_that_start_at_once_one_owns_and_all_work(tmp_path: Path) -> None:
    processes = [launch(tmp_path / "home") for _ in range(4)]
    try:
        owners = [hear(process) for process in processes]
        assert sorted(owner.is_owner for owner in owners) == [False, False, False, True]
        assert len({owner.server_pid for owner in owners}) == 1
        for owner in owners:
            assert fetchrow(owner.dsn, "SELECT 1 AS one")["one"] == 1
    finally:
        for process in processes:
            process.communicate()


def test_it_starts_inside_a_running_event_loop(home: Path) -> None:
    async def main() -> None:
        with start(home) as running:
            connection = await asyncpg.connect(running.address.dsn())
            await connection.close()

    asyncio.run(main())


def test_a_thread_other_than_the_main_one_is_refused(home: Path) -> None:
    errors: list[BaseException] = []

    def try_it() -> None:
        try:
            start(home)
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert "main thread" in str(errors[0])


def test_a_home_with_a_very_long_name_works_and_keeps_its_socket_private(home: Path, tmp_path: Path) -> None:
    long = tmp_path / ("a" * 90) / ("b c'%\"ü" * 8) / "home"
    long.parent.mkdir(parents=True)
    home.rename(long)
    with start(long) as running:
        first = running.address.host
        assert len(first) < 90
        assert Path(first).stat().st_mode & 0o777 == 0o700
        assert fetchrow(running.address.dsn(), "SELECT 1 AS one")["one"] == 1
        assert attach(long) == running.address
    assert not Path(first).exists()


def test_a_long_name_uses_the_runtime_folder_of_the_session(
    home: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("a" * 90) / "home"
    long.parent.mkdir()
    home.rename(long)
    runtime = tmp_path_factory.mktemp("x")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    with start(long) as running:
        assert Path(running.address.host).parent == runtime
        assert fetchrow(running.address.dsn(), "SELECT 1 AS one")["one"] == 1


def test_an_owner_whose_server_died_can_start_it_again(home: Path) -> None:
    with start(home) as running:
        address, first = running.address, running.pid
        assert not running.revive()
        os.kill(first, 9)
        while running.is_alive():
            pass
        assert attach(home) is None
        assert running.revive()
        assert running.pid != first
        assert running.address == address == attach(home)
        assert fetchrow(address.dsn(), "SELECT 1 AS one")["one"] == 1


def test_lost_passwords_are_replaced_and_the_data_stays(home: Path) -> None:
    with start(home) as running:
        execute(running.address.dsn(), "CREATE TABLE kept AS SELECT 42 AS n")
        old = running.address.password
    (home / "postgres" / "passwords.json").unlink()
    with start(home) as running:
        assert running.address.password != old
        assert fetchrow(running.address.dsn(), "SELECT n FROM kept")["n"] == 42


def test_a_first_start_that_was_killed_half_way_is_made_anew(tmp_path: Path) -> None:
    half_made = tmp_path / "home" / "postgres" / "data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with start(tmp_path / "home") as running:
        assert fetchrow(running.address.dsn(), "SELECT 1 AS one")["one"] == 1
    assert not half_made.exists()


def test_a_server_that_will_not_start_says_why_and_lets_go_of_the_lock(home: Path) -> None:
    with pytest.raises(Unavailable, match="not_a_setting"):
        start(home, {"not_a_setting": "1"})
    with start(home) as running:
        assert running.is_owner


def execute(dsn: str, statement: str) -> None:
    fetchrow(dsn, statement)


def fetchrow(dsn: str, query: str) -> asyncpg.Record:
    async def ask() -> asyncpg.Record:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchrow(query)
        finally:
            await connection.close()

    return asyncio.run(ask())
