"""Making a cluster and the settings it runs with. A cluster appears under its name complete, or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Generator, Mapping
from pathlib import Path

from devtime.store.embedded.binaries import Binaries
from devtime.store.embedded.folder import Folder
from devtime.store.embedded.osuser import OsUser, choose_user, doorway, give, initdb_user
from devtime.store.embedded.passwords import Passwords, sync_folder, write_passwords
from devtime.store.embedded.placing import place
from devtime.store.embedded.program import run_program

SUPERUSER = "postgres"

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "cluster_name": "devtime",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    # Parallel workers share memory through /dev/shm, which is 64 MB in a container.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
}
"""Given on the command line, so a start always runs with what this version wants, whatever the files say."""

_SINCE: Mapping[int, Mapping[str, str]] = {18: {"io_method": "sync"}}


def settings_for(binaries: Binaries, extra: Mapping[str, str]) -> dict[str, str]:
    """The settings for this major version, the caller's own last."""
    settings = dict(SETTINGS)
    for major, added in _SINCE.items():
        if binaries.major >= major:
            settings |= added
    return settings | dict(extra)


def as_options(settings: Mapping[str, str]) -> list[str]:
    """Settings as words of a command line."""
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def data_major(data: Path) -> int:
    """The major version that wrote the cluster."""
    return int((data / "PG_VERSION").read_text().strip())


def create_cluster(folder: Folder, binaries: Binaries) -> None:
    """Make a cluster with new passwords; what an earlier try left behind is thrown away."""
    remove_tree(folder.staging)
    passwords = Passwords()
    make_files(folder.staging, binaries, passwords.superuser)
    # Passwords first: a cluster nobody knows the passwords of is worth nothing, passwords without a cluster do no harm.
    write_passwords(folder.passwords, passwords)
    folder.staging.rename(folder.data)
    sync_folder(folder.root)


def make_files(
    data: Path, binaries: Binaries, password: str, user: OsUser | None = None, extra: tuple[str, ...] = ()
) -> None:
    """Run initdb into a new folder and hand the result to `user`, or else to a user nobody else uses."""
    maker = initdb_user()
    runnable = place(binaries, maker)
    data.mkdir(mode=0o700)
    give(data, maker)
    with doorway(data, maker) as way, _password_file(password, maker) as pipe:
        command = [runnable.program("initdb"), "-D", way.name, "-U", SUPERUSER, "--auth=scram-sha-256"]
        options = [f"--pwfile=/dev/fd/{pipe}", "--encoding=UTF8", *_locale(binaries), *extra]
        run_program([*command, *options], maker, [way], descriptors=[pipe])
    give(data, user or choose_user(data))


def reset_superuser_password(data: Path, binaries: Binaries, user: OsUser, password: str) -> None:
    """Give the superuser a new password without knowing the old one, in a server that talks to nobody else."""
    maker = initdb_user()
    program = place(binaries, maker).program("postgres")
    give(data, maker)
    try:
        with doorway(data, maker) as way:
            command = [program, "--single", "-D", way.name, "-c", "exit_on_error=on", "postgres"]
            run_program(command, maker, [way], stdin=f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n")
    finally:
        give(data, user)


def remove_tree(folder: Path) -> None:
    """Remove a folder if it is there."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _locale(binaries: Binaries) -> list[str]:
    # The built-in provider depends on no library of the host, so indexes stay valid when the data moves to another.
    if binaries.major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C"]


@contextlib.contextmanager
def _password_file(password: str, reader: OsUser) -> Generator[int]:
    """A descriptor that `reader` can open by name and read the password from; it never touches a disk."""
    descriptor, feeding = os.pipe()
    try:
        os.write(feeding, f"{password}\n".encode())
        os.close(feeding)
        if reader.uid is not None:
            os.fchown(descriptor, reader.uid, reader.uid)
        yield descriptor
    finally:
        os.close(descriptor)
