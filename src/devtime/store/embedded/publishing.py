"""How other processes find a running server: a small file that is there while it takes connections."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

import msgspec

from devtime.store.address import DEFAULT_PORT, Address
from devtime.store.embedded.cluster import SUPERUSER
from devtime.store.embedded.folder import Folder
from devtime.store.embedded.passwords import Passwords, write_privately
from devtime.store.roles import CORE_ROLE, DATABASE

_PATIENCE_S = 5.0


class Published(msgspec.Struct, frozen=True):
    """What the owner tells the others."""

    socket_folder: str
    server_pid: int
    owner_pid: int


def publish(folder: Folder, socket_folder: Path, server_pid: int) -> None:
    """Say that the server takes connections."""
    told = Published(str(socket_folder), server_pid, os.getpid())
    write_privately(folder.published, msgspec.json.encode(told))


def withdraw(folder: Folder) -> None:
    """Say that it no longer does."""
    folder.published.unlink(missing_ok=True)


def find_published(folder: Folder) -> Published | None:
    """What was published, if a server really answers there: a file left by a killed owner is not believed."""
    try:
        told = msgspec.json.decode(folder.published.read_bytes(), type=Published)
    except (OSError, msgspec.DecodeError):
        return None
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
        probe.settimeout(_PATIENCE_S)
        try:
            probe.connect(f"{told.socket_folder}/.s.PGSQL.{DEFAULT_PORT}")
        except OSError:
            return None
    return told


def superuser_address(socket_folder: Path | str, passwords: Passwords) -> Address:
    """The server as its superuser sees it."""
    return Address(str(socket_folder), DEFAULT_PORT, SUPERUSER, passwords.superuser, "postgres")


def core_address(socket_folder: Path | str, passwords: Passwords) -> Address:
    """The database as DevTime itself uses it."""
    return Address(str(socket_folder), DEFAULT_PORT, CORE_ROLE, passwords.core, DATABASE)
