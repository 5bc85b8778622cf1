"""A cluster of an older major version becomes one of the newer, and nothing is lost whatever goes wrong."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import asyncpg
import pytest

from devtime.kernel.errors import Unavailable
from devtime.store.embedded import Running, binaries, start, supervisor, upgrade
from devtime.store.embedded.binaries import OVERRIDE, binaries_of_major, preferred_binaries
from devtime.store.embedded.cluster import data_major

pytestmark = pytest.mark.slow


@pytest.fixture
def old_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose cluster was written by PostgreSQL 16 and killed, with a table of ten thousand rows."""
    old = binaries_of_major(16)
    if old is None or preferred_binaries().major == 16:
        pytest.skip("needs PostgreSQL 16 and a newer one")
    home = tmp_path / "home"
    with monkeypatch.context() as patch:
        patch.setenv(OVERRIDE, str(old.bin))
        with start(home) as running:
            assert ask(running, "SHOW server_version").startswith("16.")
            ask(running, "CREATE TABLE kept AS SELECT g AS n, 'é' || g AS t FROM generate_series(1, 10000) g")
            os.kill(running.pid, signal.SIGKILL)
    return home


def test_a_killed_cluster_of_16_is_upgraded_and_keeps_its_rows_roles_and_passwords(old_home: Path) -> None:
    root = old_home / "postgres"
    passwords = (root / "passwords.json").read_bytes()
    newest = preferred_binaries().major

    with start(old_home) as running:
        assert ask(running, "SHOW server_version").startswith(f"{newest}.")
        assert ask(running, "SELECT count(*) || max(t) FROM kept") == "10000é9999"
        assert (root / "data.16.old").exists()
    assert (root / "passwords.json").read_bytes() == passwords

    # The next start shows that the new one works: the old one goes.
    with start(old_home) as running:
        assert ask(running, "SELECT count(*)::text FROM kept") == "10000"
        assert not (root / "data.16.old").exists()


@pytest.mark.parametrize("step", ["before", "between"])
def test_an_upgrade_cut_short_while_folders_change_places_is_finished(old_home: Path, step: str) -> None:
    root = old_home / "postgres"
    start(old_home).stop()
    # As if power had failed before the old cluster was moved away, or before the new one took its place.
    (root / "data").rename(root / "data.upgraded")
    if step == "before":
        (root / "data.16.old").rename(root / "data")

    with start(old_home) as running:
        assert ask(running, "SELECT count(*)::text FROM kept") == "10000"
    assert data_major(root / "data") == preferred_binaries().major


def test_an_upgrade_that_fails_leaves_the_old_version_running(
    old_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(upgrade, "_run_pg_upgrade", fail)
    with start(old_home) as running:
        assert ask(running, "SHOW server_version").startswith("16.")
        assert ask(running, "SELECT count(*)::text FROM kept") == "10000"
    assert "the disk is full" in caplog.text
    assert sorted(path.name for path in (old_home / "postgres").glob("data*")) == ["data"]


def test_without_the_old_programs_it_says_what_to_do_and_touches_nothing(
    old_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = preferred_binaries()
    monkeypatch.setattr(binaries, "installed_binaries", lambda: iter([only]))
    with pytest.raises(Unavailable, match=r"written by PostgreSQL 16.*restore"):
        start(old_home)
    assert data_major(old_home / "postgres" / "data") == 16


def test_data_of_a_newer_version_is_refused(home: Path) -> None:
    (home / "postgres" / "data" / "PG_VERSION").write_text("99\n")
    with pytest.raises(Unavailable, match="newer"):
        start(home)


def test_a_missing_cluster_beside_a_kept_old_one_is_not_made_anew(home: Path) -> None:
    root = home / "postgres"
    shutil.move(root / "data", root / "data.16.old")
    with pytest.raises(Unavailable, match=r"rename it"):
        supervisor.start(home)
    assert not (root / "data").exists()


def ask(running: Running, query: str) -> str:
    async def fetch() -> str:
        connection = await asyncpg.connect(running.address.dsn())
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(fetch())
