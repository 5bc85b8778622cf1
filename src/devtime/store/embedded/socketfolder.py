"""The folder of the server's Unix socket: mode 0700, and short enough a name for a socket address."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from devtime.store.embedded.folder import Folder
from devtime.store.embedded.osuser import UNUSED_UIDS, OsUser, give
from devtime.store.embedded.passwords import write_privately

LONGEST_NAME = 88
"""A socket address holds 103 bytes on macOS (107 on Linux), and `/.s.PGSQL.5432` comes on top of the folder's name."""


def prepare_socket_folder(folder: Folder, user: OsUser) -> Path:
    """The socket's folder, empty, ours or `user`'s alone."""
    place = _choose(folder)
    with contextlib.suppress(FileExistsError):
        place.mkdir(mode=0o700)
    empty_socket_folder(place)
    place.chmod(0o700)
    give(place, user)
    return place


def empty_socket_folder(place: Path) -> None:
    """Remove the socket of a server that was killed."""
    for leftover in place.iterdir():
        leftover.unlink()


def remove_socket_folder(folder: Folder, place: Path) -> None:
    """Remove a stopped server's socket folder if it lies outside the home."""
    if place != folder.run:
        with contextlib.suppress(OSError):
            empty_socket_folder(place)
            place.rmdir()
            folder.socket_pointer.unlink()


def _choose(folder: Folder) -> Path:
    if _is_suitable(folder.run):
        return folder.run
    with contextlib.suppress(OSError):
        recorded = Path(folder.socket_pointer.read_text().strip())
        if _is_private(recorded):
            return recorded
    place = _in_runtime_folder(folder) or Path(tempfile.mkdtemp(prefix="devtime-", dir=_short_temporary_folder()))
    write_privately(folder.socket_pointer, os.fsencode(place))
    return place


def _in_runtime_folder(folder: Folder) -> Path | None:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if not runtime:
        return None
    digest = hashlib.blake2b(bytes(folder.root), digest_size=6).hexdigest()
    place = Path(runtime, f"devtime-{digest}")
    if not _is_suitable(place):
        return None
    try:
        place.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return place if _is_private(place) else None


def _short_temporary_folder() -> str:
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) <= LONGEST_NAME - 20 else "/tmp"  # noqa: S108 - mkdtemp makes it private


def _is_suitable(place: Path) -> bool:
    # A comma parts one host from the next wherever an address is written.
    return len(os.fsencode(place)) <= LONGEST_NAME and "," not in str(place)


def _is_private(place: Path) -> bool:
    """Whether it is a real folder nobody else can have put there or can enter."""
    try:
        status = place.lstat()
    except OSError:
        return False
    is_ours = status.st_uid == os.geteuid() or (os.geteuid() == 0 and status.st_uid in UNUSED_UIDS)
    return stat.S_ISDIR(status.st_mode) and is_ours and not status.st_mode & 0o077
