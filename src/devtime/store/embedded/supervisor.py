"""Starting, sharing and stopping the embedded server of one `$DEVTIME_HOME`. One process owns it, others attach."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devtime.home.lock import Lock, lock_holder, take_lock
from devtime.kernel.errors import Unavailable
from devtime.store.address import Address
from devtime.store.embedded.binaries import Binaries, binaries_of_major, preferred_binaries
from devtime.store.embedded.cluster import create_cluster, data_major, reset_superuser_password
from devtime.store.embedded.folder import Folder
from devtime.store.embedded.leftovers import clear_leftovers
from devtime.store.embedded.osuser import OsUser, give, owner_of
from devtime.store.embedded.passwords import Passwords, read_passwords, write_passwords
from devtime.store.embedded.publishing import find_published, publish, withdraw
from devtime.store.embedded.running import Owned, Running, launch
from devtime.store.embedded.socketfolder import prepare_socket_folder, remove_socket_folder
from devtime.store.embedded.upgrade import binaries_after_upgrade, drop_previous, finish_upgrade
from devtime.store.roles import ensure_roles, has_current_roles

_POLL_S = 0.02
_OWNER_PATIENCE_S = 600.0


def start(home: Path, settings: Mapping[str, str] | None = None) -> Running:
    """Start the server of `home`, or attach to it if a live process owns it. Blocks until it takes connections.

    Call it on the main thread: the server is told to stop when the thread that started it ends.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("start the embedded PostgreSQL on the main thread: it stops when its starter's thread ends")
    folder = Folder(home.absolute() / "postgres")
    folder.prepare()
    deadline = time.monotonic() + _OWNER_PATIENCE_S
    while True:
        lock = take_lock(folder.lock)
        if lock is not None:
            return _own(folder, lock, settings or {})
        running = find(home)
        if running is not None:
            return running
        if time.monotonic() > deadline:
            raise Unavailable(
                f"another DevTime (pid {lock_holder(folder.lock)}) holds {folder.lock} but its PostgreSQL takes no "
                "connections. Stop that process and try again."
            )
        time.sleep(_POLL_S)


def find(home: Path) -> Running | None:
    """The server of `home` if one takes connections, attached to; starts nothing."""
    folder = Folder(home.absolute() / "postgres")
    told = find_published(folder)
    passwords = read_passwords(folder.passwords) if told else None
    if told is None or passwords is None:
        return None
    return Running(folder, Path(told.socket_folder), passwords, told.server_pid, None)


def attach(home: Path) -> Address | None:
    """Where the running server of `home` is, or None; starts nothing."""
    running = find(home)
    return running.address if running else None


def _own(folder: Folder, lock: Lock, settings: Mapping[str, str]) -> Running:
    try:
        withdraw(folder)
        kept = folder.all_previous()
        binaries, passwords, user = _prepare_cluster(folder)
        owned = Owned(lock, binaries, user, prepare_socket_folder(folder, user), settings)
        running = _open(folder, owned, passwords)
        if kept == folder.all_previous():
            drop_previous(folder)
        return running
    except BaseException:
        lock.release()
        raise


def _open(folder: Folder, owned: Owned, passwords: Passwords) -> Running:
    try:
        owned.server = launch(folder, owned)
        try:
            running = Running(folder, owned.socket_folder, passwords, owned.server.pid, owned)
            _run(_prepare_roles(running, passwords))
            publish(folder, owned.socket_folder, owned.server.pid)
        except BaseException:
            owned.server.stop()
            raise
        return running
    except BaseException:
        remove_socket_folder(folder, owned.socket_folder)
        raise


def _prepare_cluster(folder: Folder) -> tuple[Binaries, Passwords, OsUser]:
    finish_upgrade(folder)
    if not folder.data.exists():
        _refuse_to_replace(folder)
        create_cluster(folder, preferred_binaries())
    clear_leftovers(folder.data)
    user = owner_of(folder.data)
    if user.is_other and folder.data.stat().st_uid != user.uid:
        give(folder.data, user)
    passwords = read_passwords(folder.passwords) or _replace_passwords(folder, user)
    return binaries_after_upgrade(folder, user, passwords), passwords, user


def _refuse_to_replace(folder: Folder) -> None:
    for previous in folder.all_previous():
        raise Unavailable(f"{folder.data} is missing, but {previous} is there: rename it to get that database back")


def _replace_passwords(folder: Folder, user: OsUser) -> Passwords:
    binaries = binaries_of_major(data_major(folder.data))
    if binaries is None:
        raise Unavailable(f"{folder.passwords} is missing, and so is the PostgreSQL that could set new ones")
    passwords = Passwords()
    reset_superuser_password(folder.data, binaries, user, passwords.superuser)
    write_passwords(folder.passwords, passwords)
    return passwords


async def _prepare_roles(running: Running, passwords: Passwords) -> None:
    if not await has_current_roles(running.address):
        await ensure_roles(running.superuser, passwords.core, passwords.plugin)


def _run(work: Coroutine[None, None, None]) -> None:
    # In a thread of its own, for the caller's may be inside an event loop already.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, work).result()
