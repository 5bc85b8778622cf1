"""Backups of a whole database: written by pg_dump, put back in one transaction. When to make one is not said here."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from devtime.kernel.clock import Clock, now_ms, to_datetime
from devtime.kernel.errors import Invalid, Unavailable
from devtime.store.address import Address
from devtime.store.embedded.binaries import preferred_binaries
from devtime.store.embedded.passwords import sync_folder
from devtime.store.embedded.program import clean_environment
from devtime.store.roles import PLUGIN_ROLE

SUFFIX = ".devtime-backup"
"""Ends the name of every backup that `rotate_backups` may remove."""

_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z" + re.escape(SUFFIX))
_MAGIC = b"PGDMP"
_HEAD_BYTES = 4096

# What is restored belongs to the database's owner, whoever restores. And what the backup does not hold must not survive
# beside what it does: tables of newer migrations, say.
_EMPTY_THE_DATABASE = r"""
SELECT format('SET ROLE %I', pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database() \gexec
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT nspname FROM pg_namespace
             WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
               AND pg_has_role(nspowner, 'USAGE')
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', one.nspname); END LOOP;
END $$;
"""


def backup(address: Address, target: Path) -> int:
    """Write the database to `target`, complete or not at all, mode 0600; answers the size in bytes.

    The address's role must own every table. Others may read and write meanwhile; the backup is of one instant.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _run("pg_dump", ["--format=custom"], address, stdout=file)
            os.fsync(file.fileno())
        partial.replace(target)
        sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def restore(address: Address, source: Path) -> None:
    """Replace everything in the database by the backup, in one transaction: on any error nothing has changed.

    Connections that hold locks on the tables are waited for. Invalid if `source` is no backup. The unpacked script
    needs room beside `source`, about the size of the database.
    """
    with source.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise Invalid("source", f"{source} is not a backup that DevTime or pg_dump --format=custom wrote")
    room = source.parent if os.access(source.parent, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=room) as folder:
        script = Path(folder, "script.sql")
        grants = [] if _has_plugin_role(address) else ["--no-acl"]
        _run("pg_restore", ["--no-owner", *grants, f"--file={script}", str(source)], None)
        _drop_new_setting(script)
        begin = Path(folder, "begin.sql")
        begin.write_text(_EMPTY_THE_DATABASE)
        files = [f"--file={begin}", f"--file={script}"]
        _run("psql", ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *files], address)


def backup_name(clock: Clock = now_ms) -> str:
    """The name of a backup made now: names sort by age."""
    return f"{to_datetime(clock()):%Y-%m-%dT%H%M%SZ}{SUFFIX}"


def rotate_backups(folder: Path, keep: int = 7) -> list[Path]:
    """Remove and answer all but the `keep` newest backups of a folder; files with other names are left alone."""
    if keep < 1:
        raise Invalid("keep", "at least one backup must be kept")
    dated = sorted((file for file in folder.iterdir() if _NAME.fullmatch(file.name)), reverse=True)
    for file in dated[keep:]:
        file.unlink(missing_ok=True)
    return dated[keep:]


def _drop_new_setting(script: Path) -> None:
    """Servers before 17 do not know this setting, which newer programs write at the top of every script."""
    with script.open("r+b") as file:
        found = re.search(rb"^SET transaction_timeout", file.read(_HEAD_BYTES), re.MULTILINE)
        if found:
            file.seek(found.start())
            file.write(b"-- ")


def _has_plugin_role(address: Address) -> bool:
    query = f"SELECT count(*) FROM pg_roles WHERE rolname = '{PLUGIN_ROLE}'"  # noqa: S608 - a constant of ours
    words = ["--no-psqlrc", "--tuples-only", "--no-align", f"--command={query}"]
    return _run("psql", words, address).strip() == b"1"


def _run(name: str, words: Sequence[str], address: Address | None, stdout: IO[bytes] | None = None) -> bytes:
    """Run a program of PostgreSQL; answers its output if it was not sent elsewhere. Unavailable if it failed."""
    result = subprocess.run(
        [preferred_binaries().program(name), *words, *(["--no-password"] if address else [])],
        stdin=subprocess.DEVNULL,
        stdout=stdout or subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment() | (address.libpq() if address else {}),
        check=False,
    )
    if result.returncode != 0:
        raise Unavailable(f"{name} failed: {result.stderr.decode(errors='replace').strip()}")
    return result.stdout or b""
