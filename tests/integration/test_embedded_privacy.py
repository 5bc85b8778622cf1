"""Who can reach the embedded server, and what it may do to the machine it runs on."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from devtime.kernel.errors import Unavailable
from devtime.store.embedded import Running, start
from devtime.store.embedded.binaries import preferred_binaries
from devtime.store.embedded.osuser import UNUSED_UIDS, OsUser
from devtime.store.embedded.placing import is_open_to_all, place
from devtime.store.roles import PLUGIN_ROLE
from embedded_owner import ENVIRONMENT, owner_process, python_for

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
NOBODY = pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def open_home(home: Path) -> Iterator[Path]:
    """A home in a folder every user can enter."""
    parent = Path(tempfile.mkdtemp(prefix="devtime-open-"))
    parent.chmod(0o755)
    shutil.move(home, parent / "home")
    (parent / "home").chmod(0o755)
    yield parent / "home"
    shutil.rmtree(parent)


@needs_root
def test_another_user_cannot_reach_the_socket(open_home: Path) -> None:
    with start(open_home) as running:
        name = f"{running.address.host}/.s.PGSQL.5432"
        assert _connect_as(NOBODY, name) == "PermissionError"
        # Even with the folder above open, the socket's own folder is shut.
        (open_home / "postgres").chmod(0o755)
        assert _connect_as(NOBODY, name) == "PermissionError"
        assert _connect_as(os.geteuid(), name) == "connected"


def test_nothing_of_the_server_is_readable_by_others(open_home: Path) -> None:
    with start(open_home):
        root = open_home / "postgres"
        readable = [file for file in [root, *root.iterdir()] if stat.S_IMODE(file.stat().st_mode) & 0o077]
        assert readable == []


def test_the_server_listens_on_no_network_address(home: Path) -> None:
    with start(home) as running:
        assert asyncio.run(_ask(running, "SHOW listen_addresses")) == ""
        assert _listening_sockets(running.pid) == {socket.AF_UNIX}


def test_a_wrong_password_is_refused(home: Path) -> None:
    with start(home) as running:
        for address in (running.address, running.superuser):
            with pytest.raises(asyncpg.InvalidPasswordError):
                asyncio.run(_connect(address.with_role(address.user, "wrong").dsn()))


def test_no_password_appears_in_the_list_of_processes_or_the_log(tmp_path: Path) -> None:
    with start(tmp_path / "home") as running:
        secrets = [running.address.password, running.superuser.password, running.plugin_password]
        shown = (tmp_path / "home" / "postgres" / "log").read_bytes()
        for process in Path("/proc").glob("[0-9]*"):
            shown += _read(process / "cmdline")
        shown += _read(Path(f"/proc/{running.pid}/environ"))
        assert not any(secret.encode() in shown for secret in secrets)


def test_the_core_role_is_no_superuser_and_the_plugin_role_can_make_nothing(home: Path) -> None:
    with start(home) as running:
        rights = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication OR rolinherit"
        for role in ("devtime", PLUGIN_ROLE):
            assert asyncio.run(_ask(running, f"{rights} FROM pg_roles WHERE rolname = '{role}'")) is False
        plugin = running.address.with_role(PLUGIN_ROLE, running.plugin_password)
        for statement in ("CREATE TABLE devtime.t (n int)", "CREATE TEMP TABLE t (n int)", "CREATE TABLE public.t ()"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                asyncio.run(_execute(plugin.dsn(), statement))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asyncio.run(_connect(plugin.with_database("postgres").dsn()))


@needs_root
def test_as_root_the_server_runs_as_a_user_of_its_own_and_opens_no_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = [folder.stat().st_mode for folder in (closed, *closed.parents)]
    with start(closed / "home") as running:
        uid = Path(f"/proc/{running.pid}").stat().st_uid
        assert uid in UNUSED_UIDS
        with pytest.raises(KeyError):
            pwd.getpwuid(uid)
        assert (closed / "home" / "postgres").stat().st_uid == 0
    assert [folder.stat().st_mode for folder in (closed, *closed.parents)] == before


@needs_root
def test_data_that_came_to_belong_to_root_or_nobody_is_given_back(home: Path) -> None:
    for uid in (0, NOBODY):
        subprocess.run(["chown", "-R", str(uid), home / "postgres" / "data"], check=True)
        with start(home) as running:
            assert Path(f"/proc/{running.pid}").stat().st_uid in UNUSED_UIDS


@needs_root
def test_programs_other_users_cannot_reach_are_copied_once_to_where_they_can(tmp_path: Path) -> None:
    wheel = preferred_binaries()
    if wheel.base is None:
        pytest.skip("the programs are the system's")
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    for part in wheel.parts:
        shutil.copytree(wheel.base / part, hidden / part)
    moved = type(wheel)(hidden / wheel.bin.relative_to(wheel.base), wheel.version, hidden, wheel.parts)
    assert not is_open_to_all(moved.bin / "postgres")

    cache = Path(tempfile.mkdtemp(prefix="devtime-cache-")) / "cache"
    cache.parent.chmod(0o755)
    try:
        first = place(moved, OsUser(NOBODY), (cache,))
        assert is_open_to_all(first.bin / "postgres")
        assert place(moved, OsUser(NOBODY), (cache,)) == first
        assert len(list(cache.iterdir())) == 1
        version = subprocess.run([first.bin / "postgres", "--version"], user=NOBODY, capture_output=True, text=True)
        assert wheel.version in version.stdout
        # A cache others can write to is not trusted.
        cache.chmod(0o777)
        with pytest.raises(Unavailable, match="others than root can change it"):
            place(moved, OsUser(NOBODY), (cache,))
    finally:
        shutil.rmtree(cache.parent)


@needs_root
@pytest.mark.parametrize("name", ["home", 'it\'s "my" 100%/ü & $HOME', "one, two"])
def test_an_ordinary_user_runs_the_server_as_themselves(name: str) -> None:
    place_of_nobody = Path(tempfile.mkdtemp(prefix="devtime-nobody-"))
    os.chown(place_of_nobody, NOBODY, NOBODY)
    try:
        for _ in range(2):
            with owner_process(place_of_nobody / name, NOBODY) as owner:
                assert Path(f"/proc/{owner.server_pid}").stat().st_uid == NOBODY
                asyncio.run(_connect(owner.dsn))
    finally:
        shutil.rmtree(place_of_nobody)


@needs_root
def test_a_user_without_a_name_is_told_what_to_do() -> None:
    place_of_nameless = Path(tempfile.mkdtemp(prefix="devtime-nameless-"))
    os.chown(place_of_nameless, 54321, 54321)
    try:
        assert "54321 has no entry in /etc/passwd" in _start_as(54321, place_of_nameless / "home")
    finally:
        shutil.rmtree(place_of_nameless)


@needs_root
def test_a_home_of_another_user_is_refused(open_home: Path) -> None:
    assert "belongs to another user (uid 0)" in _start_as(NOBODY, open_home)


def test_a_statement_that_eats_memory_fails_alone(home: Path) -> None:
    with start(home) as running:
        pid = running.pid
        with pytest.raises(asyncpg.OutOfMemoryError):
            asyncio.run(_execute(running.address.dsn(), "SELECT length(repeat('x', 1000000000) || 'y')"))
        assert asyncio.run(_ask(running, "SELECT 1")) == 1
        assert running.pid == pid


def test_ordinary_work_fits_in_the_memory_limit(home: Path) -> None:
    with start(home) as running:
        make = "CREATE TABLE big AS SELECT g AS n, md5(g::text) AS t FROM generate_series(1, 300000) g"
        for statement in (make, "CREATE INDEX ON big (t)", "VACUUM ANALYZE big"):
            asyncio.run(_execute(running.address.dsn(), statement))
        assert asyncio.run(_ask(running, "SELECT count(DISTINCT t) FROM devtime.big", "devtime")) == 300_000


async def _connect(dsn: str) -> None:
    await (await asyncpg.connect(dsn)).close()


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _ask(running: Running, query: str, database: str = "postgres") -> object:
    connection = await asyncpg.connect(running.superuser.with_database(database).dsn())
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def _connect_as(uid: int, name: str) -> str:
    script = (
        "import socket, sys\n"
        "try:\n"
        "    socket.socket(socket.AF_UNIX).connect(sys.argv[1])\n"
        "    print('connected')\n"
        "except OSError as error:\n"
        "    print(type(error).__name__)\n"
    )
    command = ["/usr/bin/env", "python3", "-c", script, name]
    return subprocess.run(
        command, user=uid, group=uid, extra_groups=[], capture_output=True, text=True, cwd="/", check=True
    ).stdout.strip()


def _start_as(uid: int, home: Path) -> str:
    imports = "import sys; from pathlib import Path; from devtime.store.embedded import start"
    script = f"{imports}; start(Path(sys.argv[1])).stop()"
    result = subprocess.run(
        [python_for(uid), "-c", script, home],
        user=uid,
        group=uid,
        extra_groups=[],
        capture_output=True,
        text=True,
        cwd="/",
        env=ENVIRONMENT,
    )
    assert result.returncode != 0
    return result.stderr


def _listening_sockets(pid: int) -> set[int]:
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        target = str(link.readlink())
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = set()
    for family, table, column in (
        (socket.AF_INET, "tcp", 9),
        (socket.AF_INET6, "tcp6", 9),
        (socket.AF_UNIX, "unix", 6),
    ):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            if line.split()[column] in inodes:
                found.add(family)
    return found


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
