"""Backup and restore of a real database, and which backups are kept."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from devtime.kernel.errors import Invalid, Unavailable
from devtime.store.address import Address
from devtime.store.backup import SUFFIX, backup, backup_name, restore, rotate_backups
from devtime.store.roles import connected


async def test_a_restored_database_holds_exactly_what_was_backed_up(database_address: Address, tmp_path: Path) -> None:
    file = tmp_path / backup_name()
    await _execute(database_address, "CREATE TABLE kept (n integer PRIMARY KEY, t text)")
    await _execute(database_address, "INSERT INTO kept SELECT g, 'tab\there ' || g FROM generate_series(1, 5000) g")
    before = await _digest(database_address)

    size = backup(database_address, file)
    await _execute(database_address, "UPDATE kept SET t = 'changed' WHERE n % 2 = 0")
    await _execute(database_address, "CREATE TABLE made_since (n integer)")
    restore(database_address, file)

    assert await _digest(database_address) == before
    assert not await _fetchval(database_address, "SELECT to_regclass('devtime.made_since') IS NOT NULL")
    assert size == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    assert _contents(tmp_path).keys() == {file.name}


async def test_a_backup_restores_into_an_empty_database(
    database_address: Address, empty_database_address: Address, tmp_path: Path
) -> None:
    backup(database_address, tmp_path / "b")
    restore(empty_database_address, tmp_path / "b")
    tables = "SELECT array_agg(tablename ORDER BY tablename) FROM pg_tables WHERE schemaname = 'devtime'"
    assert await _fetchval(empty_database_address, tables) == await _fetchval(database_address, tables)


async def test_what_a_superuser_restores_belongs_to_the_owner_of_the_database(
    database_address: Address, test_server, tmp_path: Path
) -> None:
    superuser = test_server.superuser.with_database(database_address.database)
    backup(superuser, tmp_path / "b")
    restore(superuser, tmp_path / "b")
    owners = "SELECT array_agg(DISTINCT tableowner::text) FROM pg_tables WHERE schemaname = 'devtime'"
    assert await _fetchval(database_address, owners) == [database_address.user]


async def test_a_damaged_backup_changes_nothing(database_address: Address, tmp_path: Path) -> None:
    file = tmp_path / "b"
    await _execute(
        database_address, "CREATE TABLE kept AS SELECT g AS n, md5(g::text) AS t FROM generate_series(1, 20000) g"
    )
    backup(database_address, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 3 // 4])
    await _execute(database_address, "INSERT INTO kept VALUES (-1, 'later')")
    before = await _digest(database_address)

    with pytest.raises(Unavailable):
        restore(database_address, file)

    assert await _digest(database_address) == before


async def test_a_restore_that_fails_half_way_changes_nothing(
    database_address: Address, test_server, tmp_path: Path
) -> None:
    if test_server.superuser.user == database_address.user:
        pytest.skip("needs a role that does not own everything")
    await _execute(database_address, "CREATE TABLE kept AS SELECT 1 AS n, 'a'::text AS t")
    # A schema of another's that the backup also holds: creating it fails after all of ours was dropped.
    superuser = test_server.superuser.with_database(database_address.database)
    await _execute(superuser, "CREATE SCHEMA foreign_one")
    await _execute(superuser, "CREATE TABLE foreign_one.taken (n integer)")
    backup(superuser, tmp_path / "b")
    await _execute(database_address, "INSERT INTO kept VALUES (2, 'b')")
    before = await _digest(database_address)

    with pytest.raises(Unavailable, match="foreign_one"):
        restore(database_address, tmp_path / "b")

    assert await _digest(database_address) == before


async def test_a_file_that_is_no_backup_is_refused(database_address: Address, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("SELECT 1;")
    with pytest.raises(Invalid, match="not a backup"):
        restore(database_address, tmp_path / "notes.txt")


async def test_a_failed_backup_leaves_no_file_and_keeps_the_old_one(database_address: Address, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("yesterday's")
    with pytest.raises(Unavailable, match="pg_dump failed"):
        backup(database_address.with_database("there_is_none"), tmp_path / "b")
    assert _contents(tmp_path) == {"b": b"yesterday's"}


def test_rotation_keeps_the_newest_and_every_foreign_file(tmp_path: Path) -> None:
    day_ms = 86_400_000
    names = [backup_name(lambda day=day: day * day_ms) for day in range(10)]
    for name in [*names, f"before-the-move{SUFFIX}", "notes.txt"]:
        (tmp_path / name).touch()

    removed = rotate_backups(tmp_path, keep=7)

    assert sorted(file.name for file in removed) == names[:3]
    left = sorted(file.name for file in tmp_path.iterdir())
    assert left == sorted([*names[3:], f"before-the-move{SUFFIX}", "notes.txt"])


def test_rotation_refuses_to_keep_nothing(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        rotate_backups(tmp_path, keep=0)


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def _execute(address: Address, statement: str) -> None:
    async with connected(address) as connection:
        await connection.execute(statement)


async def _fetchval(address: Address, query: str) -> object:
    connection = await asyncpg.connect(address.dsn())
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def _digest(address: Address) -> object:
    return await _fetchval(address, "SELECT md5(string_agg(n || t, ',' ORDER BY n)) FROM kept")
