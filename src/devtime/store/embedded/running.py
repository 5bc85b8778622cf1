"""A server that takes connections, as the process that owns it and those that attached to it see it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from devtime.home.lock import Lock
from devtime.store.address import Address
from devtime.store.embedded.binaries import Binaries
from devtime.store.embedded.folder import Folder
from devtime.store.embedded.leftovers import clear_leftovers
from devtime.store.embedded.osuser import OsUser
from devtime.store.embedded.passwords import Passwords
from devtime.store.embedded.publishing import core_address, find_published, publish, superuser_address, withdraw
from devtime.store.embedded.server import Server, start_server
from devtime.store.embedded.socketfolder import empty_socket_folder, remove_socket_folder

log = logging.getLogger(__name__)


class Running:
    """A server that takes connections: ours to stop (`is_owner`), or another process's that we attached to."""

    def __init__(
        self, folder: Folder, socket_folder: Path, passwords: Passwords, pid: int, owned: Owned | None
    ) -> None:
        self._folder = folder
        self._owned = owned
        self._attached_pid = pid
        self.address: Address = core_address(socket_folder, passwords)
        self.superuser: Address = superuser_address(socket_folder, passwords)
        self.plugin_password: str = passwords.plugin

    @property
    def is_owner(self) -> bool:
        """Whether the server dies with this process."""
        return self._owned is not None

    @property
    def pid(self) -> int:
        """The process id of `postgres`."""
        return self._owned.server.pid if self._owned else self._attached_pid

    def is_alive(self) -> bool:
        """Whether the server is still there."""
        if self._owned is not None:
            return self._owned.server.is_running()
        return find_published(self._folder) is not None

    def revive(self) -> bool:
        """Start the server again if it died under its owner (addresses stay the same); answers whether it had to."""
        if self._owned is None or self._owned.server.is_running():
            return False
        log.warning("PostgreSQL died; starting it again")
        withdraw(self._folder)
        self._owned.server = launch(self._folder, self._owned)
        publish(self._folder, Path(self.address.host), self._owned.server.pid)
        return True

    def stop(self) -> None:
        """Stop the server if it is ours and let another process own the cluster; harmless when done twice."""
        if self._owned is None:
            return
        owned, self._owned = self._owned, None
        self._attached_pid = owned.server.pid
        withdraw(self._folder)
        try:
            owned.server.stop()
            remove_socket_folder(self._folder, owned.socket_folder)
        finally:
            owned.lock.release()

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Owned:
    """What only the owner has."""

    def __init__(
        self, lock: Lock, binaries: Binaries, user: OsUser, socket_folder: Path, settings: Mapping[str, str]
    ) -> None:
        self.lock = lock
        self.binaries = binaries
        self.user = user
        self.socket_folder = socket_folder
        self.settings = settings
        self.server: Server


def launch(folder: Folder, owned: Owned) -> Server:
    """Start the owned cluster's server, whatever the last one left behind, and wait until it takes connections."""
    clear_leftovers(folder.data)
    empty_socket_folder(owned.socket_folder)
    server = start_server(folder.data, owned.socket_folder, folder.log, owned.binaries, owned.user, owned.settings)
    try:
        server.wait_until_ready()
    except BaseException:
        server.stop()
        raise
    return server
