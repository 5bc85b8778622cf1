"""The passwords of the embedded server's roles: random, made once, kept in a file only we can read."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from devtime.kernel.errors import Unavailable
from devtime.kernel.ids import new_secret


class Passwords(msgspec.Struct, frozen=True):
    """One password a role."""

    superuser: str = msgspec.field(default_factory=new_secret)
    core: str = msgspec.field(default_factory=new_secret)
    plugin: str = msgspec.field(default_factory=new_secret)

    def __repr__(self) -> str:
        return "Passwords(…)"


def read_passwords(file: Path) -> Passwords | None:
    """The passwords kept in `file`, or None if there is no such file."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Passwords)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise Unavailable(
            f"cannot read {file}: {error}. Remove it and start DevTime again to get new passwords."
        ) from error


def write_passwords(file: Path, passwords: Passwords) -> None:
    """Keep the passwords, durably and mode 0600."""
    write_privately(file, msgspec.json.encode(passwords))


def write_privately(file: Path, content: bytes) -> None:
    """Write a file of mode 0600 that appears complete or not at all, also after a power cut."""
    partial = file.with_name(file.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
    partial.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
