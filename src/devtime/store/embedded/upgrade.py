"""Moving a cluster to a newer major version: by copy, so the old one is whole until the new one has served a start.

Every step can be cut short by a power failure. `data.upgraded` appears only when the upgrade is complete, and
`finish_upgrade` puts it in place however far an earlier try came.
"""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from pathlib import Path

from devtime.kernel.errors import Unavailable
from devtime.store.embedded.binaries import Binaries, binaries_of_major, preferred_binaries
from devtime.store.embedded.cluster import SUPERUSER, data_major, make_files, remove_tree
from devtime.store.embedded.folder import Folder
from devtime.store.embedded.osuser import OsUser, doorway, give, initdb_user
from devtime.store.embedded.passwords import Passwords, sync_folder
from devtime.store.embedded.placing import place
from devtime.store.embedded.program import run_program
from devtime.store.embedded.server import start_server

log = logging.getLogger(__name__)

_MATCHES_CHECKSUMS = 18
"""The major version whose initdb turns checksums on unasked and can be told not to."""


def binaries_after_upgrade(folder: Folder, user: OsUser, passwords: Passwords) -> Binaries:
    """The programs to run the cluster with, after upgrading it if it is older than they are and can be upgraded."""
    major = data_major(folder.data)
    preferred = preferred_binaries()
    if preferred.major == major:
        return preferred
    same = binaries_of_major(major)
    if same is None:
        raise Unavailable(_no_binaries(folder, major, preferred))
    if preferred.major < major:
        return same
    try:
        upgrade(folder, same, preferred, user, passwords)
    except (Unavailable, OSError):
        log.exception("the upgrade from PostgreSQL %s to %s failed; going on with %s", major, preferred.major, major)
        return same
    return preferred


def upgrade(folder: Folder, old: Binaries, new: Binaries, user: OsUser, passwords: Passwords) -> None:
    """Copy the cluster to the new major version; the old one is kept beside it."""
    log.warning("upgrading the database from PostgreSQL %s to %s; this can take minutes", old.major, new.major)
    maker = initdb_user()
    remove_tree(folder.staging)
    work = Path(tempfile.mkdtemp(prefix="upgrade-", dir=folder.root))
    try:
        give(work, user)
        _shut_down_cleanly(folder, work, old, user)
        checksums = _checksum_option(folder.data, old, new, user)
        make_files(folder.staging, new, passwords.superuser, maker, checksums)
        for place_of_files in (folder.data, work):
            give(place_of_files, maker)
        _run_pg_upgrade(folder, work, old, new, maker, passwords)
        give(folder.staging, user)
        folder.staging.rename(folder.upgraded)
        sync_folder(folder.root)
    except BaseException:
        remove_tree(folder.staging)
        raise
    finally:
        give(folder.data, user)
        shutil.rmtree(work, ignore_errors=True)
    finish_upgrade(folder)


def finish_upgrade(folder: Folder) -> None:
    """Put an upgraded cluster in the place of the old one, wherever an earlier try was cut short."""
    if not folder.upgraded.exists():
        return
    if folder.data.exists():
        previous = folder.previous(data_major(folder.data))
        remove_tree(previous)
        folder.data.rename(previous)
    folder.upgraded.rename(folder.data)
    sync_folder(folder.root)


def drop_previous(folder: Folder) -> None:
    """Remove what upgrades kept; call when a start has shown that the new cluster works."""
    for previous in folder.all_previous():
        log.info("removing %s, kept since the last upgrade", previous)
        shutil.rmtree(previous, ignore_errors=True)


def _shut_down_cleanly(folder: Folder, work: Path, old: Binaries, user: OsUser) -> None:
    """A cluster that was killed must replay its log with its own version first."""
    server = start_server(folder.data, work, folder.log, old, user, {})
    try:
        server.wait_until_ready()
    finally:
        server.stop()


def _checksum_option(data: Path, old: Binaries, new: Binaries, user: OsUser) -> tuple[str, ...]:
    with doorway(data, user) as way:
        facts = run_program([place(old, user).program("pg_controldata"), "-D", way.name], user, [way])
    match = re.search(r"checksum version:\s*(\d+)", facts)
    if match and match.group(1) != "0":
        return ("--data-checksums",)
    return ("--no-data-checksums",) if new.major >= _MATCHES_CHECKSUMS else ()


def _run_pg_upgrade(
    folder: Folder, work: Path, old: Binaries, new: Binaries, user: OsUser, passwords: Passwords
) -> None:
    old_bin, new_bin = place(old, user).bin, place(new, user).bin
    with doorway(folder.data, user) as source, doorway(folder.staging, user) as target, doorway(work, user) as here:
        command = [new_bin / "pg_upgrade", "--copy", "--username", SUPERUSER, "--socketdir", here.name]
        folders = ["-b", old_bin, "-B", new_bin, "-d", source.name, "-D", target.name]
        run_program(
            [*command, *folders],
            user,
            [source, target, here],
            cwd=work,
            environment={"PGPASSWORD": passwords.superuser},
        )


def _no_binaries(folder: Folder, major: int, preferred: Binaries) -> str:
    if preferred.major < major:
        return (
            f"{folder.data} was written by PostgreSQL {major}, which is newer than the {preferred.version} found. "
            f"Install PostgreSQL {major}, or point DEVTIME_PG_BIN to it."
        )
    return (
        f"{folder.data} was written by PostgreSQL {major}, and no PostgreSQL {major} is there to upgrade it with. "
        f"Install it or point DEVTIME_PG_BIN to it once; or move that folder away, start DevTime, and restore a backup "
        "with `devtime admin restore FILE`."
    )
